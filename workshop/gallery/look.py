"""Reads what AWS keeps about each failure: logs, queues, metrics."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from botocore.exceptions import ClientError

from workshop.errors import DataError
from workshop.evidence import late_logs, queues
from workshop.evidence.arrivals import arrivals_table
from workshop.evidence.attempts import attempts_table
from workshop.evidence.behind import chosen
from workshop.evidence.believing import believed
from workshop.evidence.logs import log_table, read_logs
from workshop.evidence.metrics import Metric, maxima, sums
from workshop.evidence.retry_settings import RetrySettings
from workshop.evidence.settings_reader import read_settings
from workshop.gallery.case import (
    OF_FUNCTION,
    OF_MAPPING,
    OF_QUEUE,
    OF_TOPIC,
    Case,
    Refused,
    of_message,
    of_refusal,
)
from workshop.gallery.replay import of_one_message
from workshop.gallery.send import Sent
from workshop.lab import Lab
from workshop.workbench import Rig

# What a REPORT line has only after an abnormal end.
_ABNORMAL = re.compile(r"^REPORT RequestId: (\S+).*\t(Status: [^\n]+)", re.DOTALL)


def deployed(lab: Lab, pattern: str) -> Rig:
    """A deployed pattern as a rig, to send messages into."""
    out = lab.outputs(pattern)
    return Rig(
        path="SQS queue" if "SourceQueueUrl" in out else "asynchronous",
        function=out.FunctionName,
        log_group=out.LogGroupName,
        source=out.source,
        ends=out.end_queues,
        is_own=False,
        mapping=str(out.get("EventSourceMappingId", "")),
    )


def refused(path: str, call: Callable[[], Any]) -> Refused:
    """Make a call that AWS should refuse, and keep its answer.

    Args:
        path: what is called, in words.
        call: makes the call.

    Raises:
        DataError: AWS did not refuse.
    """
    try:
        call()
    except ClientError as error:
        told, status = error.response["Error"], error.response["ResponseMetadata"]["HTTPStatusCode"]
        return Refused(path, told["Code"], told["Message"], status)
    raise DataError(f"AWS accepted what it should refuse: {path}.", "Look at what was called.")


def look(lab: Lab, sent: Mapping[str, Sequence[Sent | Refused]]) -> dict[str, list[Case]]:
    """Everything that AWS tells about each failure, after its waits are over.

    Args:
        lab: the target.
        sent: failure -> what was sent or refused.

    Returns:
        failure -> one case per message, in the order of `sent`.
    """
    late_logs.let_come(lab.session)
    reader = _Reader(lab)
    return {failure: [reader.case(failure, one) for one in ways] for failure, ways in sent.items()}


class _Reader:
    """Reads each log group and each queue once."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._logs: dict[str, pd.DataFrame] = {}
        self._attempts: dict[str, pd.DataFrame] = {}
        self._arrivals: dict[str, pd.DataFrame] = {}
        self._settings: dict[str, RetrySettings | None] = {}

    def case(self, failure: str, one: Sent | Refused) -> Case:
        if isinstance(one, Refused):
            return of_refusal(failure, one)
        rig, group = one.rig, one.rig.log_group or ""
        attempts = self._attempts_at(one)
        return of_message(
            failure,
            rig.path,
            pd.Timestamp(one.at),
            attempts,
            _about(self._arrivals_in(rig.ends), one),
            reports=_abnormal(self._logs[group], attempts) if group else (),
            metrics=_metrics(self._lab, one, not attempts.empty) if rig.is_own else {},
            oldest_s=_oldest_s(self._lab, one) if rig.is_own else 0.0,
            still_there=self._holds(rig),
            way=one.way,
            settings=self._settings_of(rig),
        )

    def _settings_of(self, rig: Rig) -> RetrySettings | None:
        """Of what is still there: a function may have been deleted, or there was none."""
        key = rig.function or ""
        if key not in self._settings:
            names = {"FunctionName": key}
            if rig.mapping:
                names |= {"EventSourceMappingId": rig.mapping, "SourceQueueUrl": rig.source}
            try:
                self._settings[key] = read_settings(self._lab.session, names) if key else None
            except ClientError as error:
                if "NotFound" not in error.response["Error"]["Code"]:
                    raise
                self._settings[key] = None
        return self._settings[key]

    def _attempts_at(self, one: Sent) -> pd.DataFrame:
        """The attempts at it; of a function that says nothing of messages, all: it had no other."""
        attempts = self._attempts_in(one.rig.log_group or "")
        found = _about(attempts, one)
        if not found.empty or not one.rig.is_own or one.rig.path == "asynchronous":
            return found
        unnamed = chosen(attempts, lambda rows: rows["source"].isna())
        return of_one_message(unnamed, one.message_id, pd.Timestamp(one.at))

    def _attempts_in(self, group: str) -> pd.DataFrame:
        if group not in self._attempts:
            session = self._lab.session
            seen_until = session.logs_seen_until()
            self._logs[group] = read_logs(session, group) if group else log_table([])
            self._attempts[group] = believed(attempts_table(self._logs[group]), seen_until)
        return self._attempts[group]

    def _arrivals_in(self, ends: Mapping[str, str]) -> pd.DataFrame:
        key = "|".join(ends.values())
        if key not in self._arrivals:
            found = {name: self._lab.messages(url) for name, url in ends.items()}
            self._arrivals[key] = arrivals_table(found)
        return self._arrivals[key]

    def _holds(self, rig: Rig) -> bool:
        if rig.path != "SQS queue" or not rig.is_own:
            return False
        return queues.counts(self._lab.session, rig.source).total > 0


