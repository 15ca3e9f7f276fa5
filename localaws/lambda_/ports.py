"""What Lambda's control plane, its data plane and its runtime need of each other."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from localaws.lambda_.model import FunctionVersion, InvocationRequest, InvocationResult
from localaws.words.http import Caller


class Resolved(Protocol):
    """The version that a name and qualifier stand for now, an alias's weights drawn already."""

    @property
    def version(self) -> FunctionVersion: ...
    @property
    def invoked_arn(self) -> str: ...
    @property
    def qualifier(self) -> str | None: ...
    @property
    def state(self) -> str:
        """Pending while the function is being created, then Active."""


class ResourceTags(Protocol):
    """Tags of whatever has an ARN."""

    def register(self, resource_type: str, check: Callable[[str], object]) -> None:
        """Let resources of a type have tags; `check` raises where an ARN has no resource."""

    def add(self, arn: str, tags: Mapping[str, str], caller: Caller) -> None: ...

    def forget(self, arn: str) -> None: ...


@dataclass(frozen=True)
class FunctionUrl:
    """A function URL as whoever serves it needs it.

    Attributes:
        arn: of the function, with the alias if the URL is an alias's.
    """

    url_id: str
    arn: str
    auth_type: str


class Functions(Protocol):
    """The account's functions."""

    @property
    def tags(self) -> ResourceTags: ...

    def resolve(self, name_or_arn: str, qualifier: str | None = None) -> Resolved:
        """Raises ResourceNotFoundException where there is no such function or qualifier."""

    def reserved_concurrency(self, function_name: str) -> int | None: ...

    def provisioned_concurrency(self, function_name: str) -> Mapping[str, int]:
        """The part of its concurrency that is provisioned, by qualifier."""

    def unreserved_concurrency(self) -> int:
        """The concurrency that functions without a share of their own have together."""

    def terminates_recursion(self, function_name: str) -> bool:
        """Whether a chain in which the function triggers itself is stopped; AWS's default."""

    def resource_policy(
        self, function_name: str, qualifier: str | None
    ) -> dict[str, Any] | None: ...

    def function_url(self, url_id: str) -> FunctionUrl | None:
        """The function URL with this id."""

    def on_change(self, changed: Callable[[str, str], None]) -> None:
        """Call `changed(name, "updated" | "deleted")`; a version is `function_name:version`."""


class Environments(Protocol):
    """Where functions run."""

    async def invoke(
        self, version: FunctionVersion, request: InvocationRequest, *, provisioned: bool = False
    ) -> InvocationResult:
        """One run to its end; a function's error is a result.

        Args:
            provisioned: in an environment that was started beforehand.
        """

    def awaiting(self, access_key_id: str) -> AbstractContextManager[None]:
        """While the caller with this key waits for an answer: a handler then does not work."""


class Provisioning(Protocol):
    """Starts environments before anybody invokes."""

    def provision(
        self, version: FunctionVersion, count: int, settled: Callable[[bool], None]
    ) -> None:
        """Start environments; `settled` is told whether their init succeeded."""

    def withdraw(self, version: FunctionVersion) -> None:
        """End those that were started for a version, as soon as they are idle."""
