"""CloudWatch Logs' operations on metric filters and subscription filters."""

from collections.abc import Callable, Mapping
from typing import Any

from localaws.logs import tokens
from localaws.logs.errors import (
    InvalidParameterException,
    LimitExceededException,
    ResourceNotFoundException,
    ValidationException,
)
from localaws.logs.group import LogGroup
from localaws.logs.limits import (
    MAX_METRIC_DIMENSIONS,
    MAX_METRIC_FILTERS,
    MAX_SUBSCRIPTION_FILTERS,
)
from localaws.logs.metric_filter import MetricFilter
from localaws.logs.patterns import FilterPattern, compile_pattern
from localaws.logs.patterns.conditions import number_of
from localaws.logs.registry import LogGroups
from localaws.logs.subscription_filter import SubscriptionFilter
from localaws.time.clock import Clock
from localaws.words.arns import service_of
from localaws.words.http import Caller

Params = dict[str, Any]
# (function ARN, log group ARN) -> whether CloudWatch Logs may invoke the function.
MayInvoke = Callable[[str, str], bool]

# What AWS calls destinations that are streams, at the begin of a sentence and in its middle.
_STREAMS = {"kinesis": ("Kinesis", "kinesis"), "firehose": ("Firehose", "Firehose")}


class MetricFilterOperations:
    """Each takes and returns what boto3 does.

    Many of the words are those of https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/logs.
    """

    def __init__(self, clock: Clock, groups: LogGroups) -> None:
        self._clock = clock
        self._groups = groups

    def put_metric_filter(self, params: Params, _caller: Caller) -> None:
        group = _standard(self._groups.named(params["logGroupName"]))
        name, filters = params["filterName"], group.metric_filters
        pattern = _compiled(params, invalid="Invalid metric filter pattern")
        _check_criteria(params)
        if name not in filters and len(filters) == MAX_METRIC_FILTERS:
            raise LimitExceededException
        for transformation in params["metricTransformations"]:
            _check_transformation(transformation, pattern)
        filters[name] = MetricFilter(_described(params, self._clock, group.name), pattern)

    def describe_metric_filters(self, params: Params, _caller: Caller) -> Params:
        if bool(params.get("metricName")) != bool(params.get("metricNamespace")):
            raise InvalidParameterException(
                "metricName and metricNamespace must be specified together."
            )
        if params.get("logGroupName"):
            groups = [self._groups.named(params["logGroupName"])]
        else:
            groups = list(self._groups)
        prefix = params.get("filterNamePrefix") or ""
        described = [
            found.description
            for group in groups
            for name, found in group.metric_filters.items()
            if name.startswith(prefix) and _is_of_metric(found.description, params)
        ]
        return _page("metricFilters", described, params)

    def delete_metric_filter(self, params: Params, _caller: Caller) -> None:
        group = self._groups.named(params["logGroupName"])
        if group.metric_filters.pop(params["filterName"], None) is None:
            raise ResourceNotFoundException("The specified metric filter does not exist.")

    def try_metric_filter(self, params: Params, _caller: Caller) -> Params:
        pattern = compile_pattern(params["filterPattern"])
        matches = [
            {
                "eventNumber": number,
                "eventMessage": message,
                "extractedValues": dict(pattern.extracted(message)),
            }
            for number, message in enumerate(params["logEventMessages"])
            if pattern.matches(message)
        ]
        return {"matches": matches}


class SubscriptionFilterOperations:
    """Each takes and returns what boto3 does.

    Args:
        may_invoke: asked once when a subscription is made, as AWS does.
    """

    def __init__(self, clock: Clock, groups: LogGroups, may_invoke: MayInvoke) -> None:
        self._clock = clock
        self._groups = groups
        self._may_invoke = may_invoke

    def put_subscription_filter(self, params: Params, _caller: Caller) -> None:
        group = _standard(self._groups.named(params["logGroupName"]))
        name, filters = params["filterName"], group.subscription_filters
        pattern = _compiled(params)
        _check_criteria(params)
        if name not in filters and len(filters) == MAX_SUBSCRIPTION_FILTERS:
            raise LimitExceededException
        self._check_destination(params, group.arn)
        described = {"distribution": "ByLogStream", **_described(params, self._clock, group.name)}
        filters[name] = SubscriptionFilter(described, pattern)

    def describe_subscription_filters(self, params: Params, _caller: Caller) -> Params:
        filters = _standard(self._groups.named(params["logGroupName"])).subscription_filters
        prefix = params.get("filterNamePrefix") or ""
        described = [f.description for name, f in filters.items() if name.startswith(prefix)]
        return _page("subscriptionFilters", described, params)

    def delete_subscription_filter(self, params: Params, _caller: Caller) -> None:
        group = self._groups.named(params["logGroupName"])
        if group.subscription_filters.pop(params["filterName"], None) is None:
            raise ResourceNotFoundException("The specified subscription filter does not exist.")

    def _check_destination(self, params: Params, group_arn: str) -> None:
        arn = params["destinationArn"]
        vendor = service_of(arn)
        if vendor in _STREAMS:
            _refuse_stream(vendor, params.get("roleArn"))
        if vendor != "lambda":
            raise InvalidParameterException(
                f"PutSubscriptionFilter operation cannot work with destinationArn for vendor "
                f"{vendor or arn}"
            )
        if params.get("roleArn"):
            raise InvalidParameterException(
                "destinationArn for vendor lambda cannot be used with roleArn"
            )
        if not self._may_invoke(arn, f"{group_arn}:*"):
            raise InvalidParameterException(
                "Could not execute the lambda function. Make sure you have given CloudWatch Logs "
                "permission to execute your function."
            )


