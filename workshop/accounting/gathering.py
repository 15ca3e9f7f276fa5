"""Reads what the ledger decides from: logs, queues, records and a few metrics."""

from datetime import datetime, timedelta

from workshop.accounting.evidence import Evidence
from workshop.evidence import queues
from workshop.evidence.metrics import Metric, by_minute, sums
from workshop.evidence.settings_reader import read_settings
from workshop.lab import Lab
from workshop.target.outputs import Outputs

# Longer than an event stays in Lambda's event queue.
_METRICS_OF = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


def gather(lab: Lab, pattern: str, sent_by: datetime | None = None) -> Evidence:
    """What AWS shows about one pattern now; `sent_by`: when the orders had been sent, if known."""
    outputs = lab.outputs(pattern)
    settings = read_settings(lab.session, outputs)
    # Queues before logs: a message that is processed in between is then counted as processed.
    arrivals = lab.arrivals(pattern)
    queued = retention_s = None
    failed = drops = 0
    if "SourceQueueUrl" in outputs:
        queued = lab.queue_counts(outputs.SourceQueueUrl).total
        found = queues.attributes(lab.session, outputs.SourceQueueUrl)
        retention_s = float(found.get("MessageRetentionPeriod", 345_600))
    attempts = lab.attempts(pattern)
    if queued is None:
        failed, drops = failures(lab, outputs)
    return Evidence(
        attempts,
        arrivals,
        settings,
        lab.clock.now(),
        queued,
        retention_s,
        failed,
        drops,
        lab.session.lateness,
        sent_by,
    )


def failures(lab: Lab, outputs: Outputs) -> tuple[int, int]:
    """What metrics of Lambda and SNS alone tell of an asynchronous function's events.

    Returns:
        Events that their DLQ or destination did not take, and notifications that SNS gave up and
        could not put into the subscription's DLQ.
    """
    refused = [
        Metric("AWS/Lambda", name, "FunctionName", outputs.FunctionName)
        for name in ("DeadLetterErrors", "DestinationDeliveryFailures")
    ]
    topic = outputs.source.rpartition(":")[2]
    given_up, kept = (
        Metric("AWS/SNS", f"NumberOfNotifications{what}", "TopicName", topic)
        for what in ("Failed", "RedrivenToDlq")
    )
    since = lab.clock.now() - _METRICS_OF
    counted = sums(lab.session, [*refused, given_up, kept], since)
    failed = sum(counted[metric] for metric in refused)
    dropped = counted[given_up]
    if dropped and lab.session.lateness.metrics_s:
        dropped = _long_ago(lab, given_up, since)
    return int(failed), int(max(dropped - counted[kept], 0))


def _long_ago(lab: Lab, given_up: Metric, since: datetime) -> float:
    """What SNS gave up in minutes of which every metric is seen by now.

    Of a later one CloudWatch may show what was given up before it shows what the DLQ took.
    """
    now = lab.clock.now()
    until = now - _MINUTE - timedelta(seconds=lab.session.lateness.metrics_s)
    minutes = by_minute(lab.session, given_up, since, now)
    return sum(number for minute, number in minutes if minute <= until)
