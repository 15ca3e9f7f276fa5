"""A theatre without AWS: a run that was recorded, of which each look shows one moment more."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from tests.unit.workshop.player.runs import three_orders
from workshop.stage.moments import cut, moments_of

LIMIT_S = 20.0
FACTS = three_orders()
MOMENTS = moments_of(FACTS)


class FakeScene:
    """A run that was recorded, of which each look shows one moment more."""

    def __init__(self, theatre: "FakeTheatre") -> None:
        self.theatre, self.reached = theatre, 0
        self.answer = "The bad one is given up after 90 s."
        self.note, self.code = "Three orders were sent.", ["sqs.send_message(...)"]

    def begin(self, is_stopped: Callable[[], bool]) -> None:
        self.theatre.did.append("begin")
        if self.theatre.error:
            raise self.theatre.error

    def run_at(self, speed: str) -> None:
        self.theatre.did.append(f"run at {speed}")

    def look(self) -> dict[str, Any]:
        moment = self.theatre.moments[self.reached]
        return {
            **cut(self.theatre.facts, moment),
            "now_s": moment.until_s,
            "begun_s": 0.0,
            "late_s": 0.0,
        }

    def go_on(self) -> bool:
        if self.theatre.may_go_on is not None:
            self.theatre.may_go_on.wait(LIMIT_S)
        self.reached = min(self.reached + 1, len(self.theatre.moments) - 1)
        return True

    def end(self) -> None:
        self.theatre.did.append("end")


class FakeTheatre:
    """Notes what was asked of it."""

    is_virtual, target = True, "the embedded AWS"

    def __init__(self, facts: dict[str, Any] = FACTS) -> None:
        self.facts, self.moments = facts, moments_of(facts)
        self.did: list[str] = []
        self.error: Exception | None = None
        self.may_go_on: threading.Event | None = None
        self.is_there = True

    def scene(self, name: str, own: Mapping[str, Any] | None) -> FakeScene:
        self.did.append(name)
        return FakeScene(self)

    def clear(self) -> str:
        self.did.append("clear")
        return "Reset: 3 messages deleted."

    def answers(self) -> bool:
        return self.is_there
