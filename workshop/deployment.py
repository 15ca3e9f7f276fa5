"""Deploy and destroy the patterns' stacks on either target.

Embedded: the templates that `cdk synth` made are sent with boto3 (assets to S3, stacks to
CloudFormation), only what is missing or changed. AWS: the real `cdk deploy` with the target's
profile, after the account check.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from workshop.session import Session
from workshop.target import PATTERNS, PROJECT


def deploy(
    session: Session,
    patterns: Sequence[str] = PATTERNS,
    *,
    on_progress: Callable[[str], None] = print,
    project: Path = PROJECT,
) -> list[str]:
    """Create or update the stacks of these patterns.

    Args:
        session: the target (`lab.session`).
        patterns: which ones; default all three.
        on_progress: is given one short sentence per step.
        project: the project folder.

    Returns:
        The names of the stacks that were created or changed; [] when all were up to date.

    Raises:
        DeploymentError: a stack failed; the message holds CloudFormation's reason.
    """
    raise NotImplementedError


def destroy(
    session: Session,
    patterns: Sequence[str] = PATTERNS,
    *,
    on_progress: Callable[[str], None] = print,
    project: Path = PROJECT,
) -> list[str]:
    """Delete the stacks of these patterns; returns the names of those that existed."""
    raise NotImplementedError
