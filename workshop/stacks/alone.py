"""One command of this folder at a time works on the stacks of a target.

Of another folder, or another machine, the stacks themselves tell: they are in progress, and
`recovery` waits for that.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from workshop.stacks import ownership
from workshop.stacks.children import so_far
from workshop.target import locks
from workshop.target.session import Session
from workshop.target.telling import SIGN_OF_LIFE_S

# Longer than all stacks take, one after the other, on a slow day.
_LONGEST_S = 3600.0
_WAITING = "waiting for its end"


@contextmanager
def alone(
    session: Session,
    say: Callable[[str], None],
    on_turn: Callable[[], None] = lambda: None,
    silent_s: float = SIGN_OF_LIFE_S,
) -> Iterator[None]:
    """Wait until no other command deploys or destroys these stacks, then keep others waiting.

    Args:
        session: the target.
        say: is told that somebody has to be waited for, and now and then for how long so far.
        on_turn: is called when nobody has to be waited for any more.
        silent_s: how often.

    Raises:
        WorkshopError: the other one was not done in an hour.
    """
    lock = ownership.lock_file(session)
    held = locks.try_acquire(lock)
    if held is None:
        say(f"another deploy or destroy in this folder works on these stacks: {_WAITING}")
        held = locks.acquire(lock, _LONGEST_S, lambda s: say(so_far(_WAITING, s)), silent_s)
    with held:
        on_turn()
        yield
