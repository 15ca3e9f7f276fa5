"""What the six exercises share: a set-up, a verdict on its settings, a trial, the result."""

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar, Generic, TypeVar

from botocore.exceptions import ClientError, ParamValidationError

from workshop import gallery
from workshop.clinic.verdict import Grade, Judgement, not_yet
from workshop.counting import counted
from workshop.lab import Lab
from workshop.lessons.checks import Check
from workshop.target.clock import SKIPPING
from workshop.workbench import Bench, Rig

Found = TypeVar("Found")

# A change of an attribute or of a function's configuration may take this long to apply.
SETTLE_S = 60
# Nobody waits longer for a trial at an account; where waits are skipped it takes what it takes.
_MOST_S, _MOST_SKIPPED_S = 240.0, 50_000.0
_REFUSALS = (ClientError, ParamValidationError, TypeError, ValueError)
_FURTHER = "the solution is folded below this cell. Unfold it, and say why it holds."
_ODD = not_yet(
    "the settings that this check reads fit, and the order went another way. Read what was seen.",
    "something else decides here: reserved concurrency, a filter, the function's code or role, the "
    "subscription. Compare with a new set-up (run the cell above).",
)


class Exercise(ABC, Generic[Found]):
    """One broken set-up. `Found` is what its settings are read into.

    Args:
        lab: the target.
        bench: where its resources are made.

    Attributes:
        what: a sentence that is true of the repaired set-up.
        expected: what should become of the order of a check, in words.
        evidence: what the check reads.
        values: which values AWS takes, for somebody whose value it refused.
        result: the last check; None before the first.
        refused_by_aws: whether AWS refused the set-up when it was made.
    """

    what: ClassVar[str]
    expected: ClassVar[str]
    evidence: ClassVar[str]
    values: ClassVar[str]

    def __init__(self, lab: Lab, bench: Bench) -> None:
        self._lab = lab
        self._bench = bench
        self._number = 0
        self._refusal = ""
        self._unseen_s = 0.0
        self.result: Check | None = None
        self.refused_by_aws = False
        self._set_up()
        self._at_first = self._read()

    @abstractmethod
    def _set_up(self) -> None:
        """Make the broken set-up."""

    @abstractmethod
    def _read(self) -> Found:
        """The settings as they are in AWS now."""

    @abstractmethod
    def _judge(self, found: Found) -> Judgement:
        """What is to be said of the settings."""

    @abstractmethod
    def _try(self, found: Found) -> gallery.Case | None:
        """Send an order, and find out what becomes of it; None where none can be sent."""

    @abstractmethod
    def _told(self, found: Found) -> str:
        """The settings in words."""

    def _went_well(self, case: gallery.Case) -> bool:
        """Whether the order went as it should: by default one run, without an error."""
        return case.succeeded and len(case.runs_at_s) == 1

    @contextlib.contextmanager
    def change(self) -> Iterator[None]:
        """For the change of a learner: a value that AWS refuses is told by the next check."""
        self._refusal = ""
        try:
            yield
        except _REFUSALS as error:
            self._refusal = f"no change: {_told_of(error, 'the change')}"

    def check(self) -> Check:
        """Let the change apply, read the settings, try them with an order, and say how they are."""
        refusal, self._refusal = self._refusal, ""
        try:
            self.result = self._of_refusal(refusal) if refusal else self._checked()
        except _REFUSALS as error:
            # Something of the set-up is gone, or was set to what is none.
            self.result = self._of_refusal(f"no trial: {_told_of(error, 'the trial')}")
        return self.result

    def _checked(self) -> Check:
        self._lab.clock.sleep(SETTLE_S, "a change may take a minute to apply everywhere in AWS")
        found = self._read()
        verdict = self._judge(found)
        self._unseen_s = 0.0
        case = self._try(found)
        went_well = case is not None and (self._went_well(case) or self._is_on_its_way(case))
        if verdict.grade is Grade.RIGHT and not went_well:
            verdict = _ODD
        is_untouched = found == self._at_first
        if is_untouched:
            # What the colleague left is the riddle: why it is wrong would be the answer.
            verdict = not_yet(verdict.nudge, verdict.hint)
        return Check(
            self.what,
            verdict.grade is Grade.RIGHT,
            self.expected,
            "; ".join(filter(None, [self._told(found), story(case) if case else "", self._cut()])),
            self.evidence,
            verdict.hint,
            nudge=verdict.nudge,
            further=_FURTHER,
            remark=verdict.why,
            is_dangerous=verdict.grade is Grade.DANGEROUS,
            is_untouched=is_untouched,
        )

    def _bearable_s(self, needed_s: float) -> float:
        """As long as a trial needs, or as long as somebody waits: then the end is not seen."""
        clock = self._lab.clock
        is_skipped = clock.is_virtual and clock.mode in SKIPPING
        bearable_s = min(needed_s, _MOST_SKIPPED_S if is_skipped else _MOST_S)
        self._unseen_s = needed_s if bearable_s < needed_s else 0.0
        return bearable_s

    def _is_on_its_way(self, case: gallery.Case) -> bool:
        """Nobody waited for the end, and nothing has gone wrong until then."""
        return bool(self._unseen_s) and case.is_waiting

    def _cut(self) -> str:
        if not self._unseen_s:
            return ""
        return f"its end, after about {self._unseen_s:.0f} s, was not waited for: it is reckoned"

    def _of_refusal(self, refusal: str) -> Check:
        return Check(
            self.what,
            False,
            self.expected,
            refusal.rstrip("."),
            "the answer to your call",
            f"{self.values} If the set-up is not there any more, make a new one: run the cell "
            "above this one.",
            nudge="read what was refused, and what kind of value belongs there.",
            further=_FURTHER,
        )

    def _client(self, service: str) -> Any:
        return self._lab.client(service)

    def _order(self, **what: Any) -> dict[str, Any]:
        """A new order; its id tells the checks apart."""
        self._number += 1
        return {"order_id": f"{type(self).__name__}-{self._number}", **what}

    def _after(self, rig: Rig, order: dict[str, Any], seconds: float, cause: str) -> gallery.Case:
        """What became of an order some time after it was sent; `cause` says why so much."""
        sent = self._send(rig, order)
        self._lab.clock.sleep(seconds, cause)
        return self._look(sent)

    def _send(self, rig: Rig, order: dict[str, Any]) -> gallery.Sent:
        return gallery.send(self._lab, rig, order)

    def _look(self, sent: gallery.Sent) -> gallery.Case:
        [case] = gallery.look(self._lab, {self.what: [sent]})[self.what]
        return case


def _told_of(error: Exception, what: str) -> str:
    """Who refused it, and in which words."""
    if isinstance(error, ClientError):
        refused = error.response["Error"]
        return f"AWS refused {what}, {refused['Code']}: {refused['Message']}"
    if isinstance(error, ParamValidationError):
        _, _, told = str(error).partition("\n")
        return f"boto3 did not send {what}: {' '.join((told or str(error)).split())}"
    return f"Python could not write {what} down: {error}"


def story(case: gallery.Case) -> str:
    """What became of an order, in one phrase."""
    number = len(case.runs_at_s)
    ran = {0: "the function never ran", 1: "the function ran once"}.get(
        number, f"the function ran {counted(number, 'time')}"
    )
    if case.succeeded:
        return f"{ran}, {'the last time ' if number > 1 else ''}without an error"
    return f"{ran}, and the order is {place(case)}"


def place(case: gallery.Case) -> str:
    """Where an order is, to follow "the order is"."""
    if case.is_lost:
        return "lost"
    if case.is_waiting:
        return "still in the source queue"
    return f"in the {case.ended}"
