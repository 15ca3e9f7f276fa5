"""The event source mapping: its settings and states, and what AWS refuses."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account
from tests.scenarios.pattern import Pattern, sqs_pattern


def refused(call: Any, **parameters: Any) -> tuple[str, str, int]:
    """Code, message and HTTP status of a call that AWS refuses."""
    with pytest.raises(ClientError) as error:
        call(**parameters)
    answer = error.value.response
    status: int = answer["ResponseMetadata"]["HTTPStatusCode"]
    return answer["Error"]["Code"], answer["Error"]["Message"], status


def test_a_new_mapping_has_awss_defaults(account: Account) -> None:
    """A8, A31, A32, J13."""
    function, source = account.function(), account.queue()
    lambda_ = account.client("lambda")
    made = lambda_.create_event_source_mapping(EventSourceArn=source.arn, FunctionName=function)
    account.on_close(lambda: lambda_.delete_event_source_mapping(UUID=made["UUID"]))
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert set(made) - {"ResponseMetadata"} == {
        "BatchSize", "EventSourceArn", "EventSourceMappingArn", "FunctionArn",
        "FunctionResponseTypes", "LastModified", "MaximumBatchingWindowInSeconds", "State",
        "StateTransitionReason", "UUID",
    }  # fmt: skip
    assert (made["BatchSize"], made["MaximumBatchingWindowInSeconds"]) == (10, 0)
    assert (made["State"], made["StateTransitionReason"]) == ("Creating", "USER_INITIATED")
    account.time.until(lambda: account.mapping_state(made["UUID"]) == "Enabled")


def test_the_states_of_a_mapping(account: Account) -> None:
    """A32, A33, A35."""
    function, source = account.function(), account.queue()
    lambda_ = account.client("lambda")
    made = lambda_.create_event_source_mapping(
        EventSourceArn=source.arn, FunctionName=function, Enabled=False
    )
    name = {"UUID": made["UUID"]}
    assert made["State"] == "Disabled"

    def arrives(answer: dict[str, Any], transient: str, final: str) -> None:
        assert (answer["ResponseMetadata"]["HTTPStatusCode"], answer["State"]) == (202, transient)
        account.time.until(lambda: account.mapping_state(name["UUID"]) == final)

    arrives(lambda_.update_event_source_mapping(**name, Enabled=True), "Enabling", "Enabled")
    arrives(lambda_.update_event_source_mapping(**name, BatchSize=5), "Updating", "Enabled")
    arrives(lambda_.update_event_source_mapping(**name, Enabled=False), "Disabling", "Disabled")
    # When it is deleted, it is described once more and then unknown
    deleted = lambda_.delete_event_source_mapping(**name)
    assert (deleted["State"], deleted["BatchSize"]) == ("Deleting", 5)
    unknown = lambda_.exceptions.ResourceNotFoundException
    account.time.until(lambda: _raises(unknown, lambda_.get_event_source_mapping, **name))
    with pytest.raises(unknown) as error:
        lambda_.get_event_source_mapping(**name)
    assert error.value.response["Message"] == "The resource you requested does not exist."
    assert error.value.response["Type"] == "User"


def _raises(kind: type[Exception], call: Any, **parameters: Any) -> bool:
    try:
        call(**parameters)
    except kind:
        return True
    return False


def test_a_disabled_mapping_leaves_messages_alone(account: Account) -> None:
    """A32."""
    pattern = sqs_pattern(account)
    pattern.disable()
    pattern.source.send('{"order": 1}')
    account.time.pass_(300)
    assert pattern.source.counts() == (1, 0, 0)
    lambda_ = account.client("lambda")
    lambda_.update_event_source_mapping(UUID=pattern.mapping_id, Enabled=True)
    pattern.await_empty_source()


def test_a_visibility_timeout_shorter_than_the_functions_is_refused(account: Account) -> None:
    """A33, A34, J9, J10."""
    function, source = account.function(Timeout=60), account.queue(VisibilityTimeout=30)
    names = {"EventSourceArn": source.arn, "FunctionName": function}
    assert refused(account.client("lambda").create_event_source_mapping, **names) == (
        "InvalidParameterValueException",
        "Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds",
        400,
    )
    # When they are equal, it is accepted
    account.mapping(source, account.function(Timeout=30))


def test_one_queue_maps_to_a_function_once(account: Account) -> None:
    """A33, A35, J11."""
    pattern = sqs_pattern(account)
    create = account.client("lambda").create_event_source_mapping
    names = {"EventSourceArn": pattern.source.arn, "FunctionName": pattern.function}
    assert refused(create, **names) == (
        "ResourceConflictException",
        f'An event source mapping with SQS arn (" {pattern.source.arn} ") and function '
        f'(" {pattern.function} ") already exists. Please update or delete the existing mapping '
        f"with UUID {pattern.mapping_id}",
        409,
    )


def test_what_a_mapping_may_not_say(account: Account) -> None:
    """A10, A20, A33, J12, J15."""
    function, source = account.function(), account.queue()
    create = account.client("lambda").create_event_source_mapping
    names: dict[str, Any] = {"EventSourceArn": source.arn, "FunctionName": function}
    cases = [
        (
            {"BatchSize": 15},
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is "
            "greater than 10",
        ),
        (
            {"DestinationConfig": {"OnFailure": {"Destination": source.arn}}},
            "Unsupported DestinationConfig parameter for given event source mapping type.",
        ),
        (
            {"EventSourceArn": source.arn + "-missing"},
            "Error occurred while ReceiveMessage. SQS Error Code: "
            "AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does "
            "not exist.",
        ),
        (
            {"FilterCriteria": {"Filters": [{"Pattern": '{"body": "no list"}'}]}},
            "Invalid filter pattern definition.",
        ),
        ({"FunctionName": f"{function}-missing"}, "Function does not exist"),
    ]
    for settings, message in cases:
        code = "InvalidParameterValueException"
        assert refused(create, **(names | settings)) == (code, message, 400)


def test_the_ranges_of_a_mappings_settings(account: Account) -> None:
    """A8, A11."""
    function, lambda_ = account.function(), account.client("lambda")
    source, fifo = account.queue(), account.queue(FifoQueue="true")
    cases: list[tuple[str, dict[str, Any]]] = [
        (source.arn, {"BatchSize": 10_001, "MaximumBatchingWindowInSeconds": 1}),
        (source.arn, {"MaximumBatchingWindowInSeconds": 301}),
        (source.arn, {"ScalingConfig": {"MaximumConcurrency": 1}}),
        (source.arn, {"ScalingConfig": {"MaximumConcurrency": 1001}}),
        (fifo.arn, {"BatchSize": 11, "MaximumBatchingWindowInSeconds": 1}),
        (fifo.arn, {"MaximumBatchingWindowInSeconds": 1}),
    ]
    for arn, settings in cases:
        # boto3 checks least values by itself; AWS shall see them
        refused(
            account.client("lambda", parameter_validation=False).create_event_source_mapping,
            EventSourceArn=arn, FunctionName=function, **settings,
        )  # fmt: skip
    assert lambda_.list_event_source_mappings(FunctionName=function)["EventSourceMappings"] == []
    account.mapping(
        source,
        function,
        BatchSize=10_000,
        MaximumBatchingWindowInSeconds=300,
        ScalingConfig={"MaximumConcurrency": 2},
    )


def delete_function(account: Account, pattern: Pattern) -> None:
    account.client("lambda").delete_function(FunctionName=pattern.function)


def test_a_mapping_outlives_its_function(account: Account) -> None:
    """A27, J16."""
    pattern = sqs_pattern(account)
    delete_function(account, pattern)
    account.time.pass_(60)
    assert account.mapping_state(pattern.mapping_id) == "Enabled"


@pytest.mark.embedded("AWS does not tell what the poller of a deleted function does")
def test_the_messages_of_a_deleted_function_reach_the_dlq(account: Account) -> None:
    """A27."""
    pattern = sqs_pattern(account, receives=2)
    delete_function(account, pattern)
    pattern.source.send('{"order": 1}')
    account.time.until(lambda: pattern.dlq.holds(1))


def test_a_mapping_can_be_pointed_at_another_version(account: Account) -> None:
    """A31, A36."""
    pattern, lambda_ = sqs_pattern(account), account.client("lambda")
    version = lambda_.publish_version(FunctionName=pattern.function)["Version"]
    lambda_.update_event_source_mapping(
        UUID=pattern.mapping_id, FunctionName=f"{pattern.function}:{version}"
    )
    pattern.await_state("Enabled")
    account.time.propagate()
    pattern.source.send('{"order": 1}')
    account.time.until(lambda: account.attempts(pattern.function))
    [attempt] = account.attempts(pattern.function)
    assert attempt.lines[0].endswith(f"Version: {version}\n")
    found = lambda_.get_event_source_mapping(UUID=pattern.mapping_id)
    assert found["FunctionArn"] == f"{account.function_arn(pattern.function)}:{version}"
