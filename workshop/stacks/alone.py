"""One command of this folder at a time works on the stacks of a target.

Of another folder, or another machine, the stacks themselves tell: they are in progress, and
`recovery` waits for that.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from workshop.stacks import ownership
from workshop.target import locks
from workshop.target.session import Session

# Longer than all stacks take, one after the other, on a slow day.
_LONGEST_S = 3600.0


@contextmanager
def alone(session: Session, say: Callable[[str], None]) -> Iterator[None]:
    """Wait until no other command deploys or destroys these stacks, then keep others waiting.

    Args:
        session: the target.
        say: is told, once, when somebody has to be waited for.

    Raises:
        WorkshopError: the other one was not done in an hour.
    """
    lock = ownership.lock_file(session)
    held = locks.try_acquire(lock)
    if held is None:
        say("another deploy or destroy in this folder works on these stacks: waiting for its end")
        held = locks.acquire(lock, _LONGEST_S)
    with held:
        yield
