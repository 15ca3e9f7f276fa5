"""Settings of asynchronous invocation, per function, version and alias: the API and its store."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from localaws.lambda_.asynchronous.retry_policy import AsyncSettings
from localaws.lambda_.errors import InvalidParameterValueException, ResourceNotFoundException
from localaws.lambda_.model import LATEST
from localaws.lambda_.names import FunctionNames, FunctionReference
from localaws.lambda_.paging import page
from localaws.lambda_.ports import Functions, Resolved
from localaws.time.clock import Clock
from localaws.wire.skin import Operation
from localaws.words.arns import region_of, service_of
from localaws.words.errors import AwsError
from localaws.words.http import Caller
from localaws.words.ports import Permissions

# What the role must be allowed on a destination of each service.
_ACTIONS = {
    "sqs": "SendMessage",
    "sns": "Publish",
    "lambda": "InvokeFunction",
    "events": "PutEvents",
    "s3": "PutObject",
}


@dataclass(frozen=True)
class EventInvokeConfig:
    """One FunctionEventInvokeConfig; what is None was never set."""

    maximum_retry_attempts: int | None = None
    maximum_event_age_s: int | None = None
    on_success: str | None = None
    on_failure: str | None = None
    last_modified_s: float = 0.0

    @property
    def settings(self) -> AsyncSettings:
        """The retry settings in force, AWS's defaults where none were set."""
        default = AsyncSettings()
        retries, age_s = self.maximum_retry_attempts, self.maximum_event_age_s
        return AsyncSettings(
            default.maximum_retry_attempts if retries is None else retries,
            default.maximum_event_age_s if age_s is None else age_s,
        )

    def describe(self, function_arn: str) -> dict[str, Any]:
        """The API's answer."""
        described: dict[str, Any] = {
            "LastModified": self.last_modified_s,
            "FunctionArn": function_arn,
            "DestinationConfig": {
                "OnSuccess": _destination(self.on_success),
                "OnFailure": _destination(self.on_failure),
            },
        }
        if self.maximum_retry_attempts is not None:
            described["MaximumRetryAttempts"] = self.maximum_retry_attempts
        if self.maximum_event_age_s is not None:
            described["MaximumEventAgeInSeconds"] = self.maximum_event_age_s
        return described


