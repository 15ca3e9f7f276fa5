"""EventBridge's rules: a target takes an event only from a rule that its policy lets in."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios import outlets
from tests.scenarios.account import Account
from tests.scenarios.queues import let_write


@pytest.fixture
def bus(account: Account) -> str:
    return outlets.empty_bus(account)


def rule(account: Account, bus: str, target_arn: str, **target: Any) -> str:
    """A rule that hands every order to one target; its ARN."""
    events, name = account.client("events"), account.unique("rule")
    where = {"Rule": name, "EventBusName": bus}
    pattern = json.dumps({"detail-type": ["order"]})
    arn: str = events.put_rule(Name=name, EventBusName=bus, EventPattern=pattern)["RuleArn"]
    account.on_close(lambda: events.delete_rule(Name=name, EventBusName=bus))
    events.put_targets(**where, Targets=[{"Id": "1", "Arn": target_arn, **target}])
    account.on_close(lambda: events.remove_targets(**where, Ids=["1"]))
    return arn


def put(account: Account, bus: str, *resources: str) -> None:
    """Put the event of one order."""
    entry = {"Source": "shop", "DetailType": "order", "Detail": '{"id": 1}', "EventBusName": bus}
    answer = account.client("events").put_events(Entries=[{**entry, "Resources": list(resources)}])
    assert answer["FailedEntryCount"] == 0


def permit(account: Account, function: str, rule_arn: str) -> None:
    """Let a rule invoke a function."""
    account.client("lambda").add_permission(
        FunctionName=function,
        StatementId="rule",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=rule_arn,
    )
    account.time.propagate()


def events_of(account: Account, function: str) -> list[Any]:
    """What a function was invoked with."""
    printed = [line for attempt in account.attempts(function) for line in attempt.printed("event ")]
    return [json.loads(text) for text in printed]


def test_a_rule_invokes_a_function_that_permits_it(account: Account, bus: str) -> None:
    function = account.function("event")
    permit(account, function, rule(account, bus, account.function_arn(function)))

    put(account, bus)

    [event] = account.time.until(lambda: events_of(account, function))
    assert (event["source"], event["detail"]) == ("shop", {"id": 1})


def test_the_replay_of_an_archive_reaches_a_function(account: Account, bus: str) -> None:
    # Given an archive with an event
    events, function = account.client("events"), account.function("event")
    permit(account, function, rule(account, bus, account.function_arn(function)))
    bus_arn = events.describe_event_bus(Name=bus)["Arn"]
    name = account.unique("archive")
    archive_arn = events.create_archive(ArchiveName=name, EventSourceArn=bus_arn)["ArchiveArn"]
    account.on_close(lambda: events.delete_archive(ArchiveName=name))
    now_s = account.time.now_s()
    put(account, bus)
    account.time.until(lambda: len(events_of(account, function)) == 1)
    # When it is replayed
    events.start_replay(
        ReplayName=account.unique("replay"),
        EventSourceArn=archive_arn,
        EventStartTime=now_s - 60,
        EventEndTime=now_s + 60,
        Destination={"Arn": bus_arn},
    )
    # Then the function has it a second time
    account.time.until(lambda: len(events_of(account, function)) == 2)


def test_a_rule_s_own_input_takes_the_event_s_place(account: Account, bus: str) -> None:
    function = account.function("event")
    rule_arn = rule(account, bus, account.function_arn(function), Input='{"only": "this"}')
    permit(account, function, rule_arn)

    put(account, bus)

    assert account.time.until(lambda: events_of(account, function)) == [{"only": "this"}]


def test_a_rule_without_permission_does_not_invoke(account: Account, bus: str) -> None:
    function = account.function("event")
    arn = account.function_arn(function)
    permitted = rule(account, "default", arn)
    permit(account, function, permitted)
    rule(account, bus, arn)

    # Naming the permitted rule in the event does not make it the event's rule.
    put(account, bus, permitted)

    account.time.pass_(60)
    assert account.attempts(function) == []


def test_a_rule_sends_to_a_queue_that_permits_it(account: Account, bus: str) -> None:
    queue, other = account.queue(), account.queue()
    let_write(queue, "events.amazonaws.com", rule(account, bus, queue.arn))
    let_write(other, "events.amazonaws.com", rule(account, "default", other.arn))
    rule(account, bus, other.arn)

    put(account, bus)

    account.time.until(lambda: queue.holds(1))
    account.time.pass_(60)
    assert json.loads(queue.receive()[0]["Body"])["detail"] == {"id": 1}
    assert other.counts() == (0, 0, 0)


def test_a_rule_names_the_message_group_of_a_fifo_queue(account: Account, bus: str) -> None:
    queue = account.queue(FifoQueue="true", ContentBasedDeduplication="true")
    parameters = {"MessageGroupId": "orders"}
    rule_arn = rule(account, bus, queue.arn, SqsParameters=parameters)
    let_write(queue, "events.amazonaws.com", rule_arn)

    put(account, bus)

    account.time.until(lambda: queue.holds(1))
    assert queue.receive()[0]["Attributes"]["MessageGroupId"] == "orders"


def test_a_rule_publishes_to_a_topic_that_permits_it(account: Account, bus: str) -> None:
    (topic_arn, queue), (closed_arn, empty) = outlets.topic(account), outlets.topic(account)
    rule_arn = rule(account, bus, topic_arn)
    rule(account, bus, closed_arn)
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule_arn}},
    }
    account.client("sns").set_topic_attributes(
        TopicArn=topic_arn,
        AttributeName="Policy",
        AttributeValue=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    account.time.propagate()

    put(account, bus)

    account.time.until(lambda: queue.holds(1))
    account.time.pass_(60)
    assert empty.counts() == (0, 0, 0)


def test_a_record_on_a_bus_invokes_a_function(account: Account) -> None:
    function, next_function = account.function(), account.function("event")
    bus_arn, _queue = outlets.event_bus(account)
    bus, events = bus_arn.rpartition("/")[2], account.client("events")
    where = {"Rule": bus, "EventBusName": bus}  # the rule of `outlets.event_bus`
    events.put_targets(
        **where, Targets=[{"Id": "next", "Arn": account.function_arn(next_function)}]
    )
    account.on_close(lambda: events.remove_targets(**where, Ids=["next"]))
    rule_arn = events.describe_rule(Name=bus, EventBusName=bus)["Arn"]
    permit(account, next_function, rule_arn)
    account.client("lambda").put_function_event_invoke_config(
        FunctionName=function,
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": bus_arn}},
    )

    request_id = account.invoke_event(function, {"raise": "bad"})

    [event] = account.time.until(lambda: events_of(account, next_function))
    assert event["detail"]["requestContext"]["requestId"] == request_id


QUEUE = "arn:aws:sqs:us-east-1:123456789012:{}"
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "two inputs": ({"Input": "{}", "InputPath": "$.detail"}, "Only one of Input, InputPath"),
    "no JSON": ({"Input": "{only"}, "JSON syntax error in input for target 1"),
    "placeholder": (
        {
            "InputTransformer": {
                "InputPathsMap": {"id": "$.detail.id"},
                "InputTemplate": "[<id>, <aws.events.event.ingestion-time>, <who>]",
            }
        },
        "InputTemplate for target 1 contains invalid placeholder who.",
    ),
    "FIFO DLQ": (
        {"DeadLetterConfig": {"Arn": QUEUE.format("dlq.fifo")}},
        "SQS FIFO is not supported by Dead",
    ),
    "DLQ that is a topic": (
        {"DeadLetterConfig": {"Arn": QUEUE.format("dlq").replace("sqs", "sns")}},
        "sns is not supported as a dead letter resource",
    ),
}


@pytest.mark.embedded("AWS's words are known from reports alone")
@pytest.mark.parametrize("kind", WRONG)
def test_a_target_that_could_never_work_is_refused(account: Account, bus: str, kind: str) -> None:
    settings, message = WRONG[kind]

    with pytest.raises(ClientError, match=message) as error:
        rule(account, bus, account.queue().arn, **settings)

    assert error.value.response["Error"]["Code"] == "ValidationException"


def test_a_rule_has_five_targets_at_most(account: Account, bus: str) -> None:
    # Given a rule with five
    queue_arn = account.queue().arn
    rule_arn, events = rule(account, bus, queue_arn), account.client("events")
    where = {"Rule": rule_arn.rpartition("/")[2], "EventBusName": bus}
    more = [{"Id": str(number), "Arn": queue_arn} for number in range(1, 7)]
    events.put_targets(**where, Targets=more[:5])
    account.on_close(lambda: events.remove_targets(**where, Ids=["2", "3", "4", "5"]))
    # When it is to have a sixth
    with pytest.raises(ClientError) as error:
        events.put_targets(**where, Targets=more[5:])
    # Then that is too many
    assert error.value.response["Error"]["Code"] == "LimitExceededException"
    assert len(events.list_targets_by_rule(**where)["Targets"]) == 5


def test_a_rule_with_targets_cannot_be_deleted(account: Account, bus: str) -> None:
    name = rule(account, bus, account.queue().arn).rpartition("/")[2]

    with pytest.raises(ClientError, match="Rule can't be deleted since it has targets") as error:
        account.client("events").delete_rule(Name=name, EventBusName=bus)

    assert error.value.response["Error"]["Code"] == "ValidationException"


@pytest.mark.parametrize("pattern", [{}, {"EventPattern": "{}"}])
def test_a_rule_needs_something_to_go_by(
    account: Account, bus: str, pattern: dict[str, str]
) -> None:
    """An empty pattern is none, says https://github.com/badmintoncryer/cdk-preflight."""
    with pytest.raises(ClientError, match="EventPattern or ScheduleExpression must be specified"):
        account.client("events").put_rule(Name=account.unique("rule"), EventBusName=bus, **pattern)