def _standard(group: LogGroup) -> LogGroup:
    """The group, unless it is of a class that has no filters.

    https://github.com/turbot/steampipe-plugin-aws/issues/2758 has what AWS says of it.
    """
    if group.log_class != "STANDARD":
        raise ValidationException("This operation is only supported on the Standard log class.")
    return group


def _compiled(params: Params, invalid: str | None = None) -> FilterPattern:
    """The request's pattern; what cannot be read is refused in words about filters."""
    text = params["filterPattern"].strip()
    if text.startswith("[") and not text.endswith("]"):
        raise InvalidParameterException("If a filter pattern starts with '[' it must end with ']'")
    try:
        return compile_pattern(text)
    except InvalidParameterException:
        if invalid is None:
            raise
        raise InvalidParameterException(invalid) from None


def _check_criteria(params: Params) -> None:
    """Criteria are about a system field at least, which is all that is looked at here."""
    criteria = params.get("fieldSelectionCriteria")
    if criteria and "@aws." not in criteria:
        raise InvalidParameterException("The provided field selection criteria is invalid")


def _refuse_stream(vendor: str, role_arn: str | None) -> None:
    """There are no streams here, and AWS sends a test message before it subscribes one."""
    if not role_arn:
        raise InvalidParameterException(
            f"destinationArn for vendor {vendor} cannot be used without roleArn"
        )
    stream, text = _STREAMS[vendor]
    raise InvalidParameterException(
        f"Could not deliver test message to specified {stream} stream. Check if the given {text} "
        "stream is in ACTIVE state."
    )


def _described(params: Params, clock: Clock, group_name: str) -> Params:
    return {
        "applyOnTransformedLogs": False,
        **params,
        "logGroupName": group_name,
        "creationTime": clock.now_ms(),
    }


def _check_transformation(transformation: Mapping[str, Any], pattern: FilterPattern) -> None:
    if transformation["metricNamespace"].startswith("AWS/"):
        raise InvalidParameterException(
            "Metric namespaces starting with AWS/ are reserved for AWS."
        )
    dimensions = transformation.get("dimensions") or {}
    value = transformation["metricValue"]
    if not value.startswith("$") and number_of(value) is None:
        raise InvalidParameterException(
            f"Invalid metric transformation: metricValue {value!r} is neither a number nor a "
            "selector."
        )
    if dimensions and not pattern.names_values:
        raise InvalidParameterException("The specified filter pattern does not support dimensions")
    if not all(selector.startswith("$") for selector in dimensions.values()):
        raise InvalidParameterException(
            "Invalid metric transformation: dimension value must be valid selector"
        )
    selectors = [value] if value.startswith("$") else []
    for selector in (*selectors, *dimensions.values()):
        pattern.value("{}", selector)  # refuses a selector that cannot be read
    if len(dimensions) > MAX_METRIC_DIMENSIONS:
        raise InvalidParameterException(
            f"A metric filter can have at most {MAX_METRIC_DIMENSIONS} dimensions."
        )
    if dimensions and "defaultValue" in transformation:
        raise InvalidParameterException(
            "Invalid metric transformation: dimensions and default value are mutually exclusive "
            "properties"
        )


def _is_of_metric(description: Mapping[str, Any], params: Params) -> bool:
    wanted = {n: params[n] for n in ("metricName", "metricNamespace") if params.get(n)}
    return any(
        all(transformation[name] == value for name, value in wanted.items())
        for transformation in description["metricTransformations"]
    )


def _page(member: str, described: list[Mapping[str, Any]], params: Params) -> Params:
    shown, token = tokens.page(
        member,
        described,
        lambda one: (one["filterName"], one["logGroupName"]),
        token=params.get("nextToken"),
        limit=params.get("limit"),
    )
    return {member: [dict(one) for one in shown], "nextToken": token}