def _about(table: pd.DataFrame, one: Sent) -> pd.DataFrame:
    def are_about(rows: pd.DataFrame) -> "pd.Series[bool]":
        is_it = rows["message_id"] == one.message_id
        return is_it | (rows["order_id"] == one.order_id) if one.order_id else is_it

    return chosen(table, are_about)


def _abnormal(logs: pd.DataFrame, attempts: pd.DataFrame) -> tuple[str, ...]:
    found = (_ABNORMAL.match(message) for message in logs["message"])
    ours = set(attempts["request_id"])
    told = [match[2].strip() for match in found if match and match[1] in ours]
    return tuple(f"REPORT: {', '.join(text.split(chr(9)))}" for text in dict.fromkeys(told))


def _metrics(lab: Lab, one: Sent, has_run: bool) -> dict[str, float]:
    """Sums since the message was sent, of those metrics that count something."""
    rig = one.rig
    metrics: list[Metric] = []

    def add(namespace: str, names: Iterable[str], dimension: str, resource: str) -> None:
        metrics.extend(Metric(namespace, name, dimension, resource) for name in names)

    if rig.path == "SNS topic":
        add("AWS/SNS", OF_TOPIC, "TopicName", rig.source.rpartition(":")[2])
    elif rig.function:
        add("AWS/Lambda", OF_FUNCTION, "FunctionName", rig.function)
    if rig.mapping:
        add("AWS/Lambda", OF_MAPPING, "EventSourceMappingUUID", rig.mapping)
    if rig.path == "SQS queue" and not has_run and not one.order_id:
        add("AWS/SQS", OF_QUEUE, "QueueName", _queue_name(rig))
    return {metric.name: n for metric, n in sums(lab.session, metrics, one.at).items()}


def _oldest_s(lab: Lab, one: Sent) -> float:
    """How old the oldest message of a source queue has been since this one was sent."""
    if one.rig.path != "SQS queue":
        return 0.0
    age = Metric("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", _queue_name(one.rig))
    return maxima(lab.session, [age], one.at)[age]


def _queue_name(rig: Rig) -> str:
    return rig.source.rpartition("/")[2]