def test_an_entry_that_is_no_event_is_told_in_its_place(account: Account, bus: str) -> None:
    # Given a rule for all events of a source
    queue, events, name = account.queue(), account.client("events"), account.unique("rule")
    where = {"Rule": name, "EventBusName": bus}
    pattern = json.dumps({"account": [{"exists": True}]})
    arn = events.put_rule(Name=name, EventBusName=bus, EventPattern=pattern)["RuleArn"]
    account.on_close(lambda: events.delete_rule(Name=name, EventBusName=bus))
    let_write(queue, "events.amazonaws.com", arn)
    events.put_targets(**where, Targets=[{"Id": "1", "Arn": queue.arn}])
    account.on_close(lambda: events.remove_targets(**where, Ids=["1"]))
    account.time.propagate()
    # When entries come of which one is an event
    whole = {"Source": "shop", "DetailType": "order", "Detail": "{}", "EventBusName": bus}
    entries: list[Any] = [
        *({key: value for key, value in whole.items() if key != name} for name in list(whole)[:3]),
        {**whole, "Detail": "soon"},
        whole,
        {**whole, "Detail": "[1]"},
    ]
    answer = events.put_events(Entries=entries)
    # Then the others have an error each
    codes = [entry.get("ErrorCode") for entry in answer["Entries"]]
    argument, detail = "InvalidArgument", "MalformedDetail"
    assert codes == [argument, argument, argument, detail, None, detail]
    assert answer["FailedEntryCount"] == 5
    assert answer["Entries"][2]["ErrorMessage"] == (
        "Parameter Detail is not valid. Reason: Detail is a required argument."
    )
    assert answer["Entries"][3]["ErrorMessage"] == "Detail is malformed."
    # And only the event arrives
    account.time.until(lambda: queue.holds(1))
    [message] = queue.receive()
    assert json.loads(message["Body"])["id"] == answer["Entries"][4]["EventId"]