class EventInvokeConfigs:
    """The configurations of all functions. None is inherited: an alias has its own or none."""

    def __init__(
        self, *, clock: Clock, names: FunctionNames, functions: Functions, permissions: Permissions
    ) -> None:
        self._clock = clock
        self._names = names
        self._functions = functions
        self._permissions = permissions
        self._configs: dict[tuple[str, str], EventInvokeConfig] = {}
        functions.on_change(self._function_changed)

    def of(self, function_name: str, qualifier: str | None) -> EventInvokeConfig:
        """What is in force for events sent to this function and qualifier."""
        return self._configs.get((function_name, qualifier or LATEST), EventInvokeConfig())

    def operations(self) -> Mapping[str, Operation]:
        return {
            "PutFunctionEventInvokeConfig": self._put,
            "UpdateFunctionEventInvokeConfig": self._update,
            "GetFunctionEventInvokeConfig": self._get,
            "DeleteFunctionEventInvokeConfig": self._delete,
            "ListFunctionEventInvokeConfigs": self._list,
        }

    def _put(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        return self._store(params, EventInvokeConfig())

    def _update(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        reference = self._names.request(params)
        self._existing(reference)
        return self._store(params, self._configured(reference))

    def _get(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        reference = self._names.request(params)
        return self._configured(reference).describe(reference.qualified_arn)

    def _delete(self, params: dict[str, Any], caller: Caller) -> None:
        reference = self._names.request(params)
        self._configured(reference)
        del self._configs[_key(reference)]

    def _list(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        reference = self._names.request(params)
        self._existing(FunctionReference(reference.name, reference.arn))
        described = [
            config.describe(f"{reference.arn}:{qualifier}")
            for (name, qualifier), config in sorted(self._configs.items(), key=lambda item: item[0])
            if name == reference.name
        ]
        return page("FunctionEventInvokeConfigs", described, params)

    def _store(self, params: dict[str, Any], before: EventInvokeConfig) -> dict[str, Any]:
        reference = self._names.request(params)
        resolved = self._existing(reference)
        settings = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
        if all(params.get(setting) is None for setting in settings):
            raise InvalidParameterValueException(
                "You must specify at least one of error handling or destination setting."
            )
        destinations = params.get("DestinationConfig") or {}
        self._check_destinations(destinations, resolved)
        config = _merged(before, params, destinations, self._clock.now_s())
        self._configs[_key(reference)] = config
        return config.describe(reference.qualified_arn)

    def _existing(self, reference: FunctionReference) -> Resolved:
        try:
            return self._functions.resolve(reference.name, reference.qualifier)
        except AwsError as error:
            if error.status != 404:
                raise
            raise ResourceNotFoundException("The function doesn't exist.") from None

    def _configured(self, reference: FunctionReference) -> EventInvokeConfig:
        config = self._configs.get(_key(reference))
        if config is None:
            raise ResourceNotFoundException(
                f"The function {reference.qualified_arn} doesn't have an EventInvokeConfig"
            )
        return config

    def _check_destinations(self, destinations: dict[str, Any], resolved: Resolved) -> None:
        on_success = (destinations.get("OnSuccess") or {}).get("Destination")
        on_failure = (destinations.get("OnFailure") or {}).get("Destination")
        region = region_of(resolved.version.arn)
        for arn, only_failures in ((on_success, False), (on_failure, True)):
            if arn and not _is_possible(arn, region, only_failures):
                raise InvalidParameterValueException(
                    "The provided destination config DestinationConfig("
                    f"onSuccess={_shown('OnSuccess', on_success)}, "
                    f"onFailure={_shown('OnFailure', on_failure)}) is invalid."
                )
        for arn in (on_success, on_failure):
            if arn:
                _check_topic_order(arn)
                self._check_destination(arn, resolved)

    def _check_destination(self, arn: str, resolved: Resolved) -> None:
        service = service_of(arn)
        if service == "lambda":
            self._check_function_destination(arn, resolved)
        action = _ACTIONS[service]
        target = f"{arn}/*" if service == "s3" else arn
        role_arn = resolved.version.role_arn
        if not self._permissions.role_allows(role_arn, f"{service}:{action}", target):
            raise InvalidParameterValueException(
                f"The function's execution role does not have permissions to call {action} on {arn}"
            )

    def _check_function_destination(self, arn: str, resolved: Resolved) -> None:
        try:
            destination = self._functions.resolve(arn)
        except AwsError:
            raise InvalidParameterValueException(f"The destination ARN {arn} is invalid.") from None
        if destination.version.arn == resolved.version.arn:
            raise InvalidParameterValueException(
                "You can't specify the function as a destination for itself."
            )

    def _function_changed(self, function_name: str, change: str) -> None:
        if change == "deleted":
            for key in [key for key in self._configs if key[0] == function_name]:
                del self._configs[key]


def _is_possible(arn: str, region: str, only_failures: bool) -> bool:
    """Whether events may go there at all: not to a FIFO queue, nor to another region.

    As AWS answered in the pf-lambda-eic rules of
    https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda.
    """
    service = service_of(arn)
    if service == "s3":
        return only_failures
    is_ordered = service == "sqs" and arn.endswith(".fifo")
    return service in _ACTIONS and region_of(arn) == region and not is_ordered


def _check_topic_order(arn: str) -> None:
    """Refuse a FIFO topic, in the words of pf-lambda-eic-destination-no-sns-fifo there."""
    if arn.endswith(".fifo") and service_of(arn) == "sns":
        raise InvalidParameterValueException(
            "FIFO-type Amazon SNS topics aren't supported as a destination."
        )


def _key(reference: FunctionReference) -> tuple[str, str]:
    return reference.name, reference.qualifier or LATEST


def _merged(
    before: EventInvokeConfig,
    params: Mapping[str, Any],
    destinations: Mapping[str, Any],
    now_s: float,
) -> EventInvokeConfig:
    changes: dict[str, Any] = {"last_modified_s": now_s}
    if (retries := params.get("MaximumRetryAttempts")) is not None:
        changes["maximum_retry_attempts"] = retries
    if (age_s := params.get("MaximumEventAgeInSeconds")) is not None:
        changes["maximum_event_age_s"] = age_s
    for member, field in (("OnSuccess", "on_success"), ("OnFailure", "on_failure")):
        if member in destinations:
            changes[field] = (destinations[member] or {}).get("Destination") or None
    return replace(before, **changes)


def _destination(arn: str | None) -> dict[str, str]:
    return {"Destination": arn} if arn else {}


def _shown(member: str, arn: str | None) -> str:
    return f"{member}(destination={arn})" if arn else "null"
