"""Puts settings back as the stacks say."""

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from botocore.exceptions import BotoCoreError, ClientError

from workshop import html
from workshop.drift.comparison import Difference, look
from workshop.drift.notice import mended, told
from workshop.errors import WaitTimeoutError, WorkshopError
from workshop.target.commands import remaking
from workshop.target.session import Session
from workshop.target.target import PATTERNS
from workshop.target.waiting import wait_briefly

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
_LATER = (
    "SQS goes by a queue's new attributes up to a minute later, by its retention period up to 15 "
    "minutes later; until then by what it had."
)
# The services' words for one thing: the caller may not.
_REFUSED = re.compile("AccessDenied|AuthorizationError|NotAuthorized|UnauthorizedOperation")
_WHO_MAY = (
    "Who deploys may: lab.put_back() with the rights of docs/policies/instructor.json sets it."
)


@dataclass(frozen=True)
class PutBack:
    """What was put back.

    Attributes:
        restored: in words, what is again as its stack says.
        failed: in words, what is not, with the reason.
        later: from when on it is in effect, where that is later than it is shown.
    """

    restored: tuple[str, ...]
    failed: tuple[str, ...] = ()
    later: str = ""

    def __repr__(self) -> str:
        if not self.restored and not self.failed:
            return "Everything is as the stacks say: there was nothing to put back."
        lines = [f"Put back: {len(self.restored)}", *(f"  {one}" for one in self.restored)]
        if self.failed:
            lines += [f"Not put back: {len(self.failed)}", *(f"  {one}" for one in self.failed)]
        lines += [self.later] if self.later else []
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        if not self.failed:
            title = f"Put back: {len(self.restored)}" if self.restored else repr(self)
            return html.note(html.GOOD, title, html.items(self.restored), *self._later())
        parts = [f"Put back: {len(self.restored)}", html.items(self.restored), *self._later()]
        return html.note(
            html.BAD, f"Not put back: {len(self.failed)}", html.items(self.failed), *parts
        )

    def _later(self) -> list[html.Markup]:
        return [html.paragraph(self.later)] if self.later else []


def put_back(session: Session, patterns: Sequence[str] = PATTERNS) -> PutBack:
    """Set whatever differs from the stacks of these patterns as the stacks say; again is harmless.

    Returns when AWS shows the settings. What cannot be set is told, and the rest is set all the
    same.
    """
    found = look(session, patterns)
    failed = [f"{one}: could not be read" for one in found.unreadable]
    tried: list[Difference] = []
    for differences in _together(found.differences):
        try:
            _restore(session, differences)
            tried += differences
        except ClientError as error:
            failed += [f"{told(one)}. {_why(error)}" for one in differences]
        except (BotoCoreError, WorkshopError) as error:
            failed += [f"{told(one)}. {error}" for one in differences]
    still = _still_different(session, tried, patterns)
    done = [one for one in tried if _key(one) not in still]
    failed += [
        f"{told(one)}. It was set; AWS shows it later." for one in tried if _key(one) in still
    ]
    is_late = session.lateness.longest_s and any(one.kind.is_late for one in done)
    return PutBack(tuple(map(mended, done)), tuple(failed), _LATER if is_late else "")


def _together(differences: Iterable[Difference]) -> Iterator[list[Difference]]:
    """What is set by one call: a refusal must not hold up what could be set without it."""
    for _, of_one in groupby(differences, lambda one: (one.pattern, one.declared.logical_id)):
        for _, at_once in groupby(sorted(of_one, key=_place), _place):
            yield list(at_once)


def _place(one: Difference) -> int:
    apart = one.kind.apart
    return apart.index(one.setting) if one.setting in apart else len(apart)


def _why(error: ClientError) -> str:
    reason = error.response["Error"]
    why = f"{error.operation_name} says {reason['Code']}: {reason['Message']}"
    return f"{why.rstrip('.')}. {_WHO_MAY}" if _REFUSED.search(reason["Code"]) else why


def _restore(session: Session, differences: Sequence[Difference]) -> None:
    first = differences[0]
    if not first.setting:
        raise WorkshopError(
            "it is gone, and only its stack can make it", f"{remaking(session.target)}."
        )
    names = frozenset(one.setting for one in differences)
    first.kind.restore(session, first.declared, names, first.all_said)


def _still_different(
    session: Session, tried: Sequence[Difference], patterns: Sequence[str]
) -> set[tuple[str, ...]]:
    """Those that AWS does not show yet, after the time that it takes."""
    if not tried:
        return set()
    wanted, left = {_key(one) for one in tried}, set[tuple[str, ...]]()

    def is_shown() -> bool:
        left.clear()
        left.update(wanted & {_key(one) for one in look(session, patterns).differences})
        return not left

    with contextlib.suppress(WaitTimeoutError):
        wait_briefly(
            session.clock,
            is_shown,
            "AWS shows what was put back",
            cause="changed settings are read everywhere some seconds later",
            waits=session.waits,
        )
    return left


def _key(one: Difference) -> tuple[str, ...]:
    return (one.pattern, one.declared.logical_id, one.setting)
