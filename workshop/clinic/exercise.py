"""What the six exercises share: a set-up, a trial, a result that is remembered."""

from abc import ABC, abstractmethod
from typing import Any

from workshop import gallery
from workshop.lab import Lab
from workshop.lessons.checks import Check
from workshop.workbench import Bench, Rig

# A change of an attribute or of a function's configuration may take this long to apply.
SETTLE_S = 60


class Exercise(ABC):
    """One broken set-up.

    Args:
        lab: the target.
        bench: where its resources are made.

    Attributes:
        result: the last check; None before the first.
        refused_by_aws: whether AWS refused the set-up when it was made.
    """

    what: str

    def __init__(self, lab: Lab, bench: Bench) -> None:
        self._lab = lab
        self._bench = bench
        self._number = 0
        self.result: Check | None = None
        self.refused_by_aws = False
        self._set_up()

    @abstractmethod
    def _set_up(self) -> None:
        """Make the broken set-up."""

    @abstractmethod
    def _try(self) -> Check:
        """Find out whether it works now."""

    def check(self) -> Check:
        """Let the change apply, try the set-up with an order, and say what became of it."""
        self._lab.clock.sleep(SETTLE_S, "a change may take a minute to apply everywhere in AWS")
        self.result = self._try()
        return self.result

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

    def _judged(self, passed: bool, *, expected: str, seen: str, evidence: str, hint: str) -> Check:
        return Check(self.what, passed, expected, seen, evidence, hint)


def story(case: gallery.Case) -> str:
    """What became of an order, in one phrase."""
    number = len(case.runs_at_s)
    ran = {0: "the function never ran", 1: "the function ran once"}.get(
        number, f"the function ran {number} times"
    )
    if case.succeeded:
        return f"{ran}, the last time without an error"
    return f"{ran}, and the order is {place(case)}"


def place(case: gallery.Case) -> str:
    """Where an order is, to follow "the order is"."""
    if case.is_lost:
        return "lost"
    if case.is_waiting:
        return "still in the source queue"
    return f"in the {case.ended}"
