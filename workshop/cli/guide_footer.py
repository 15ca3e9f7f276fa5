"""What stands below each page: with what it was made, and where its cells ran.

No day where the embedded AWS is the target: the same notebooks make the same pages tomorrow.
"""

import tomllib
from datetime import UTC, datetime

from workshop.cli.guide_kernels import START_S
from workshop.target.target import PROJECT, Target


def footer(target: Target, *, is_own: bool = False) -> str:
    """One or two sentences.

    Args:
        target: where the cells ran.
        is_own: somebody ran them, and it is not known where or when.
    """
    made = f"Made by the workshop{_version()}"
    if is_own:
        return f"{made}, from a notebook as somebody ran it."
    if target.is_embedded:
        start = datetime.fromtimestamp(START_S, UTC)
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
