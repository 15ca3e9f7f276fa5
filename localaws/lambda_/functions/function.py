"""A function as the account holds it: its versions, aliases and settings."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import uuid4

from localaws.lambda_.errors import function_not_found
from localaws.lambda_.functions.configuration import FunctionConfiguration
from localaws.lambda_.functions.resource_policy import ResourcePolicy
from localaws.lambda_.model import LATEST, FunctionVersion
from localaws.lambda_.names import FunctionNames, FunctionReference
from localaws.time.scheduler import Timer


def new_revision_id() -> str:
    """A fresh RevisionId."""
    return str(uuid4())


@dataclass
class StoredVersion:
    """One version: what it is, and how far Lambda is with it.

    Attributes:
        runnable: what runs it. Its revision changes with code or configuration only, so that
            environments stay when nothing but the state changed.
        revision_id: what the API shows; changes with the state too.
        state: Pending or Active.
        last_update_status: InProgress, Successful, or None while it is being created.
        uploading: new code of it is on its way.
        transition: the end of the creation or update under way.
        published_from: the configuration of $LATEST that was published.
        runtime_management: when Lambda would update the runtime; here runtimes never change.
    """

    version: str
    configuration: FunctionConfiguration
    runnable: FunctionVersion
    last_modified_s: float
    revision_id: str = field(default_factory=new_revision_id)
    state: str = "Pending"
    last_update_status: str | None = None
    uploading: bool = False
    transition: Timer | None = None
    published_from: FunctionConfiguration | None = None
    runtime_management: dict[str, str] = field(default_factory=lambda: {"UpdateRuntimeOn": "Auto"})

    @property
    def settled(self) -> bool:
        """No creation or update is under way."""
        return not self.uploading and (self.transition is None or self.transition.cancelled)


@dataclass
class Alias:
    """A name for a version, and the share of invocations that another version takes."""

    name: str
    version: str
    description: str = ""
    weights: dict[str, float] = field(default_factory=dict)
    revision_id: str = field(default_factory=new_revision_id)


@dataclass
class ProvisionedConcurrency:
    """Environments promised to a version or alias: requested, and a while later allocated.

    Attributes:
        failed: they could not be initialised.
    """

    requested: int
    last_modified_s: float
    allocated: int = 0
    failed: bool = False

    def settle(self, ready: bool) -> None:
        """The environments have been started, or have failed to start."""
        self.allocated = self.requested if ready else 0
        self.failed = not ready


@dataclass
class Function:
    """A function.

    Attributes:
        published: by version number.
        policies: by qualifier, None for the function itself.
        provisioned: by qualifier.
    """

    name: str
    arn: str
    latest: StoredVersion
    published: dict[str, StoredVersion] = field(default_factory=dict)
    aliases: dict[str, Alias] = field(default_factory=dict)
    policies: dict[str | None, ResourcePolicy] = field(default_factory=dict)
    provisioned: dict[str, ProvisionedConcurrency] = field(default_factory=dict)
    next_version: int = 1
    reserved_concurrency: int | None = None
    recursive_loop: str = "Terminate"
    code_signing_config_arn: str | None = None

    def versions(self) -> list[StoredVersion]:
        """$LATEST, then the published versions in order."""
        return [self.latest, *self.published.values()]

    def version(self, qualifier: str | None) -> StoredVersion | None:
        """The version that a qualifier names, an alias's main version included."""
        if qualifier is None or qualifier == LATEST:
            return self.latest
        alias = self.aliases.get(qualifier)
        return self.published.get(alias.version if alias else qualifier) or (
            self.latest if alias and alias.version == LATEST else None
        )


class FunctionRegistry:
    """The account's functions by name."""

    def __init__(self, names: FunctionNames) -> None:
        self.names = names
        self._functions: dict[str, Function] = {}

    def __iter__(self) -> Iterator[Function]:
        return iter(sorted(self._functions.values(), key=lambda function: function.name))

    def add(self, function: Function) -> None:
        self._functions[function.name] = function

    def remove(self, function: Function) -> None:
        del self._functions[function.name]

    def find(self, reference: FunctionReference) -> Function | None:
        """The function that a reference names, whatever its qualifier."""
        return self._functions.get(reference.name)

    def get(self, reference: FunctionReference) -> Function:
        """As `find`; raises ResourceNotFoundException with the ARN as the caller gave it."""
        function = self.find(reference)
        if function is None:
            raise function_not_found(reference.invoked_arn)
        return function

    def get_version(self, reference: FunctionReference) -> StoredVersion:
        """The version that a reference names; raises ResourceNotFoundException."""
        version = self.get(reference).version(reference.qualifier)
        if version is None:
            raise function_not_found(reference.invoked_arn)
        return version
