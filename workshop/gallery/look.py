"""Reads what AWS keeps about each failure: logs, queues, metrics."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
from botocore.exceptions import ClientError

from workshop.errors import DataError
from workshop.evidence import queues
from workshop.evidence.arrivals import arrivals_table
from workshop.evidence.attempts import attempts_table
from workshop.evidence.logs import log_table, read_logs
from workshop.evidence.metrics import Metric, sums
from workshop.gallery.case import METRICS, Case, Refused, of_message, of_refusal
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
    reader = _Reader(lab)
    return {failure: [reader.case(failure, one) for one in ways] for failure, ways in sent.items()}


class _Reader:
    """Reads each log group and each queue once."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._logs: dict[str, pd.DataFrame] = {}
        self._attempts: dict[str, pd.DataFrame] = {}
        self._arrivals: dict[str, pd.DataFrame] = {}

    def case(self, failure: str, one: Sent | Refused) -> Case:
        if isinstance(one, Refused):
            return of_refusal(failure, one)
        rig, group = one.rig, one.rig.log_group or ""
        attempts = _about(self._attempts_in(group), one.message_id)
        return of_message(
            failure,
            rig.path,
            pd.Timestamp(one.at),
            attempts,
            _about(self._arrivals_in(rig.ends), one.message_id),
            reports=_abnormal(self._logs[group], attempts) if group else (),
            metrics=_metrics(self._lab, one) if rig.is_own else {},
            still_there=self._holds(rig),
            way=one.way,
        )

    def _attempts_in(self, group: str) -> pd.DataFrame:
        if group not in self._attempts:
            self._logs[group] = read_logs(self._lab.session, group) if group else log_table([])
            self._attempts[group] = attempts_table(self._logs[group])
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


def _about(table: pd.DataFrame, message_id: str) -> pd.DataFrame:
    return table[table["message_id"] == message_id].reset_index(drop=True)


def _abnormal(logs: pd.DataFrame, attempts: pd.DataFrame) -> tuple[str, ...]:
    found = (_ABNORMAL.match(message) for message in logs["message"])
    ours = set(attempts["request_id"])
    told = [match[2].strip() for match in found if match and match[1] in ours]
    return tuple(f"REPORT: {', '.join(text.split(chr(9)))}" for text in dict.fromkeys(told))


def _metrics(lab: Lab, one: Sent) -> dict[str, float]:
    """Sums since the message was sent, of those metrics that count something."""
    source, function = one.rig.source, one.rig.function
    metrics = []
    if source.startswith("arn:"):
        topic, names = source.rpartition(":")[2], [name for name in METRICS if "Notif" in name]
        metrics = [Metric("AWS/SNS", name, "TopicName", topic) for name in names]
    elif function:
        names = [name for name in METRICS if "Notif" not in name]
        metrics = [Metric("AWS/Lambda", name, "FunctionName", function) for name in names]
    return {metric.name: n for metric, n in sums(lab.session, metrics, one.at).items()}
