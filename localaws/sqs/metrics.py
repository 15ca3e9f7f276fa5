"""AWS/SQS metrics of one queue, published at full minutes.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from localaws.sqs.limits import METRICS_ACTIVE_S, METRICS_PERIOD_S
from localaws.time.scheduler import Timer
from localaws.time.time import Time
from localaws.words.ports import MetricSink

NAMESPACE = "AWS/SQS"


@dataclass
class Counters:
    """What happened since the last publication."""

    sent: int = 0
    sent_bytes: int = 0
    received: int = 0
    deleted: int = 0
    empty_receives: int = 0


@dataclass(frozen=True)
class Gauges:
    """How the queue stands at the moment of publication."""

    visible: int
    not_visible: int
    delayed: int
    oldest_age_s: float


@dataclass
class QueueMetrics:
    """Counts what happens to a queue and publishes it.

    After something happened, the next full minute is a foreground timer: an alarm on it can be
    waited for. From then on the queue goes on publishing in the background for the six hours that
    AWS calls it active, so that an alarm on a standing value keeps its state.
    """

    queue_name: str
    time: Time
    sink: MetricSink
    gauges: Callable[[], Gauges]
    _counters: Counters = field(default_factory=Counters)
    _timer: Timer | None = None
    _foreground: bool = False
    _active_until_s: float = 0.0

    def sent(self, size_bytes: int) -> None:
        """A message was sent by a caller; a redrive is none (it calls `changed`)."""
        self._counters.sent += 1
        self._counters.sent_bytes += size_bytes
        self.changed()

    def received(self, messages: int) -> None:
        self._counters.received += messages
        self.changed()

    def empty_receive(self) -> None:
        self._counters.empty_receives += 1
        self.changed()

    def deleted(self) -> None:
        self._counters.deleted += 1
        self.changed()

    def changed(self) -> None:
        """Something happened that the gauges show; publish it at the next full minute."""
        self._active_until_s = self.time.now_s() + METRICS_ACTIVE_S
        if not self._foreground:
            self._schedule(foreground=True)

    def stop(self) -> None:
        """The queue is deleted."""
        if self._timer is not None:
            self._timer.cancel()
        self._foreground = True  # Nothing is scheduled any more.

    def _schedule(self, foreground: bool) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._foreground = foreground
        next_minute_s = (math.floor(self.time.now_s() / METRICS_PERIOD_S) + 1) * METRICS_PERIOD_S
        self._timer = self.time.call_at(next_minute_s, self._publish, background=not foreground)

    def _publish(self) -> None:
        counters, self._counters = self._counters, Counters()
        self._foreground = False
        self._put_gauges(self.gauges())
        self._put("NumberOfMessagesSent", counters.sent)
        self._put("NumberOfMessagesReceived", counters.received)
        self._put("NumberOfMessagesDeleted", counters.deleted)
        self._put("NumberOfEmptyReceives", counters.empty_receives)
        if counters.sent:
            self._put("SentMessageSize", counters.sent_bytes / counters.sent, "Bytes")
        if self.time.now_s() < self._active_until_s and not self._foreground:
            self._schedule(foreground=False)

    def _put_gauges(self, gauges: Gauges) -> None:
        self._put("ApproximateNumberOfMessagesVisible", gauges.visible)
        self._put("ApproximateNumberOfMessagesNotVisible", gauges.not_visible)
        self._put("ApproximateNumberOfMessagesDelayed", gauges.delayed)
        self._put("ApproximateAgeOfOldestMessage", gauges.oldest_age_s, "Seconds")

    def _put(self, name: str, value: float, unit: str = "Count") -> None:
        # What is published at a full minute describes the minute that has just ended.
        minute_s = math.floor(self.time.now_s() / METRICS_PERIOD_S) * METRICS_PERIOD_S
        dimensions = {"QueueName": self.queue_name}
        self.sink.put(NAMESPACE, name, value, unit, dimensions, at_s=minute_s - 1)
