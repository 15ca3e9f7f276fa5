"""Reads what the ledger decides from: logs, queues, records and a few metrics."""

from datetime import datetime, timedelta

from workshop.accounting.fates import Evidence
from workshop.evidence import queues
from workshop.evidence.settings_reader import read_settings
from workshop.lab import Lab
from workshop.target.outputs import Outputs

# Metrics are asked for as one sum; CloudWatch gives at most 1,440 periods of a minute at a time.
_METRICS_OF_S = 86_400


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
        failed, drops = _failed_deliveries(lab, outputs), _unexplained_drops(lab, outputs)
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


def _failed_deliveries(lab: Lab, outputs: Outputs) -> int:
    return sum(
        _sum(lab, "AWS/Lambda", name, FunctionName=outputs.FunctionName)
        for name in ("DeadLetterErrors", "DestinationDeliveryFailures")
    )


def _unexplained_drops(lab: Lab, outputs: Outputs) -> int:
    """Notifications that SNS gave up and could not put into the subscription's DLQ."""
    if "TopicArn" not in outputs:
        return 0
    topic = outputs.TopicArn.rpartition(":")[2]
    given_up = _sum(lab, "AWS/SNS", "NumberOfNotificationsFailed", TopicName=topic)
    kept = _sum(lab, "AWS/SNS", "NumberOfNotificationsRedrivenToDlq", TopicName=topic)
    return max(given_up - kept, 0)


def _sum(lab: Lab, namespace: str, name: str, **dimensions: str) -> int:
    now = lab.clock.now()
    answer = lab.client("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName=name,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        StartTime=now - timedelta(seconds=_METRICS_OF_S),
        EndTime=now + timedelta(seconds=60),
        Period=3600,
        Statistics=["Sum"],
    )
    return sum(int(point["Sum"]) for point in answer["Datapoints"])
