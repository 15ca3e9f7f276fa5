"""Deliveries: every subscription gets its own, with its own retries and its own DLQ."""

from localaws.sns.delivery_log import DeliveryLog
from localaws.sns.endpoints import Endpoints
from localaws.sns.metrics import TopicMetrics
from localaws.sns.notification import Notification
from localaws.sns.retry_policy import after_failure
from localaws.sns.subscriptions import Subscription
from localaws.sns.topics import Topic
from localaws.time.time import Time
from localaws.words.errors import AwsError
from localaws.words.retries import RetryAt

DELIVERED_PROTOCOLS = ("lambda", "sqs")


class Deliveries:
    """Delivers notifications in virtual time.

    Deliveries run from the scheduler, never inside the call that publishes: a function that a
    delivery starts may publish itself.
    """

    def __init__(
        self,
        time: Time,
        endpoints: Endpoints,
        metrics: TopicMetrics,
        log: DeliveryLog,
    ) -> None:
        self._time = time
        self._endpoints = endpoints
        self._metrics = metrics
        self._log = log

    def start(self, topic: Topic, notification: Notification) -> None:
        """Begin the deliveries of a notification to the subscriptions that accept it."""
        for subscription in list(topic.subscriptions.values()):
            if not subscription.confirmed or subscription.protocol not in DELIVERED_PROTOCOLS:
                continue
            if subscription.accepts(notification):
                self._attempt_at(notification.published_at_s, topic, subscription, notification, 1)
            else:
                self._metrics.count(topic.arn, "NumberOfNotificationsFilteredOut")

    def _attempt_at(
        self,
        when_s: float,
        topic: Topic,
        subscription: Subscription,
        notification: Notification,
        attempt: int,
    ) -> None:
        self._time.call_at(
            when_s, lambda: self._attempt(topic, subscription, notification, attempt)
        )

    def _attempt(
        self, topic: Topic, subscription: Subscription, notification: Notification, attempt: int
    ) -> None:
        try:
            answer = self._endpoints.deliver(notification, subscription)
        except AwsError as error:
            self._failed(topic, subscription, notification, attempt, error)
            return
        self._metrics.count(topic.arn, "NumberOfNotificationsDelivered")
        self._log.delivered(topic, subscription, notification, answer)

    def _failed(
        self,
        topic: Topic,
        subscription: Subscription,
        notification: Notification,
        attempt: int,
        error: AwsError,
    ) -> None:
        decision = after_failure(attempt, error.status, self._time.now_s())
        if isinstance(decision, RetryAt):
            self._attempt_at(decision.when_s, topic, subscription, notification, attempt + 1)
            return
        self._metrics.count(topic.arn, "NumberOfNotificationsFailed")
        self._log.failed(topic, subscription, notification, error)
        if subscription.dead_letter_target_arn is not None:
            self._redrive(topic, subscription, notification)

    def _redrive(
        self, topic: Topic, subscription: Subscription, notification: Notification
    ) -> None:
        try:
            self._endpoints.dead_letter(notification, subscription)
        except AwsError:
            # Nothing catches what a DLQ does not take; only this metric tells.
            self._metrics.count(topic.arn, "NumberOfNotificationsFailedToRedriveToDlq")
        else:
            self._metrics.count(topic.arn, "NumberOfNotificationsRedrivenToDlq")
