"""A queue's attributes over time: creation, changes, and what they mean for the queue."""

from collections.abc import Callable, Mapping

from localaws.sqs import attributes as queue_attributes
from localaws.sqs.ports import TargetQueue
from localaws.sqs.queue_settings import QueueSettings
from localaws.sqs.redrive import RedriveAllowPolicy, RedrivePolicy, refused_policy
from localaws.time.clock import Clock
from localaws.words.arns import region_of
from localaws.words.propagation import Changes


class QueueConfiguration:
    """The attributes of one queue as text and as values.

    Attributes:
        attributes: as they are shown.
        in_effect: as the queue goes by them; where propagation takes time, the same after it.
        settings: those in effect, as values.

    Args:
        find: the queue of an ARN, to check a redrive policy's target.
    """

    def __init__(
        self,
        arn: str,
        is_fifo: bool,
        attributes: Mapping[str, str],
        clock: Clock,
        find: Callable[[str], TargetQueue | None],
    ) -> None:
        self._arn = arn
        self._is_fifo = is_fifo
        self._clock = clock
        self._find = find
        self._created_at_s = clock.now_s()
        self.attributes: dict[str, str] = {}
        self.in_effect: dict[str, str] = {}
        self.take_effect(self._written(queue_attributes.initial(attributes, is_fifo)))

    def change(self, attributes: Mapping[str, str]) -> Changes:
        """Check and write; an empty value means the default. Nothing changes if one is refused.

        Returns:
            What has to take effect.
        """
        written = queue_attributes.changed(self.attributes, attributes, self._is_fifo)
        return {name: written.get(name) for name in attributes} | self._written(written)

    def take_effect(self, changes: Changes) -> None:
        """Go by these attributes from now on."""
        merged = {**self.in_effect, **changes}
        self.in_effect = {name: value for name, value in merged.items() if value is not None}
        self.settings = QueueSettings.of(self.in_effect)

    def described(self, counts: tuple[int, int, int]) -> dict[str, str]:
        """Everything that GetQueueAttributes can show."""
        return {
            "QueueArn": self._arn,
            **dict(zip(queue_attributes.COUNTERS, map(str, counts), strict=True)),
            "CreatedTimestamp": str(int(self._created_at_s)),
            "LastModifiedTimestamp": str(int(self._modified_at_s)),
            **self.attributes,
        }

    def _written(self, attributes: dict[str, str]) -> dict[str, str | None]:
        """Show these attributes from now on; returns those that differ."""
        settings = QueueSettings.of(attributes)
        # Only a new policy is checked: a DLQ that was deleted since must not block other changes.
        known = self.attributes.get("RedrivePolicy")
        text = attributes.get("RedrivePolicy")
        if settings.redrive is not None and text is not None and text != known:
            self._check_target(settings.redrive, text)
        before, self.attributes = self.attributes, attributes
        self._modified_at_s = self._clock.now_s()
        return {
            name: attributes.get(name)
            for name in before.keys() | attributes.keys()
            if before.get(name) != attributes.get(name)
        }

    def _check_target(self, policy: RedrivePolicy, text: str) -> None:
        """As in https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/sqs."""
        if policy.dead_letter_target_arn.endswith(".fifo") != self._is_fifo:
            raise refused_policy(
                text, "Dead-letter queue must be same type of queue as the source.."
            )
        if region_of(policy.dead_letter_target_arn) != region_of(self._arn):
            raise refused_policy(text, "Dead-letter target must be in same region as the source.")
        target = self._find(policy.dead_letter_target_arn)
        if target is None:
            raise refused_policy(text, "Dead letter target does not exist.")
        allow: RedriveAllowPolicy = target.settings.redrive_allow
        if not allow.allows(self._arn):
            raise refused_policy(
                text,
                "The dead-letter queue's redrive allow policy does not allow this queue to use it.",
            )
