"""What AWS refuses when an event source mapping is created or updated."""

from collections.abc import Mapping
from typing import Any

from localaws.lambda_.errors import InvalidParameterValueException
from localaws.lambda_.event_source_mappings.event_filter import InvalidFilterPattern, parse_pattern
from localaws.lambda_.event_source_mappings.mapping import MappingSettings
from localaws.lambda_.names import FunctionReference
from localaws.lambda_.ports import Functions, Resolved
from localaws.sqs import SqsService
from localaws.words.arns import region_of, service_of
from localaws.words.errors import AwsError
from localaws.words.ports import Permissions

REQUIRED_ACTIONS = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")

# Five, unless AWS raises the quota of an account.
MAX_FILTERS = 5

# Settings of streams and other sources that an SQS mapping does not have.
_OF_OTHER_SOURCES = (
    "AmazonManagedKafkaEventSourceConfig",
    "BisectBatchOnFunctionError",
    "DestinationConfig",
    "DocumentDBEventSourceConfig",
    "LoggingConfig",
    "MaximumRecordAgeInSeconds",
    "MaximumRetryAttempts",
    "ParallelizationFactor",
    "Queues",
    "SelfManagedEventSource",
    "SelfManagedKafkaEventSourceConfig",
    "SourceAccessConfigurations",
    "Topics",
    "TumblingWindowInSeconds",
)


class MappingValidation:
    """Checks in AWS's order; each raises InvalidParameterValueException with AWS's text.

    Many of the words were measured for the pf-lambda-esm rules of
    https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda.
    """

    def __init__(self, functions: Functions, sqs: SqsService, permissions: Permissions) -> None:
        self._functions = functions
        self._sqs = sqs
        self._permissions = permissions

    def check_source(self, queue_arn: str | None) -> str:
        """The source is one that this endpoint knows how to poll."""
        if not queue_arn:
            raise InvalidParameterValueException("Unrecognized event source.")
        if service_of(queue_arn) != "sqs":
            raise InvalidParameterValueException(
                f"Unrecognized event source. Unsupported source arn : {queue_arn}"
            )
        return queue_arn

    def check_function(self, function: FunctionReference) -> Resolved:
        """The function exists."""
        try:
            return self._functions.resolve(function.name, function.qualifier)
        except AwsError as error:
            if error.status != 404:
                raise
            raise InvalidParameterValueException("Function does not exist") from None

    def check_params(self, params: Mapping[str, Any]) -> None:
        """Nothing is asked for that only other kinds of sources have.

        Of a starting position AWS says so in words of their own, which are in
        https://github.com/boto/boto3/issues/1613 and
        https://github.com/motdotla/node-lambda/issues/466.
        """
        if params.get("StartingPosition") is not None:
            raise InvalidParameterValueException(
                "StartingPosition is not valid for SQS event sources."
            )
        if params.get("StartingPositionTimestamp") is not None:
            raise InvalidParameterValueException("Timestamp is not valid for SQS event sources.")
        for name in _OF_OTHER_SOURCES:
            if params.get(name) is not None:
                raise InvalidParameterValueException(
                    f"Unsupported {name} parameter for given event source mapping type."
                )

    def check_settings(self, settings: MappingSettings) -> None:
        """The settings fit each other and the kind of queue."""
        is_fifo = settings.queue_arn.endswith(".fifo")
        if is_fifo and settings.window_s > 0:
            raise InvalidParameterValueException("Batching window is not supported for FIFO queues")
        if settings.batch_size > 10 and settings.window_s == 0:
            raise InvalidParameterValueException(
                "Maximum batch window in seconds must be greater than 0 if maximum batch size is "
                "greater than 10"
            )
        if settings.maximum_concurrency is not None and settings.provisioned_pollers:
            raise InvalidParameterValueException(
                "Provisioned mode for SQS ESM does not support maximum concurrency feature. Use "
                "MaximumPollers as the control mechanism and remove maximum concurrency."
            )
        if other := [metric for metric in settings.metrics if metric != "EventCount"]:
            raise InvalidParameterValueException(
                f"A mapping of an SQS queue has no metrics {', '.join(other)}. Use EventCount."
            )
        _check_pollers(settings.provisioned_pollers or {})
        self._check_patterns(settings.patterns)

    def check_queue(self, queue_arn: str, resolved: Resolved) -> None:
        """The role may read the queue, which exists here and hides messages long enough."""
        region = region_of(resolved.version.arn)
        if region_of(queue_arn) != region:
            raise InvalidParameterValueException(
                f"Event source region must match Lambda region {region}"
            )
        self.check_role(queue_arn, resolved.version.role_arn)
        queue = self._sqs.find(queue_arn)
        if queue is None:
            raise InvalidParameterValueException(
                "Error occurred while ReceiveMessage. SQS Error Code: "
                "AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue "
                "does not exist."
            )
        visibility_s = queue.settings.visibility_timeout_s
        if visibility_s < resolved.version.timeout_s:
            raise InvalidParameterValueException(
                f"Queue visibility timeout: {int(visibility_s)} seconds is less "
                f"than Function timeout: {resolved.version.timeout_s} seconds"
            )

    def check_role(self, queue_arn: str, role_arn: str) -> None:
        for action in REQUIRED_ACTIONS:
            if not self._permissions.role_allows(role_arn, f"sqs:{action}", queue_arn):
                raise InvalidParameterValueException(
                    f"The function execution role does not have permissions to call {action} on SQS"
                )

    def _check_patterns(self, patterns: tuple[str, ...]) -> None:
        if len(patterns) > MAX_FILTERS:
            raise InvalidParameterValueException(
                f"Too many filter patterns, maximum allowed {MAX_FILTERS} patterns, provided "
                f"{len(patterns)} patterns."
            )
        for pattern in patterns:
            try:
                parse_pattern(pattern)
            except InvalidFilterPattern as error:
                raise InvalidParameterValueException(str(error)) from None


def _check_pollers(config: Mapping[str, Any]) -> None:
    """Those of a queue are two at least; the API's model allows other sources one."""
    if "PollerGroupName" in config:
        raise InvalidParameterValueException(
            "Only pollers of Kafka can be grouped. Leave PollerGroupName out."
        )
    lowest, highest = config.get("MinimumPollers"), config.get("MaximumPollers")
    if lowest is not None and highest is not None and lowest > highest:
        raise InvalidParameterValueException(
            "MinimumPollers must be less than or equal to MaximumPollers."
        )
    if any(number is not None and number < 2 for number in (lowest, highest)):
        raise InvalidParameterValueException(
            "MinimumPollers should be between [2, 200] and MaximumPollers should be between "
            "[MinimumPollers, 10000]"
        )
