"""A scene as it goes on, from what the embedded AWS shows: an outage, then a redrive."""

from datetime import datetime
from typing import Any

import pytest

from workshop.lab import Lab
from workshop.repair.redrive import redrive
from workshop.sending import send_order
from workshop.stage.live import SentMessage, live_facts
from workshop.stage.moments import is_over, payoff
from workshop.stage.receives import FirstSeen, SeenOnPath, UnloggedReceives

PATTERN, DLQ = "SqsDlq", "source queue's DLQ"


class Watcher:
    """Looks at a scene after every event."""

    def __init__(self, lab: Lab) -> None:
        self.lab, self.out = lab, lab.outputs(PATTERN)
        self.begin: datetime = lab.clock.now()
        self.sent: list[SentMessage] = []
        self.receives = {"": UnloggedReceives()}
        self.arrived = {"": FirstSeen()}

    def look(self) -> dict[str, Any]:
        urls = {"queue": self.out.SourceQueueUrl, DLQ: self.out.SourceQueueDlqUrl}
        counts = {place: self.lab.queue_counts(url) for place, url in urls.items()}
        with self.lab.waits.looking():
            attempts, arrivals = self.lab.attempts(PATTERN), self.lab.arrivals(PATTERN)
        settings, now = self.lab.settings(PATTERN), self.lab.clock.now()
        seen = {"": SeenOnPath(attempts, arrivals, settings, counts, now)}
        return live_facts(self.sent, seen, self.begin, self.receives, self.arrived)

    def to_the_end(self) -> list[list[tuple[str, str]]]:
        """What was known of the first message whenever that had changed: what happened, where."""
        found: list[list[tuple[str, str]]] = []
        for _ in range(50):
            facts = self.look()
            told = [(step[1], step[2]) for step in facts["runs"][0]["messages"][0]["steps"]]
            found += [told] if told not in found else []
            if is_over(facts):
                return found
            self.lab.clock.next_step(3600)
            self.lab.clock.settle()
        raise AssertionError(found)


@pytest.mark.punctual("counts and logs are read after every single event")
def test_every_receive_of_an_outage_is_seen_when_it_happens_and_then_a_redrive(lab: Lab) -> None:
    watcher, function = Watcher(lab), lab.outputs(PATTERN).FunctionName
    # Given good orders during an outage
    concurrency = {"FunctionName": function, "ReservedConcurrentExecutions": 0}
    lab.client("lambda").put_function_concurrency(**concurrency)
    try:
        for _ in range(2):
            order = send_order(lab, PATTERN, "good")
            one = SentMessage("", order["message_id"], order["order_id"], lab.clock.now())
            watcher.sent.append(one)
        steps = watcher.to_the_end()
    finally:
        lab.client("lambda").delete_function_concurrency(FunctionName=function)
    # Then each of the three receives is known before the next one, without any attempt
    assert [len(told) for told in steps] == [2, 3, 4, 5]
    assert [kind for kind, _ in steps[-1]] == ["sent", "unseen", "unseen", "unseen", "arrived"]
    facts = watcher.look()
    assert [number for _, number, _ in payoff(facts)] == [2, 0, 2, 0, 0]
    # When they are sent again, then the same two go from the DLQ to the queue, and are processed
    at, pasts = lab.clock.now(), facts["runs"][0]["messages"]
    redrive(lab, PATTERN, False, [one.order_id for one in watcher.sent])
    olds = list(watcher.sent)
    watcher.sent += [
        SentMessage("", "", old.order_id, at, past, DLQ)
        for old, past in zip(olds, pasts, strict=True)
    ]
    last = watcher.to_the_end()[-1]
    assert last[4:] == [
        ("arrived", DLQ),
        ("redriven", "queue"),
        ("attempt", "function"),
        ("ended", "done"),
    ]
    assert [number for _, number, _ in payoff(watcher.look())] == [2, 2, 0, 0, 0]
