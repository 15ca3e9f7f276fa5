"""What our services need of the services around them.

Each port says which room is behind it; `localaws.embedded_aws` hands it over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Protocol

from localaws.words.http import Caller


class LogSink(Protocol):
    """CloudWatch Logs: `localaws.logs`."""

    def put(self, group: str, stream: str, events: Sequence[tuple[int, str]]) -> None:
        """Append `(epoch ms, message)` events; makes the group and stream if missing."""

    def missing(self, group: str, stream: str) -> Sequence[str]:
        """The calls that would make what is not there: CreateLogGroup, CreateLogStream."""


class MetricSink(Protocol):
    """CloudWatch metrics: `localaws.emulator`, with `localaws.alarms` in front of it."""

    def put(
        self,
        namespace: str,
        name: str,
        value: float,
        unit: str,
        dimensions: Mapping[str, str],
        *,
        at_s: float | None = None,
    ) -> None:
        """Record one data point.

        Args:
            at_s: when it happened, in virtual seconds since the epoch; None for now.
        """


class Permissions(Protocol):
    """IAM evaluation: `localaws.emulator`."""

    def role_allows(self, role_arn: str, action: str, resource_arn: str) -> bool:
        """Whether the role's policies allow `action` (`sqs:SendMessage`) on the resource."""

    def role_trusts(self, role_arn: str, service: str) -> bool:
        """Whether the role exists and lets `service` (`lambda.amazonaws.com`) assume it."""

    def has_principal(self, arn: str) -> bool:
        """Whether the role or user exists; one of another account is taken for one that does."""

    def resource_policy_allows(
        self,
        policy: Mapping[str, Any] | None,
        *,
        principal_service: str,
        action: str,
        resource_arn: str,
        source_arn: str,
        source_owner: str | None = None,
    ) -> bool:
        """Whether a resource policy lets an AWS service act on behalf of `source_arn`.

        Args:
            source_owner: the account for which it acts as for its owner; a new topic's policy
                asks for that.
        """


class Verdict(Enum):
    """What IAM says to one action of a caller.

    Attributes:
        NOT_SHARED: the resource is another account's, whose policy would have to allow it.
        OUTSIDE_BOUNDARY: only the permissions boundary of the user or role does not allow it.
        OUTSIDE_SESSION: only the policies that the session was assumed with do not allow it.
    """

    ALLOWED = auto()
    NOT_ALLOWED = auto()
    NOT_SHARED = auto()
    OUTSIDE_BOUNDARY = auto()
    OUTSIDE_SESSION = auto()
    DENIED_BY_IDENTITY = auto()
    DENIED_BY_RESOURCE = auto()
    DENIED_BY_BOUNDARY = auto()
    DENIED_BY_SESSION = auto()


class Judge(Protocol):
    """IAM, as callers of the API meet it: `localaws.emulator`."""

    def judge(
        self,
        caller: Caller,
        action: str,
        resource_arn: str,
        policy: Mapping[str, Any] | str | None,
        context: Mapping[str, str] | None = None,
    ) -> Verdict:
        """Whether the caller's policies or the resource's own allow it, and neither denies it.

        Args:
            caller: who calls.
            action: with its service's prefix.
            resource_arn: of the resource, or `*`.
            policy: the resource's own.
            context: condition keys of the service -> what the call has of them.
        """


class EventBus(Protocol):
    """EventBridge: `localaws.emulator`."""

    def put_event(
        self, bus_arn: str, source: str, detail_type: str, resources: list[str], detail: str
    ) -> None:
        """Put one event; raises LookupError when the bus does not exist."""


class ObjectStore(Protocol):
    """S3, for packages of code and as a destination: `localaws.emulator`."""

    def get(self, bucket: str, key: str, version_id: str | None = None) -> bytes:
        """The object's bytes; raises LookupError when it does not exist."""

    def put(self, bucket: str, key: str, body: bytes, by: str) -> None:
        """Store an object for a principal (its ARN).

        Raises:
            LookupError: the bucket does not exist.
        """


@dataclass(frozen=True)
class TemporaryCredentials:
    """Credentials that this endpoint accepts for one role."""

    access_key_id: str
    secret_access_key: str
    session_token: str


class CredentialIssuer(Protocol):
    """STS, as execution environments need it: `localaws.door`."""

    def assume(self, role_arn: str, session_name: str) -> TemporaryCredentials:
        """Credentials for the role's session."""


class UniqueIds(Protocol):
    """IAM, as services need it that name a principal by its id: `localaws.emulator`."""

    def __call__(self, prefix: str, account_id: str, resource: str) -> str:
        """The id of a user (prefix `AIDA`) or role (`AROA`), e.g. of `user/ann`."""


class AsyncInvoke(Protocol):
    """`Invoke` with `InvocationType=Event`, on behalf of a service: `localaws.lambda_`."""

    def __call__(
        self,
        function_arn: str,
        payload: bytes,
        *,
        principal_service: str,
        source_arn: str,
        trace_header: str | None = None,
    ) -> str:
        """Queue an event for a function.

        Args:
            function_arn: with or without qualifier.
            principal_service: who asks, e.g. `sns.amazonaws.com`; the function's resource policy
                must allow it.
            source_arn: for which resource it asks, e.g. the topic.

        Returns:
            The request id that all attempts of the event share.

        Raises:
            AwsError: not accepted: ResourceNotFoundException, AccessDeniedException and other
                errors with a status below 500 will not change by trying again.
        """
