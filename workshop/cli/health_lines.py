"""Lines about the embedded AWS while a command that holds it runs: stopped, going on, ended."""

from collections.abc import Callable

from workshop.errors import EndpointError
from workshop.target.health import ENDED, Health
from workshop.target.target import Target


def telling(target: Target, tell: Callable[[str], None], at_its_end: str) -> Callable[[], None]:
    """To be called now and then: tells what has happened to a target's embedded AWS since.

    Args:
        target: an account has nothing to tell.
        tell: is given a line.
        at_its_end: what to do when it has ended, which is told once.
    """
    if not target.is_embedded:
        return lambda: None
    health, ended = Health(), [False]

    def look() -> None:
        if ended[0]:
            return
        if health.has_ended():
            ended[0] = True
            tell(f"{ENDED} {at_its_end}")
            return
        for told in health.news():
            tell(told)

    return look


def needing(target: Target, tell: Callable[[str], None], at_its_end: str) -> Callable[[], None]:
    """The same for what cannot go on without it: that it has ended is an EndpointError.

    Args:
        target: an account has nothing to tell.
        tell: is given a line.
        at_its_end: what to do when it has ended.
    """
    if not target.is_embedded or (health := Health()).has_ended():
        return lambda: None

    def look() -> None:
        if health.has_ended():
            raise EndpointError(ENDED, at_its_end)
        for told in health.news():
            tell(told)

    return look
