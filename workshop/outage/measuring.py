"""The same settings and the same outage on temporary resources: what AWS really does."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import pandas as pd

from workshop import gallery
from workshop.connection import outlook
from workshop.evidence.late_logs import CAUSE, PATIENCE_S
from workshop.lab import Lab
from workshop.outage.plan import DOUBLED, EVENT, FUNCTION_TIMEOUT_S, QUEUE, Plan, Story, foretold
from workshop.outage.words import spoken_s
from workshop.workbench import BACKING_OFF, Bench, Rig

# What AWS may take longer than its rules say, before a wait is given up.
_PATIENCE_S = 600.0
# How long the n-th receive hides a message.
_WaitS: TypeAlias = Callable[[int], float]


def measured(lab: Lab, bench: Bench, plan: Plan) -> dict[str, Story]:
    """Make an outage on AWS, and return what became of one order on each way.

    The handler fails until a moment that the order names. Reserved concurrency 0 would be quicker,
    but it is another outage: Lambda gives asynchronous events up at once then, whatever their
    retries, and pollers use up receives without an attempt.

    Args:
        lab: the target.
        bench: makes the resources; `bench.clear()` removes them.
        plan: the settings and the outage.
    """
    rigs = _rigs(bench, plan)
    at, order_id = lab.clock.now(), f"outage-{uuid.uuid4().hex[:5]}"
    until = at + timedelta(seconds=plan.outage_s)
    order = {"order_id": order_id, "pass": True, "down_until": until.timestamp()}
    for rig in rigs.values():
        gallery.send(lab, rig, order)
    given_up: dict[str, datetime] = {}
    is_over = _Watch(lab, bench, rigs, given_up)
    end_s = max(story.ended_at_s for story in foretold(plan).values())
    lab.wait_until(
        is_over,
        f"the order ended on all {len(rigs)} ways",
        cause=f"an outage of {spoken_s(plan.outage_s)}, and the waits after it",
        expected_s=end_s,
        timeout_s=end_s + _PATIENCE_S,
        is_watched=True,
    )
    lateness = lab.session.lateness
    if lateness.logs_s:
        # The last attempt may be seen later than where its message ended.
        lab.clock.sleep(PATIENCE_S, CAUSE)
    is_late = bool(lateness.counts_s)
    return {
        way: _story(bench, rig, at, given_up.get(way), _wait(plan, way) if is_late else None)
        for way, rig in rigs.items()
    }


def _rigs(bench: Bench, plan: Plan) -> dict[str, Rig]:
    queue: dict[str, Any] = {"receives": plan.receives, "visibility_s": plan.visibility_s}
    steady = bench.behind_queue(
        "queue", handler="outages.fail", timeout_s=FUNCTION_TIMEOUT_S, **queue
    )
    doubled = bench.behind_queue(
        "doubled",
        handler="outages.back_off",
        may=BACKING_OFF,
        environment={"FIRST_WAIT_S": str(plan.visibility_s)},
        mapping={"FunctionResponseTypes": ["ReportBatchItemFailures"]},
        timeout_s=FUNCTION_TIMEOUT_S,
        **queue,
    )
    event = bench.asynchronous(
        "event", handler="outages.fail", age_s=plan.age_s, retries=plan.retries
    )
    return {QUEUE: steady, DOUBLED: doubled, EVENT: event}


class _Watch:
    """Whether the order ended everywhere; notes when it was first seen where it is given up."""

    def __init__(
        self, lab: Lab, bench: Bench, rigs: Mapping[str, Rig], given_up: dict[str, datetime]
    ) -> None:
        self._lab, self._bench, self._open = lab, bench, dict(rigs)
        self._given_up = given_up

    def __call__(self) -> bool:
        for way, rig in list(self._open.items()):
            if any(self._lab.queue_counts(url).total for url in rig.ends.values()):
                self._given_up[way] = self._lab.clock.now()
                del self._open[way]
            elif (self._bench.attempts(rig)["handler_outcome"] == "ok").any():
                del self._open[way]
        return not self._open


def _wait(plan: Plan, way: str) -> _WaitS:
    return lambda receive: plan.wait_s(way, receive)


def _story(
    bench: Bench, rig: Rig, at: datetime, given_up: datetime | None, wait_s: _WaitS | None = None
) -> Story:
    """What became of the order.

    Args:
        bench: reads log and queues.
        rig: the way that it went.
        at: when it was sent.
        given_up: when it was first seen where it is given up; None where it was processed.
        wait_s: given where counts are seen late, so that this moment says nothing about SQS.
    """
    attempts = bench.attempts(rig)
    begun_s = [(one.to_pydatetime() - at).total_seconds() for one in attempts["started_at"]]
    begun_s.sort()
    if given_up is None:
        return Story(tuple(begun_s), begun_s[-1], outlook.PROCESSED)
    found, end_s = bench.arrivals(rig), (given_up - at).total_seconds()
    if wait_s is not None:
        written = [(one.to_pydatetime() - at).total_seconds() for one in _written(found)]
        # SQS writes down nothing when it moves a message: it does so when the last wait is over.
        end_s = min([end_s, *(written or [begun_s[-1] + wait_s(len(begun_s))])])
    is_moved = "source queue's DLQ" in rig.ends
    reason = outlook.DEAD_LETTERED if is_moved else str(next(iter(found["reason"]), "given up"))
    return Story(tuple(begun_s), end_s, reason)


def _written(found: pd.DataFrame) -> pd.Series:
    """When the messages came to their end, as far as it is written in them."""
    return found["arrived_at"].dropna()
