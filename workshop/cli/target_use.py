"""Hold a target ready for the length of a command."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from workshop import connection
from workshop.cli.lateness import expect_embedded, expect_lateness
from workshop.cli.progress import Progress
from workshop.lab import Lab
from workshop.stacks import deployment
from workshop.target import embedded
from workshop.target.target import PATTERNS, Target


@contextmanager
def ready(
    target: Target,
    progress: Progress,
    lateness: int | None = None,
    start_s: float | None = None,
) -> Iterator[Lab]:
    """Connect as `connected` does; on the embedded AWS also deploy what is missing.

    A real account is only connected to: its stacks are made by `start.py deploy`, on request.
    """
    with connected(target, progress, lateness, start_s) as lab:
        if start_s is None:
            deploy_missing(lab, progress.note)
        else:
            # Side by side, stacks get their ids in an order that differs from run to run.
            for pattern in PATTERNS:
                deploy_missing(lab, progress.detail, (pattern,))
        yield lab


@contextmanager
def connected(
    target: Target,
    progress: Progress,
    lateness: int | None = None,
    start_s: float | None = None,
) -> Iterator[Lab]:
    """Connect; an embedded AWS is started before, and stopped afterwards.

    Args:
        target: which.
        progress: is told what is being done, and that an earlier embedded AWS is gone.
        lateness: the seed with which the embedded AWS is late; default: it is not.
        start_s: virtual time at the beginning of an embedded AWS that is the same in each run.

    Raises:
        TargetValueError: a real account is to be late.
        EndpointError: an embedded AWS runs here already that is late in another way, or punctual.
    """
    expect_embedded(target, lateness)
    if not target.is_embedded:
        yield connection.open_lab(target)
        return
    progress.note("starting the embedded AWS")
    with embedded.own(lateness=lateness, start_s=start_s, tell=progress.tell) as info:
        expect_lateness(info, lateness)
        yield connection.open_lab(target)


def deploy_missing(
    lab: Lab, say: Callable[[str], None], patterns: Sequence[str] = PATTERNS
) -> None:
    """Make what of these patterns' stacks is missing on the embedded AWS."""
    if lab.session.target.is_embedded:
        deployment.deploy(lab.session, patterns, on_progress=say)
