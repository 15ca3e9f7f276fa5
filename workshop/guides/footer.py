"""What stands below each page: with what it was made, and where its cells ran.

No day where the embedded AWS is the target: the same notebooks make the same pages tomorrow.
"""

import tomllib
from datetime import UTC, datetime

from workshop.target.target import PROJECT, Target


def footer(target: Target, start_s: float | None = None) -> str:
    """One or two sentences.

    Args:
        target: where the cells ran.
        start_s: when the embedded AWS's clock began; None of a notebook that somebody ran, where
            and when is not known.
    """
    made = f"Made by the workshop{_version()}"
    if start_s is None:
        return f"{made}, from a notebook as somebody ran it."
    if target.is_embedded:
        start = datetime.fromtimestamp(start_s, UTC)
        return (
            f"{made}, on the embedded AWS, whose clock began at {start:%Y-%m-%d %H:%M} UTC. "
            "No account was used."
        )
    today = datetime.now(UTC)
    where = f"an account of AWS in {target.region}"
    if not target.is_aws:
        where = "an endpoint that was used as an account, and is not AWS itself"
    return (
        f"{made}, on {today:%Y-%m-%d}, on {where}. Names that would tell whose it is are replaced, "
        "the same by the same."
    )


def _version() -> str:
    try:
        project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
        return f" {project['project']['version']}"
    except (OSError, KeyError):  # a copy without it
        return ""
