"""A function's dead-letter queue: the event itself, and three attributes."""

import json
from typing import Any

from tests.scenarios import outlets
from tests.scenarios.account import Account
from tests.scenarios.outlets import destinations, record_in
from tests.scenarios.queues import Queue
from tests.scenarios.test_asynchronous_invocation import assert_spaced_like_aws


def with_dlq(account: Account, arn: str, **settings: Any) -> str:
    """A function with a DLQ that tries events once; its name."""
    function = account.function(DeadLetterConfig={"TargetArn": arn}, **settings)
    account.client("lambda").put_function_event_invoke_config(
        FunctionName=function, MaximumRetryAttempts=0
    )
    return function


def dead_letter(account: Account, queue: Queue) -> tuple[Any, dict[str, tuple[str, str]]]:
    """The event in a DLQ, and its attributes as (type, value)."""
    account.time.until(lambda: queue.holds(1))
    [message] = queue.receive()
    attributes = {
        name: (value["DataType"], value["StringValue"])
        for name, value in message["MessageAttributes"].items()
    }
    return json.loads(message["Body"]), attributes


def test_the_functions_dlq_gets_the_event_and_three_attributes(account: Account) -> None:
    """C4, C22, J39, J47."""
    dlq = account.queue()
    function = account.function(DeadLetterConfig={"TargetArn": dlq.arn})
    request_id = account.invoke_event(function, {"raise": "bad"})
    event, attributes = dead_letter(account, dlq)
    assert_spaced_like_aws(account, function)
    assert event == {"raise": "bad"}
    assert attributes == {
        "RequestID": ("String", request_id),
        "ErrorCode": ("Number", "200"),
        "ErrorMessage": ("String", "bad"),
    }


def test_who_sends_to_the_dlq_is_the_function_in_its_role(account: Account) -> None:
    # Given a function with a DLQ, whose event fails
    dlq = account.queue()
    function = with_dlq(account, dlq.arn)
    account.invoke_event(function, {"raise": "bad"})
    account.time.until(lambda: dlq.holds(1))
    # When somebody looks who sent the message
    received = dlq.sqs.receive_message(QueueUrl=dlq.url, AttributeNames=["SenderId"])
    # Then it is a session of the role, by the id that IAM gives it, with the function's name
    lambda_, iam = account.client("lambda"), account.client("iam")
    role_arn = lambda_.get_function_configuration(FunctionName=function)["Role"]
    role = iam.get_role(RoleName=role_arn.rpartition("/")[2])["Role"]
    [message] = received["Messages"]
    assert message["Attributes"]["SenderId"] == f"{role['RoleId']}:{function}"


def test_a_topic_as_dlq_gets_the_same(account: Account) -> None:
    """C25."""
    topic_arn, queue = outlets.topic(account)
    function = with_dlq(account, topic_arn)
    request_id = account.invoke_event(function, {"raise": "bad"})
    account.time.until(lambda: queue.holds(1))
    envelope = json.loads(queue.receive()[0]["Body"])
    assert json.loads(envelope["Message"]) == {"raise": "bad"}
    assert "Subject" not in envelope
    assert envelope["MessageAttributes"] == {
        "RequestID": {"Type": "String", "Value": request_id},
        "ErrorCode": {"Type": "Number", "Value": "200"},
        "ErrorMessage": {"Type": "String", "Value": "bad"},
    }


def test_a_long_error_message_is_cut(account: Account) -> None:
    """C22, C23, J48."""
    dlq = account.queue()
    function = with_dlq(account, dlq.arn)
    account.invoke_event(function, {"raise": "x" * 5000})
    _, attributes = dead_letter(account, dlq)
    assert attributes["ErrorMessage"] == ("String", "x" * 1024)


def test_a_timeout_in_the_dlq(account: Account) -> None:
    """C24."""
    dlq = account.queue()
    function = with_dlq(account, dlq.arn, Timeout=2)
    request_id = account.invoke_event(function, {"sleep_s": 10})
    _, attributes = dead_letter(account, dlq)
    assert attributes["ErrorCode"] == ("Number", "200")
    assert attributes["ErrorMessage"][1] == (
        f"RequestId: {request_id} Error: Task timed out after 2.00 seconds"
    )


def test_zero_reserved_concurrency_in_the_dlq(account: Account) -> None:
    """C24."""
    dlq = account.queue()
    function = with_dlq(account, dlq.arn)
    account.client("lambda").put_function_concurrency(
        FunctionName=function, ReservedConcurrentExecutions=0
    )
    account.time.propagate()
    account.invoke_event(function, {"order": 1})
    event, attributes = dead_letter(account, dlq)
    assert event == {"order": 1}
    assert set(attributes) == {"RequestID", "ErrorMessage"}
    assert attributes["ErrorMessage"][1] == (
        "Function not invoked. Function isconfigured with zero reserved concurrent executions"
    )


def test_dlq_and_destination_are_both_served(account: Account) -> None:
    """C27, J49."""
    dlq = account.queue()
    function = account.function(DeadLetterConfig={"TargetArn": dlq.arn})
    _, failure = destinations(account, function, MaximumRetryAttempts=0)
    account.invoke_event(function, {"raise": "bad"})
    account.time.until(lambda: dlq.holds(1) and failure.holds(1))
    assert record_in(failure)["requestContext"]["approximateInvokeCount"] == 1


def test_an_empty_configuration_keeps_the_target(account: Account) -> None:
    """C29, J55."""
    dlq, lambda_ = account.queue(), account.client("lambda")
    function = account.function(DeadLetterConfig={"TargetArn": dlq.arn})
    name = {"FunctionName": function}

    def target() -> str | None:
        account.await_updated(function)
        found = lambda_.get_function_configuration(**name).get("DeadLetterConfig", {})
        arn: str | None = found.get("TargetArn")
        return arn

    lambda_.update_function_configuration(**name, DeadLetterConfig={})
    assert target() == dlq.arn
    lambda_.update_function_configuration(**name, DeadLetterConfig={"TargetArn": ""})
    assert target() is None


def test_a_published_version_keeps_its_dlq(account: Account) -> None:
    """C28."""
    of_version, of_latest = account.queue(), account.queue()
    function, lambda_ = account.function(), account.client("lambda")
    name = {"FunctionName": function}

    def use(dlq: Queue) -> None:
        lambda_.update_function_configuration(**name, DeadLetterConfig={"TargetArn": dlq.arn})
        account.await_updated(function)

    use(of_version)
    version = lambda_.publish_version(**name)["Version"]
    use(of_latest)
    lambda_.put_function_event_invoke_config(**name, Qualifier=version, MaximumRetryAttempts=0)
    account.invoke_event(f"{function}:{version}", {"raise": "bad"})
    account.time.until(lambda: of_version.holds(1))
    assert of_latest.counts() == (0, 0, 0)
