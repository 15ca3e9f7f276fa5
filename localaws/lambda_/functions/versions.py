"""How versions come to be: states that take a moment, publishing, and the API of versions."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from localaws.lambda_.absent import refuse_absent
from localaws.lambda_.errors import (
    InvalidParameterValueException,
    ResourceConflictException,
    check_revision,
)
from localaws.lambda_.functions.configuration import FunctionConfiguration
from localaws.lambda_.functions.function import (
    Function,
    FunctionRegistry,
    StoredVersion,
    new_revision_id,
)
from localaws.lambda_.functions.views import version_summary, version_view
from localaws.lambda_.model import LATEST, FunctionVersion
from localaws.lambda_.operation import LambdaOperation
from localaws.lambda_.paging import page
from localaws.time.time import Time
from localaws.words.http import Caller

# AWS takes a second or several; long enough here to be seen, short enough not to be felt.
TRANSITION_S = 0.5


class Versions:
    """Makes versions, moves them through their states and publishes them."""

    def __init__(self, time: Time, registry: FunctionRegistry) -> None:
        self._time = time
        self._registry = registry

    def operations(self) -> Mapping[str, LambdaOperation]:
        return {
            "PublishVersion": self._publish_version,
            "ListVersionsByFunction": self._list_versions,
        }

    def make(
        self, name: str, arn: str, configuration: FunctionConfiguration, version: str = LATEST
    ) -> StoredVersion:
        """A version that is Pending, and Active a moment later."""
        stored = StoredVersion(
            version=version,
            configuration=configuration,
            runnable=runnable(name, arn, version, configuration),
            last_modified_s=self._time.now_s(),
        )
        self._begin_transition(stored)
        return stored

    @contextmanager
    def uploading(self, function: Function) -> Iterator[None]:
        """New code of $LATEST is on its way: an update is InProgress, and what was there runs."""
        latest = function.latest
        before, latest.last_update_status = latest.last_update_status, "InProgress"
        latest.uploading = True
        try:
            yield
        finally:
            latest.uploading = False
            latest.last_update_status = before

    def update(self, function: Function, configuration: FunctionConfiguration) -> None:
        """Give $LATEST another configuration: InProgress, and Successful a moment later."""
        latest = function.latest
        latest.configuration = configuration
        latest.runnable = runnable(function.name, function.arn, LATEST, configuration)
        latest.last_modified_s = float(int(self._time.now_s()))  # AWS: in whole seconds
        latest.revision_id = new_revision_id()
        latest.last_update_status = "InProgress"
        self._begin_transition(latest)

    def publish(self, function: Function, description: str | None = None) -> StoredVersion:
        """Freeze $LATEST as the next version; what is unchanged is not published again."""
        configuration = function.latest.configuration
        newest = next(reversed(function.published.values()), None)
        if newest and newest.published_from == configuration:
            return newest
        frozen = configuration if description is None else _described(configuration, description)
        number = str(function.next_version)
        function.next_version += 1
        version = self.make(function.name, function.arn, frozen, number)
        version.published_from = configuration
        # A snapshot takes its time; anything else is ready as $LATEST is.
        if function.latest.settled and frozen.snap_start_apply_on == "None":
            _end_transition(version)
        function.published[number] = version
        function.latest.revision_id = new_revision_id()
        return version

    def settle(self, function: Function) -> None:
        """End every creation and update of a function now, as if its time had passed."""
        for version in function.versions():
            if version.transition:
                version.transition.run()

    def check_idle(self, function: Function) -> None:
        """Refuse to change a function whose creation or update is under way."""
        if function.latest.settled:
            return
        if function.latest.state == "Pending":
            raise ResourceConflictException(
                "The operation cannot be performed at this time. The function is currently in the "
                "following state: Pending"
            )
        raise ResourceConflictException(
            "The operation cannot be performed at this time. An update is in progress for "
            f"resource: {function.arn}"
        )

    def _publish_version(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        refuse_absent(params)
        function = self._registry.get(self._registry.names.request(params))
        check_revision(function.latest.revision_id, params)
        self.check_idle(function)
        expected = params.get("CodeSha256")
        current = function.latest.configuration.package.sha256
        if expected and expected != current:
            raise InvalidParameterValueException(
                f"CodeSHA256 ({expected}) is different from current CodeSHA256 in $LATEST "
                f"({current}). Please try again with the CodeSHA256 in $LATEST."
            )
        version = self.publish(function, params.get("Description"))
        return version_view(version, version.runnable.qualified_arn)

    def _list_versions(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        function = self._registry.get(self._registry.names.request(params))
        versions = [version_summary(v, v.runnable.qualified_arn) for v in function.versions()]
        return page("Versions", versions, params)

    def _begin_transition(self, version: StoredVersion) -> None:
        version.transition = self._time.call_at(
            self._time.now_s() + TRANSITION_S, lambda: _ended(version)
        )


def runnable(
    name: str, arn: str, version: str, configuration: FunctionConfiguration
) -> FunctionVersion:
    """What execution environments need of a configuration, under a new revision."""
    return FunctionVersion(
        function_name=name,
        arn=arn,
        version=version,
        runtime=configuration.runtime,
        handler=configuration.handler,
        role_arn=configuration.role_arn,
        timeout_s=configuration.timeout_s,
        memory_mb=configuration.memory_mb,
        code_dir=configuration.package.directory,
        revision_id=new_revision_id(),
        logging=configuration.logging,
        environment=dict(configuration.environment or {}),
        layer_dirs=tuple(layer.package.directory for layer in configuration.layers),
        dead_letter_target_arn=configuration.dead_letter_target_arn,
    )


def _described(configuration: FunctionConfiguration, description: str) -> FunctionConfiguration:
    return replace(configuration, description=description)


def _end_transition(version: StoredVersion) -> None:
    if version.transition:
        version.transition.cancel()
    version.state = "Active"
    version.last_update_status = "Successful"


def _ended(version: StoredVersion) -> None:
    version.state = "Active"
    version.last_update_status = "Successful"
    version.revision_id = new_revision_id()
