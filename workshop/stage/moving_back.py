"""The redrive of the stage: what scenes before have left in the DLQ goes back to its queue."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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
_REPAIRED = "The cause is gone: the function may run again. Then the good orders are moved back."
_AS_IT_IS = "Nothing was repaired: what lies in the DLQ is moved back as it is."
# A move task of a few messages takes seconds.
_MOST_LOOKS = 60
# Longer than it takes to look through a DLQ; what is passed over is shown again at once.
_HIDDEN_S = 60


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
    by_id = {one.message_id: one for one in scene.sent if one.past is None}
    by_order = {one.order_id: one for one in scene.sent if one.past is None}
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
    chosen = good or lying
    scene.begin, scene.begun_at = min(one.begin for one in chosen), lab.clock.now()
    for one in chosen:
        scene.sent.append(_first(one, path))
    wanted, at = {one.sent.order_id for one in chosen}, lab.clock.now()
    if len(present) == len(wanted) == lab.queue_counts(out.SourceQueueDlqUrl).visible:
        arn = queues.attributes(lab.session, out.SourceQueueDlqUrl)["QueueArn"]
        scene.call("sqs", "start_message_move_task", SourceArn=arn)
        _until_moved(lab, arn)
    else:
        _one_by_one(scene, out.SourceQueueDlqUrl, wanted)
    for one in chosen:
        shift_s = (one.begin - scene.begin).total_seconds()
        past = shifted(one.facts, shift_s)
        scene.sent.append(SentMessage(path, "", one.sent.order_id, at, past, DLQ))
    scene.note = _REPAIRED if good else _AS_IT_IS


def _until_moved(lab: Lab, arn: str) -> None:
    """SQS moves in the background: until then a message lies in both queues' counts, or in none."""
    for _ in range(_MOST_LOOKS):
        [task, *_] = lab.client("sqs").list_message_move_tasks(SourceArn=arn)["Results"]
        if task["Status"] != "RUNNING":
            return
        lab.clock.next_step(1.0)


def _first(one: GivenUp, path: str) -> SentMessage:
    return SentMessage(path, one.sent.message_id, one.sent.order_id, one.sent.at)


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


def shifted(message: Mapping[str, Any], by_s: float) -> dict[str, Any]:
    """A message's facts on a clock that began earlier by so many seconds."""
    lists = ("attempts", "unseen", "waits", "arrivals")
    moved = {name: [_later(one, by_s) for one in message[name]] for name in lists}
    steps = [(round(step[0] + by_s, 3), *step[1:]) for step in message["steps"]]
    return {**_later(message, by_s), **moved, "steps": steps}


def _later(row: Mapping[str, Any], by_s: float) -> dict[str, Any]:
    times = ("at_s", "start_s", "end_s", "sent_s")
    return {
        name: round(value + by_s, 3) if name in times and value is not None else value
        for name, value in row.items()
    }
