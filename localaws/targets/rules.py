"""Events on their way from a rule to its targets: retries, a DLQ, and what the metrics say.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localaws.targets.reach import OnBehalf, Reach
from localaws.targets.retry_policy import Undeliverable, after_failure, error_code
from localaws.time.time import Time
from localaws.words.arns import service_of
from localaws.words.errors import AwsError
from localaws.words.ports import MetricSink
from localaws.words.retries import RetryAt

_EVENTBRIDGE = "events.amazonaws.com"


@dataclass(frozen=True)
class RuleDelivery:
    """One event for one target of a rule.

    Attributes:
        rule: as DescribeRule gives it: Arn, Name, EventBusName.
        target: as PutTargets takes it: Arn, SqsParameters, RetryPolicy, DeadLetterConfig.
        payload: what the target gets, an InputTransformer's work included.
        event: the event itself, which a DLQ gets.
    """

    rule: Mapping[str, Any]
    target: Mapping[str, Any]
    payload: str
    event: str

    @property
    def by(self) -> OnBehalf:
        """The rule, as the target's policy knows it."""
        return OnBehalf(_EVENTBRIDGE, self.rule["Arn"])


class RuleDeliveries:
    """Delivers in virtual time; nobody who put an event learns what became of it."""

    def __init__(self, time: Time, reach: Reach, metrics: MetricSink) -> None:
        self._time = time
        self._reach = reach
        self._metrics = metrics

    def deliver(self, delivery: RuleDelivery) -> None:
        """Try now, again later where that may help, and then the DLQ."""
        self._attempt(delivery, 0, self._time.now_s())

    def fail(self, delivery: RuleDelivery, error: AwsError) -> None:
        """Deal with a target that could not be reached, and that is none of our services."""
        self._failed(delivery, 0, self._time.now_s(), error)

    def _attempt(self, delivery: RuleDelivery, retries: int, first_s: float) -> None:
        self._count(delivery, "RetryInvocationAttempts" if retries else "Invocations")
        try:
            self._hand_over(delivery)
        except AwsError as error:
            self._failed(delivery, retries, first_s, error)

    def _hand_over(self, delivery: RuleDelivery) -> None:
        arn, payload, by = delivery.target["Arn"], delivery.payload, delivery.by
        service = service_of(arn)
        if service == "lambda":
            self._reach.invoke(arn, payload, by)
        elif service == "sqs":
            group_id = delivery.target.get("SqsParameters", {}).get("MessageGroupId")
            self._reach.send(arn, payload, by, group_id=group_id)
        else:
            self._reach.publish(arn, payload, by)

    def _failed(
        self, delivery: RuleDelivery, retries: int, first_s: float, error: AwsError
    ) -> None:
        policy = delivery.target.get("RetryPolicy", {})
        decision = after_failure(retries, error, first_s, self._time.now_s(), policy)
        if isinstance(decision, RetryAt):
            self._time.call_at(
                decision.when_s, lambda: self._attempt(delivery, retries + 1, first_s)
            )
            return
        self._count(delivery, "FailedInvocations")
        if dlq_arn := delivery.target.get("DeadLetterConfig", {}).get("Arn"):
            self._dead_letter(delivery, dlq_arn, _attributes(delivery, retries, error, decision))

    def _dead_letter(
        self, delivery: RuleDelivery, queue_arn: str, attributes: Mapping[str, Any]
    ) -> None:
        try:
            self._reach.send(queue_arn, delivery.event, delivery.by, attributes=attributes)
        except AwsError:
            # Nothing catches what a DLQ does not take; only this metric tells.
            self._count(delivery, "InvocationsFailedToBeSentToDlq")
        else:
            self._count(delivery, "InvocationsSentToDlq")

    def _count(self, delivery: RuleDelivery, metric: str) -> None:
        dimensions = {"RuleName": delivery.rule["Name"]}
        if (bus := delivery.rule.get("EventBusName", "default")) != "default":
            dimensions = {"EventBusName": bus, **dimensions}
        self._metrics.put("AWS/Events", metric, 1.0, "Count", dimensions)


def _attributes(
    delivery: RuleDelivery, retries: int, error: AwsError, given_up: Undeliverable
) -> dict[str, dict[str, str]]:
    told = {
        "RULE_ARN": delivery.rule["Arn"],
        "TARGET_ARN": delivery.target["Arn"],
        "ERROR_CODE": error_code(error),
        "ERROR_MESSAGE": error.message,
        "RETRY_ATTEMPTS": str(retries),
    }
    if given_up.exhausted:
        told["EXHAUSTED_RETRY_CONDITION"] = given_up.exhausted
    return {name: {"DataType": "String", "StringValue": value} for name, value in told.items()}
