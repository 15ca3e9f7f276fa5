"""Connect to a target. Only this file (with `embedded`) knows how each of the two is reached."""

from workshop.lab import Lab
from workshop.target import Target

__all__ = ["Target", "connect"]


def connect(target: Target | None = None, *, deploy: bool | None = None) -> Lab:
    """Connect to the embedded AWS, or to the account that a target names.

    Safe to run again, after a kernel restart, and from two notebooks at once. The embedded AWS is
    found when one runs for this project, otherwise started. On a real account the caller's
    account is compared with the expected one before anything else.

    Args:
        target: default the project's target file, else the embedded AWS.
        deploy: create or update the patterns' stacks when they are missing or changed; default
            True on the embedded AWS, False on a real account (`start.py deploy` does it there).

    Raises:
        TargetError: the target is incomplete or is another account.
        EndpointError: the embedded AWS did not start.
    """
    raise NotImplementedError
