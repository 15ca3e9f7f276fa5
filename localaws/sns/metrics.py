"""The metrics of a topic: https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html"""

from localaws.words.ports import MetricSink


class TopicMetrics:
    """CloudWatch metrics in `AWS/SNS`, dimension TopicName."""

    def __init__(self, metrics: MetricSink) -> None:
        self._metrics = metrics

    def count(self, topic_arn: str, name: str) -> None:
        """One more of something."""
        self._put(topic_arn, name, 1, "Count")

    def published(self, topic_arn: str, size_bytes: int) -> None:
        """A message was accepted."""
        self.count(topic_arn, "NumberOfMessagesPublished")
        self._put(topic_arn, "PublishSize", size_bytes, "Bytes")

    def _put(self, topic_arn: str, name: str, value: float, unit: str) -> None:
        topic_name = topic_arn.rpartition(":")[2]
        self._metrics.put("AWS/SNS", name, value, unit, {"TopicName": topic_name})
