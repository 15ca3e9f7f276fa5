"""What one failure looked like from outside: who tried again, where it ended, what is left. Pure.

Everything here is derived from evidence: log lines, messages in queues, metrics.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from workshop.counting import counted
from workshop.evidence.arrivals import SUCCESS
from workshop.evidence.retry_settings import RetrySettings
from workshop.gallery.replay import CaseEvidence

NOBODY = "nobody"
POLLER = "Lambda's poller, in vain"
LOST = "nowhere: lost"
DONE = "processed"
WAITING = "nowhere yet: still in its queue"
REFUSED = "refused: the caller was told at once"

# Of AWS's words when it refuses a call: all of a cause, and not all of a parser's explanations.
_LONGEST = 300

SENT_AGAIN = "nobody: the function sent it again"

# What metrics mean for somebody who looks for a message: those of a function, a topic, an event
# source mapping, and of a queue whose message never reached a function.
OF_FUNCTION = {
    "Throttles": "calls that Lambda turned away",
    "AsyncEventsDropped": "events given up",
    "DestinationDeliveryFailures": "records that could not be written",
    "DeadLetterErrors": "events that the DLQ did not take",
    "RecursiveInvocationsDropped": "runs that Lambda stopped as a loop",
}
OF_TOPIC = {"NumberOfNotificationsFailed": "notifications that SNS gave up"}
OF_MAPPING = {"FilteredOutEventCount": "messages that the filter dropped"}
OF_QUEUE = {
    "NumberOfMessagesSent": "sent to the queue",
    "NumberOfMessagesDeleted": "deleted, though nothing ran",
}
METRICS = OF_FUNCTION | OF_TOPIC | OF_MAPPING | OF_QUEUE
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
QUEUE_IS_NEW = "no metric of the queue yet: those of a new queue come up to 15 minutes late"
# A message that is as old as that has not been fetched as usual.
OLD_S = 60.0


@dataclass(frozen=True)
class Refused:
    """A call that AWS refused.

    Attributes:
        path: what was called, e.g. "synchronous Invoke".
        code: AWS's error code.
        message: AWS's words.
        status: HTTP status.
    """

    path: str
    code: str
    message: str
    status: int


@dataclass(frozen=True)
class Case:
    """One failure on one path, as the evidence tells it.

    Attributes:
        failure: what was caused.
        path: how the message reached the function.
        who: who tried again.
        runs_at_s: when the function ran, in seconds since the message was sent.
        ended: where the message is.
        ended_at_s: when it got there; None where AWS does not tell.
        in_log: what the function's log says about it, in words; empty when it says nothing.
        elsewhere: what other evidence there is.
        succeeded: whether the function processed the message in the end.
        evidence: what it was read from; None of a call that was refused.
    """

    failure: str
    path: str
    who: str
    runs_at_s: tuple[float, ...]
    ended: str
    ended_at_s: float | None
    in_log: tuple[str, ...]
    elsewhere: tuple[str, ...]
    succeeded: bool = False
    evidence: CaseEvidence | None = field(default=None, compare=False, repr=False)

    @property
    def is_waiting(self) -> bool:
        """Whether its source queue still holds it."""
        return self.ended == WAITING

    @property
    def is_lost(self) -> bool:
        """Whether no queue holds it any more."""
        return self.ended == LOST


def of_refusal(failure: str, refusal: Refused) -> Case:
    """The case of a call that AWS refused."""
    message = refusal.message
    if len(message) > _LONGEST:
        message = f"{message[:_LONGEST]}…"
    told = f"HTTP {refusal.status} {refusal.code}: {message}"
    return Case(failure, refusal.path, NOBODY, (), REFUSED, 0.0, (), (told,))


def of_message(
    failure: str,
    path: str,
    sent_at: pd.Timestamp,
    attempts: pd.DataFrame,
    arrivals: pd.DataFrame,
    *,
    reports: tuple[str, ...] = (),
    metrics: Mapping[str, float] | None = None,
    oldest_s: float = 0.0,
    still_there: bool = False,
    way: str = "",
    settings: RetrySettings | None = None,
) -> Case:
    """The case of a message that was sent.

    Args:
        failure: what was caused.
        path: "SQS queue", "asynchronous" or "SNS topic".
        sent_at: when.
        attempts: the rows of the attempts table about it.
        arrivals: the rows of the arrivals table about it.
        reports: what REPORT lines of its invocations say beyond the usual.
        metrics: sums of metrics about nothing but this message.
        oldest_s: how old the oldest message of its source queue has been.
        still_there: whether its source queue holds a message.
        way: the path in other words, for the reader.
        settings: of its function and queue; None where there is none any more.
    """
    metrics = metrics or {}
    # The table has them by message, and an order may have been in several.
    attempts = attempts.sort_values("started_at", kind="stable", ignore_index=True)
    succeeded = bool((attempts["outcome"] == "ok").any())
    runs = tuple((attempts["started_at"] - sent_at).dt.total_seconds().round(1))
    given_up = arrivals[arrivals["reason"] != SUCCESS]
    arrived = (arrivals["arrived_at"] - sent_at).dt.total_seconds().dropna()
    case = Case(
        failure=failure,
        path=way or path,
        who=POLLER if still_there else _who(path, attempts, metrics, arrivals),
        runs_at_s=runs,
        ended=DONE if succeeded and given_up.empty else _ended(arrivals, still_there),
        ended_at_s=round(float(arrived.max()), 1) if len(arrived) else None,
        in_log=_in_log(attempts, path) + reports,
        elsewhere=_in_queues(arrivals) + _in_metrics(metrics) + _of_age(oldest_s),
        succeeded=succeeded,
    )
    if path != "SQS queue":
        # SQS stamps each message; of the others who sent it knows when.
        attempts, arrivals = attempts.assign(sent_at=sent_at), arrivals.assign(sent_at=sent_at)
    return replace(case, evidence=CaseEvidence(attempts, arrivals, settings, case.is_lost))


def _who(
    path: str, attempts: pd.DataFrame, metrics: Mapping[str, float], arrivals: pd.DataFrame
) -> str:
    runs = len(attempts)
    if path == "SQS queue" and attempts["message_id"].nunique() > 1 and _names_message(attempts):
        return SENT_AGAIN
    throttled = metrics.get("Throttles", 0) > 0
    if path == "SQS queue":
        if throttled:
            return "Lambda's poller, then SQS"
        return "SQS, by showing the message again" if runs > 1 else NOBODY
    deleted = arrivals["body"].str.contains('"statusCode": ?404', regex=True).any()
    return "Lambda's event queue" if runs > 1 or throttled or deleted else NOBODY


def _ended(arrivals: pd.DataFrame, still_there: bool) -> str:
    if len(arrivals):
        return " and ".join(sorted(set(arrivals["target"])))
    return WAITING if still_there else LOST


def _names_message(attempts: pd.DataFrame) -> bool:
    """Whether the function came as far as saying what it works on."""
    return bool(attempts["source"].notna().any())


def _in_log(attempts: pd.DataFrame, path: str) -> tuple[str, ...]:
    if attempts.empty:
        return ()
    ids = attempts["request_id"].nunique()
    told = Counter(
        outcome + (f" ({kind})" if isinstance(kind, str) else "")
        for outcome, kind in zip(attempts["outcome"], attempts["error_type"], strict=True)
    )
    lines = [f"{what}, {_times(number)}" for what, number in told.items()]
    lines.append(counted(ids, "request id"))
    if path != "asynchronous" and not _names_message(attempts):
        lines.append("no line names the message")
    return tuple(lines)


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _in_queues(arrivals: pd.DataFrame) -> tuple[str, ...]:
    return tuple(_told_by(row) for row in arrivals.to_dict("records"))


def _told_by(row: Mapping[Any, Any]) -> str:
    if row["reason"] == "maxReceiveCount":
        return "the message as it was sent, without a reason"
    if row["reason"].startswith("SNS"):
        return "SNS's notification, without a reason"
    what = "event with" if row["target"].endswith("DLQ") else "record:"
    error, status = row["error_message"], _status_code(row["body"])
    if isinstance(error, str):
        return f"{what} {row['reason']}, “{error}”"
    return f"{what} {row['reason']}" + (f", status code {status}" if status else "")


def _status_code(body: str) -> int | None:
    """The status code in a record; None in the record of an event that nobody tried to run."""
    record = json.loads(body)
    found = record.get("responseContext") if isinstance(record, dict) else None
    return found.get("statusCode") if isinstance(found, dict) else None


def _of_age(oldest_s: float) -> tuple[str, ...]:
    if oldest_s < OLD_S:
        return ()
    told = f"metric ApproximateAgeOfOldestMessage up to {oldest_s:.0f} s"
    return (f"{told} (how long the oldest message has waited)",)


def _in_metrics(metrics: Mapping[str, float]) -> tuple[str, ...]:
    told = tuple(
        f"metric {name} {total:g} ({METRICS[name]})" for name, total in metrics.items() if total
    )
    is_new = "NumberOfMessagesSent" in metrics and not metrics["NumberOfMessagesSent"]
    return (*told, QUEUE_IS_NEW) if is_new else told
