"""Runtime versions: what a configuration names, and the log when an environment starts."""

import hashlib


def runtime_version(runtime: str, region: str) -> tuple[str, str]:
    """Name and ARN of a runtime's version; the digest is made up, but always the same."""
    name = f"{runtime.replace('python', 'python:')}.v64"
    digest = hashlib.sha256(name.encode()).hexdigest()
    return name, f"arn:aws:lambda:{region}::runtime:{digest}"
