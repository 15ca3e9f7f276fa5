"""The redrive of the stage: what scenes before have left in the DLQ goes back to its queue."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from workshop.errors import WorkshopError
from workshop.evidence import queues
from workshop.evidence.receiving import received
from workshop.lab import Lab
from workshop.repair.payloads import payload_text
from workshop.repair.resending import Resender
from workshop.stage.acts import SQS
from workshop.stage.live import SentMessage
from workshop.stage.performance import Performance

DLQ = "source queue's DLQ"
# How orders are called that the function would take.
_GOOD = ("good", "mine")
# A move task of a few messages takes seconds.
_MOST_LOOKS = 60
# Longer than it takes to look through a DLQ; what is passed over is shown again at once.
_HIDDEN_S = 60
_JUST_BEFORE = timedelta(milliseconds=1)


@dataclass(frozen=True)
class GivenUp:
    """A message that a scene has left in the DLQ.

    Attributes:
        sent: as it was sent.
        begin: when its scene began.
        facts: all of it until then.
    """

    sent: SentMessage
    begin: datetime
    facts: Mapping[str, Any]


def given_up(scene: Performance, facts: Mapping[str, Any] | None) -> list[GivenUp]:
    """What of a scene lies in the DLQ."""
    if facts is None or scene.patterns != [SQS]:
        return []
    by_id = {one.message_id: one for one in scene.sent}
    # A redrive gives a message a new id, and leaves it its order's.
    by_order = {one.order_id: one for one in scene.sent if one.past is not None}
    found = []
    for message in facts["runs"][0]["messages"]:
        sent = by_id.get(message["id"]) or by_order.get(message["name"])
        if (
            sent
            and sent.order_id
            and message["steps"]
            and message["steps"][-1][2:4] == (DLQ, "kept")
        ):
            found.append(GivenUp(sent, scene.begin, message))
    return found


def move_back(scene: Performance, lying: Sequence[GivenUp]) -> None:
    """Move the good orders back, or all when none is good: then they show that they come back.

    SQS moves the whole queue by itself. Where something else lies there it is done one by one.

    Raises:
        WorkshopError: no scene has left anything there.
    """
    lab, [path] = scene.lab, scene.paths
    out = lab.outputs(SQS)
    present = {_order_of(one) for one in lab.messages(out.SourceQueueDlqUrl)}
    lying = [one for one in lying if one.sent.order_id in present]
    if not lying:
        raise WorkshopError(
            "No order of this stage lies in the source queue's DLQ.",
            "Show an outage (8) or a poison message (9) first.",
        )
    good = [one for one in lying if one.sent.order_id.startswith(_GOOD)]
    at = lab.clock.now()
    chosen = on_one_clock(good or lying, at)
    scene.begin, scene.begun_at = chosen[0].begin, at
    wanted = {one.sent.order_id for one in chosen}
    is_all = len(present) == len(wanted) == lab.queue_counts(out.SourceQueueDlqUrl).visible
    if is_all:
        arn = queues.attributes(lab.session, out.SourceQueueDlqUrl)["QueueArn"]
        scene.call("sqs", "start_message_move_task", SourceArn=arn)
        _until_moved(lab, arn)
    else:
        _one_by_one(scene, out.SourceQueueDlqUrl, wanted)
    scene.sent += [SentMessage(path, "", one.sent.order_id, at, one.facts, DLQ) for one in chosen]
    scene.note = told_of(len(chosen), is_repaired=bool(good), is_all=is_all)


def told_of(number: int, *, is_repaired: bool, is_all: bool) -> str:
    """What was moved back, in which state of things, and by whom: AWS moves all or none."""
    cause = "The cause is gone" if is_repaired else "Nothing was repaired"
    if is_all:
        return f"{cause}. One start-message-move-task moves all that lies in the DLQ."
    return f"{cause}. start-message-move-task cannot choose; the stage sends these {number} itself."


def _until_moved(lab: Lab, arn: str) -> None:
    """SQS moves in the background: until then a message lies in both queues' counts, or in none."""
    for _ in range(_MOST_LOOKS):
        [task, *_] = lab.client("sqs").list_message_move_tasks(SourceArn=arn)["Results"]
        if task["Status"] != "RUNNING":
            return
        lab.clock.next_step(1.0)


def _one_by_one(scene: Performance, url: str, wanted: set[str]) -> None:
    resender = Resender(scene.lab, SQS)
    with received(scene.lab.session, url, at_most=1000, hidden_s=_HIDDEN_S) as messages:
        for message in messages:
            if _order_of(message) in wanted:
                resender.send(message)
                resender.delete(message, url)
    scene.code.append("sqs.send_message(...), then sqs.delete_message(...): those orders alone")


def _order_of(message: Mapping[str, Any]) -> str:
    try:
        found = json.loads(payload_text(message))
    except ValueError:
        return ""
    return str(found.get("order_id", "")) if isinstance(found, dict) else ""


def on_one_clock(lying: Sequence[GivenUp], now: datetime) -> list[GivenUp]:
    """Messages with what one timeline can show of them.

    That is the scene before, where all are of it. Of several scenes, or of a redrive before, it
    would be a lesson's length: then they begin as what lies in the DLQ, just before `now`.
    """
    begins = {one.begin for one in lying}
    if len(begins) == 1 and not any("redriven_from" in one.facts for one in lying):
        return list(lying)
    return [GivenUp(one.sent, now - _JUST_BEFORE, lying_only(one.facts)) for one in lying]


def lying_only(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message's facts without how it came to lie where it does."""
    _, kind, place, state, _ = message["steps"][-1]
    arrivals = [{**one, "at_s": 0.0} for one in message["arrivals"][-1:]]
    nothing: dict[str, Any] = {"attempts": [], "unseen": [], "waits": []}
    steps = [(0.0, kind, place, state, 0)]
    return {**message, **nothing, "arrivals": arrivals, "steps": steps, "sent_s": 0.0, "end_s": 0.0}
