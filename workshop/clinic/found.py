"""The settings of the patients, as AWS returns them now. Pure: `reading` asks AWS."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# What Lambda does where nothing is configured:
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html
DEFAULT_RETRIES, DEFAULT_AGE_S = 2, 21_600
UNQUALIFIED = "$LATEST"


@dataclass(frozen=True)
class SourceSettings:
    """A queue in front of a function.

    Attributes:
        arn: of the queue.
        visibility_s: its visibility timeout.
        retention_s: how long it keeps a message.
        timeout_s: the function's timeout.
        window_s: the mapping's batching window.
        mapping: state of the event source mapping, "" where there is none.
        refusal: what AWS said when one was to be made.
        receives: maxReceiveCount; None without a redrive policy.
        dlq_arn: where the redrive policy leads, "" without one.
        dlq_retention_s: how long that queue keeps a message; None where there is no such queue.
        reserved: the function's reserved concurrency; None without one.
    """

    arn: str
    visibility_s: int
    retention_s: int
    timeout_s: int
    window_s: int = 0
    mapping: str = "Enabled"
    refusal: str = ""
    receives: int | None = None
    dlq_arn: str = ""
    dlq_retention_s: int | None = None
    reserved: int | None = None

    @property
    def held_s(self) -> int:
        """How long all receives together take, before the queue gives a message up."""
        return (self.receives or 0) * self.visibility_s


@dataclass(frozen=True)
class Invokers:
    """Who may invoke a function.

    Attributes:
        statements: of its resource policy.
        topic_arn: the topic that should.
        account: the account of both.
    """

    statements: tuple[Mapping[str, Any], ...]
    topic_arn: str
    account: str


@dataclass(frozen=True)
class EventConfig:
    """One configuration of asynchronous invocation; the defaults are Lambda's."""

    retries: int = DEFAULT_RETRIES
    age_s: int = DEFAULT_AGE_S
    destination: str = ""


@dataclass(frozen=True)
class Events:
    """A function that is invoked asynchronously.

    Attributes:
        sent_to: the qualifier that events are sent to.
        configs: qualifier -> its configuration.
        timeout_s: the function's timeout.
        own_arn: the queue that was made for records.
        is_there: whether the queue of the configuration that counts exists.
    """

    sent_to: str
    timeout_s: int
    own_arn: str
    configs: Mapping[str, EventConfig] = field(default_factory=dict)
    is_there: bool = True

    @property
    def config(self) -> EventConfig:
        """The configuration that counts for the events that are sent."""
        return self.configs.get(self.sent_to, EventConfig())
