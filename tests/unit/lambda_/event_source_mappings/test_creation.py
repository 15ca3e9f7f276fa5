"""Creating event source mappings, and what AWS refuses."""

import pytest

from tests.unit.lambda_.steps import create, ok, refusal
from tests.unit.lambda_.world import World


async def test_creation(world: World):
    """A31, J13."""
    queue = world.queue()
    arn = await world.function(ok)
    answer = await create(world, queue)
    uuid = answer.pop("UUID")
    assert answer == {
        "BatchSize": 10,
        "EventSourceArn": queue.arn,
        "EventSourceMappingArn": arn.replace("function:fn", f"event-source-mapping:{uuid}"),
        "FunctionArn": arn,
        "FunctionResponseTypes": [],
        "LastModified": world.clock.now_s(),
        "MaximumBatchingWindowInSeconds": 0,
        "State": "Creating",
        "StateTransitionReason": "USER_INITIATED",
    }
    assert (await create(world, world.queue("r"), Enabled=False))["State"] == "Disabled"
    listed = await world.call("ListEventSourceMappings", FunctionName="fn")
    assert len(listed["EventSourceMappings"]) == 2
    listed = await world.call("ListEventSourceMappings", EventSourceArn=queue.arn)
    assert [one["UUID"] for one in listed["EventSourceMappings"]] == [uuid]


POLLERS_TEXT = (
    "MinimumPollers should be between [2, 200] and MaximumPollers should be between "
    "[MinimumPollers, 10000]"
)
WINDOW_TEXT = (
    "Maximum batch window in seconds must be greater than 0 "
    "if maximum batch size is greater than 10"
)


OF_OTHER_SOURCES = {
    "AmazonManagedKafkaEventSourceConfig": {"ConsumerGroupId": "group"},
    "DocumentDBEventSourceConfig": {"DatabaseName": "orders"},
    "LoggingConfig": {"SystemLogLevel": "INFO"},
    "Queues": ["jobs"],
    "SelfManagedEventSource": {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": ["host:9092"]}},
    "SelfManagedKafkaEventSourceConfig": {"ConsumerGroupId": "group"},
    "SourceAccessConfigurations": [],
    "Topics": ["orders"],
}


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"BatchSize": 15}, WINDOW_TEXT),
        (
            {"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:::x"}}},
            "Unsupported DestinationConfig parameter for given event source mapping type.",
        ),
        (
            {"FilterCriteria": {"Filters": [{"Pattern": '{"eventSource":[]}'}]}},
            "Invalid filter pattern definition.",
        ),
        *(
            (
                {name: value},
                f"Unsupported {name} parameter for given event source mapping type.",
            )
            for name, value in OF_OTHER_SOURCES.items()
        ),
        # https://github.com/boto/boto3/issues/1613
        (
            {"StartingPosition": "LATEST"},
            "StartingPosition is not valid for SQS event sources.",
        ),
        (
            {"MetricsConfig": {"Metrics": ["EventCount", "ErrorCount"]}},
            "A mapping of an SQS queue has no metrics ErrorCount. Use EventCount.",
        ),
        (
            {"ProvisionedPollerConfig": {"MinimumPollers": 1}},
            POLLERS_TEXT,
        ),
        ({"ProvisionedPollerConfig": {"MaximumPollers": 1}}, POLLERS_TEXT),
        (
            {
                "ProvisionedPollerConfig": {"MinimumPollers": 2},
                "ScalingConfig": {"MaximumConcurrency": 2},
            },
            "Provisioned mode for SQS ESM does not support maximum concurrency feature. Use "
            "MaximumPollers as the control mechanism and remove maximum concurrency.",
        ),
        (
            {"ProvisionedPollerConfig": {"MinimumPollers": 5, "MaximumPollers": 4}},
            "MinimumPollers must be less than or equal to MaximumPollers.",
        ),
        (
            {"ProvisionedPollerConfig": {"PollerGroupName": "g"}},
            "Only pollers of Kafka can be grouped. Leave PollerGroupName out.",
        ),
        ({"FunctionName": "nope"}, "Function does not exist"),
        ({"EventSourceArn": None}, "Unrecognized event source."),
        (
            {"EventSourceArn": "arn:aws:s3:::bucket"},
            "Unrecognized event source. Unsupported source arn : arn:aws:s3:::bucket",
        ),
        (
            {"EventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:q"},
            "Event source region must match Lambda region us-east-1",
        ),
        (
            {"StartingPositionTimestamp": 1},
            "Timestamp is not valid for SQS event sources.",
        ),
        (
            {"EventSourceArn": "arn:aws:sqs:us-east-1:123456789012:nope"},
            "Error occurred while ReceiveMessage. SQS Error Code: "
            "AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does "
            "not exist.",
        ),
    ],
)
async def test_refused_creations(world: World, params, message):
    """A33, J12, J15; https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda."""
    queue = world.queue()
    await world.function(ok)
    given = {"EventSourceArn": queue.arn, "FunctionName": "fn"} | params
    error = await refusal(world, "CreateEventSourceMapping", **given)
    assert (error.code, error.status) == ("InvalidParameterValueException", 400)
    assert error.message == message


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"MaximumBatchingWindowInSeconds": 5}, "Batching window is not supported for FIFO queues"),
        (
            {"MaximumBatchingWindowInSeconds": 5, "BatchSize": 100},
            "Batching window is not supported for FIFO queues",
        ),
        ({"BatchSize": 11}, WINDOW_TEXT),
    ],
)
async def test_what_fifo_queues_do_not_have(world: World, params, message):
    """A8: https://github.com/aws/aws-lambda-dotnet/pull/1758 quotes the answer."""
    queue = world.queue("q.fifo", FifoQueue="true")
    await world.function(ok)
    given = {"EventSourceArn": queue.arn, "FunctionName": "fn", **params}
    assert (await refusal(world, "CreateEventSourceMapping", **given)).message == message


