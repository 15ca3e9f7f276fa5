"""How late a target shows what happened."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lateness:
    """For how many seconds a fact may not be seen yet; nothing is concluded from its absence.

    Attributes:
        logs_s: a log event, after it was written.
        counts_s: the Approximate... counts of an SQS queue, after they changed.
        metrics_s: CloudWatch's metrics of a function or topic, after the minute that they are of.
    """

    logs_s: float = 0.0
    counts_s: float = 0.0
    metrics_s: float = 0.0

    @property
    def longest_s(self) -> float:
        """Until every log line and count is seen; 0 where facts are seen at once."""
        return max(self.logs_s, self.counts_s)


# The embedded AWS, unless it is told to be late.
PUNCTUAL = Lateness()
# AWS gives no bound for logs: seconds is what is seen. For the counts it names a minute:
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
# Nor is there one for metrics of functions and topics: up to two minutes for a new one, says
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/publishingMetrics.html
LATE = Lateness(logs_s=30.0, counts_s=60.0, metrics_s=180.0)
