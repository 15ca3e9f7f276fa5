"""SQS's own move back, and what became of messages that were sent again."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import pandas as pd

from workshop.accounting.evidence import times_processed
from workshop.errors import DataError, WaitTimeoutError
from workshop.evidence import queues
from workshop.evidence.arrivals import SUCCESS
from workshop.lab import Lab

PROCESSED, CAME_BACK, IN_FLIGHT = "processed", "came back", "in flight"
# Sent again it has another message id: without an order id nothing connects the two.
NOT_FOLLOWED = "not followed: it has no order id"
_COLUMNS = ["order_id", "state", "place", "times_processed"]


def move_task(
    lab: Lab, dlq_url: str, max_per_second: int | None, told: Callable[[str], None]
) -> bool:
    """StartMessageMoveTask to its end; whether all was moved.

    Its SourceArn is the DLQ. Without DestinationArn each message goes to the queue that gave it up.

    Raises:
        DataError: SQS ended the task with a failure.
    """
    sqs = lab.client("sqs")
    arn = queues.attributes(lab.session, dlq_url)["QueueArn"]
    speed = {"MaxNumberOfMessagesPerSecond": max_per_second} if max_per_second else {}
    sqs.start_message_move_task(SourceArn=arn, **speed)

    def task() -> dict[str, Any]:
        found: dict[str, Any] = sqs.list_message_move_tasks(SourceArn=arn, MaxResults=1)["Results"][
            0
        ]
        return found

    def ended() -> bool:
        now = task()
        moved, total = (
            now.get(f"ApproximateNumberOfMessages{name}", 0) for name in ("Moved", "ToMove")
        )
        told(f"SQS moves: {moved} of {total}")
        return bool(now["Status"] != "RUNNING")

    if not ended():
        speed_told = f"at most {max_per_second} a second" if max_per_second else "as fast as it can"
        lab.wait_until(
            ended,
            "SQS has moved the messages",
            cause=f"a message move task runs, {speed_told}",
            expected_s=_moving_s(task(), max_per_second),
            is_watched=True,
        )
    last = task()
    if last["Status"] == "FAILED":
        raise DataError(
            f"SQS ended the move: {last.get('FailureReason')}.",
            "What was not moved still lies in the DLQ: repair the source queue and redrive again.",
        )
    return bool(last["Status"] == "COMPLETED")


def _moving_s(task: Mapping[str, Any], max_per_second: int | None) -> float | None:
    """How long the rest of a move takes at its speed; nobody tells where SQS chooses the speed."""
    total, moved = (
        task.get(f"ApproximateNumberOfMessages{name}", 0) for name in ("ToMove", "Moved")
    )
    return (total - moved) / max_per_second if max_per_second else None


def what_came_back(
    lab: Lab, pattern: str, sent: pd.DataFrame, started_at: Any, *, timeout_s: float
) -> pd.DataFrame:
    """Wait until the orders of these rows are processed or lie in a DLQ again.

    Messages without an order id are not waited for; each has a row that says so.
    """
    order_ids = list(dict.fromkeys(sent["order_id"].dropna()))
    if order_ids:
        # After a time-out the table says which ones are still on their way.
        with suppress(WaitTimeoutError):
            what = "it is known what became of the messages"
            lab.wait_for_end(pattern, order_ids, what, since=started_at, timeout_s=timeout_s)
    attempts = lab.attempts(pattern, order_ids=order_ids)
    ok = attempts[(attempts["started_at"] >= started_at) & (attempts["outcome"] == "ok")]
    nameless = int(sent["order_id"].isna().sum())
    return _table(lab, pattern, order_ids, set(ok["order_id"]), nameless)


def _table(
    lab: Lab, pattern: str, order_ids: list[str], processed: set[str], nameless: int
) -> pd.DataFrame:
    arrivals = lab.arrivals(pattern, order_ids=order_ids)
    failed = arrivals[arrivals["reason"] != SUCCESS].drop_duplicates("order_id", keep="last")
    places = dict(zip(failed["order_id"], failed["target"], strict=True))
    tries: dict[str, list[dict[Any, Any]]] = {}
    for row in lab.attempts(pattern, order_ids=order_ids).to_dict("records"):
        tries.setdefault(row["order_id"], []).append(row)
    rows: list[tuple[str | None, str, str, int | None]] = []
    for order_id in order_ids:
        place = places.get(order_id, "")
        state = CAME_BACK if place else PROCESSED if order_id in processed else IN_FLIGHT
        rows.append((order_id, state, place, times_processed(tries.get(order_id, []))))
    rows += [(None, NOT_FOLLOWED, "", None)] * nameless
    return pd.DataFrame(rows, columns=_COLUMNS).astype({"times_processed": "Int64"})