async def test_five_filters_are_the_most(world: World):
    """A13."""
    queue = world.queue()
    await world.function(ok)

    def filters(count: int) -> dict[str, object]:
        return {"FilterCriteria": {"Filters": [{"Pattern": '{"body":["x"]}'}] * count}}

    given = {"EventSourceArn": queue.arn, "FunctionName": "fn", **filters(6)}
    refused = await refusal(world, "CreateEventSourceMapping", **given)
    assert refused.code == "InvalidParameterValueException"
    assert refused.message == (
        "Too many filter patterns, maximum allowed 5 patterns, provided 6 patterns."
    )
    made = await create(world, queue, **filters(5))
    assert len(made["FilterCriteria"]["Filters"]) == 5


@pytest.mark.parametrize(("visibility_s", "accepted"), [(30, False), (60, True)])
async def test_visibility_timeout_and_function_timeout(world: World, visibility_s, accepted):
    """A33, A34, J9, J10."""
    queue = world.queue(VisibilityTimeout=visibility_s)
    await world.function(ok, Timeout=60)
    if accepted:
        assert (await create(world, queue))["State"] == "Creating"
        return
    error = await refusal(
        world, "CreateEventSourceMapping", EventSourceArn=queue.arn, FunctionName="fn"
    )
    assert error.message == (
        "Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds"
    )


@pytest.mark.parametrize("action", ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"])
async def test_a_role_without_the_permissions(world: World, action):
    """A29, A33, J14."""
    queue = world.queue()
    await world.function(ok)
    world.permissions.denied.add((f"sqs:{action}", queue.arn))
    error = await refusal(
        world, "CreateEventSourceMapping", EventSourceArn=queue.arn, FunctionName="fn"
    )
    assert error.message == (
        f"The function execution role does not have permissions to call {action} on SQS"
    )


async def test_a_second_mapping_of_the_same_queue_and_function(world: World):
    """A33, J11."""
    queue = world.queue()
    await world.function(ok)
    uuid = await world.mapping(queue)
    error = await refusal(
        world, "CreateEventSourceMapping", EventSourceArn=queue.arn, FunctionName="fn"
    )
    assert (error.code, error.status) == ("ResourceConflictException", 409)
    assert error.message == (
        f'An event source mapping with SQS arn (" {queue.arn} ") and function (" fn ") already '
        f"exists. Please update or delete the existing mapping with UUID {uuid}"
    )


async def test_the_tags_of_a_mapping(world: World):
    await world.function(ok)
    answer = await create(world, world.queue(), Tags={"team": "orders"})
    arn = answer["EventSourceMappingArn"]
    await world.call("TagResource", Resource=arn, Tags={"stage": "test"})
    tags = (await world.call("ListTags", Resource=arn))["Tags"]
    assert tags == {"team": "orders", "stage": "test"}
    error = await refusal(world, "ListTags", Resource=arn[:-1] + "x")
    assert error.code == "ResourceNotFoundException"
