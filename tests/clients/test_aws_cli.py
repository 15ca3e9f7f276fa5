"""The AWS CLI (version 1: the second is on no registry), from an empty account to the DLQs."""

import json
from typing import Any

import pytest

from tests.clients.programs import Failed, Programs
from tests.scenarios.account import Account, package

pytestmark = pytest.mark.embedded("the tools are set up for the embedded AWS")


def queue(tools: Programs, account: Account, **attributes: str) -> tuple[str, str]:
    """A queue made by the AWS CLI: its URL and its ARN."""
    made = tools.aws(
        "sqs",
        "create-queue",
        *("--queue-name", account.unique("queue")),
        *(("--attributes", json.dumps(attributes)) if attributes else ()),
    )
    url: str = made["QueueUrl"]
    account.on_close(lambda: account.client("sqs").delete_queue(QueueUrl=url))
    asked = ("--queue-url", url, "--attribute-names", "QueueArn")
    return url, tools.aws("sqs", "get-queue-attributes", *asked)["Attributes"]["QueueArn"]


def function(tools: Programs, account: Account, *settings: str) -> str:
    """A function made by the AWS CLI that fails where its event says so; its name."""
    (tools.home / "orders.zip").write_bytes(package("orders"))
    name = account.unique("function")
    tools.aws(
        "lambda",
        "create-function",
        *("--function-name", name),
        *("--runtime", "python3.13", "--handler", "orders.handler", "--role", account.role()),
        *("--zip-file", f"fileb://{tools.home / 'orders.zip'}"),
        *settings,
    )
    account.on_close(lambda: account.client("lambda").delete_function(FunctionName=name))
    return name


def only_message(tools: Programs, url: str) -> dict[str, Any]:
    """The one message of a queue, with all of its attributes."""
    wanted = ("--attribute-names", "All", "--message-attribute-names", "All")
    [message] = tools.aws("sqs", "receive-message", "--queue-url", url, *wanted)["Messages"]
    return dict(message)


def visible(account: Account, url: str) -> int:
    """How many messages of a queue can be received."""
    name = "ApproximateNumberOfMessages"
    asked = account.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=[name])
    return int(asked["Attributes"][name])


def test_a_bad_message_goes_from_the_queue_to_its_dlq(tools: Programs, account: Account) -> None:
    # Given a queue with a DLQ, and a function that processes it
    dlq_url, dlq = queue(tools, account)
    policy = json.dumps({"deadLetterTargetArn": dlq, "maxReceiveCount": 2})
    url, source = queue(tools, account, RedrivePolicy=policy)
    name = function(tools, account)
    between = ("--function-name", name, "--event-source-arn", source)
    mapping = tools.aws("lambda", "create-event-source-mapping", *between)
    delete = account.client("lambda").delete_event_source_mapping
    account.on_close(lambda: delete(UUID=mapping["UUID"]))
    # When a message is sent that makes it fail
    attributes = {"kind": {"DataType": "String", "StringValue": "order"}}
    sent = tools.aws(
        "sqs",
        "send-message",
        *("--queue-url", url, "--message-body", '{"raise": "bad"}'),
        *("--message-attributes", json.dumps(attributes)),
    )
    # Then it is received twice, and moved
    account.time.until(lambda: visible(account, dlq_url) == 1)
    message = only_message(tools, dlq_url)
    assert len(account.attempts(name)) == 2
    # With what it had, and where it came from
    assert message["MessageId"] == sent["MessageId"]
    assert message["Body"] == '{"raise": "bad"}'
    assert message["MessageAttributes"] == attributes
    assert message["Attributes"]["ApproximateReceiveCount"] == "3"
    assert message["Attributes"]["DeadLetterQueueSourceArn"] == source


def test_a_failing_event_goes_to_the_functions_dlq(tools: Programs, account: Account) -> None:
    # Given a function with a DLQ of its own
    dlq_url, dlq = queue(tools, account)
    name = function(tools, account, "--dead-letter-config", f"TargetArn={dlq}")
    # When it is invoked asynchronously, and fails
    answer = tools.home / "answer"
    (tools.home / "event.json").write_text('{"raise": "bad"}', "utf-8")
    accepted = tools.aws(
        "lambda",
        "invoke",
        *("--function-name", name, "--invocation-type", "Event"),
        *("--payload", f"fileb://{tools.home / 'event.json'}", str(answer)),
    )
    assert accepted == {"StatusCode": 202}
    assert answer.read_bytes() == b""
    # Then its event is in the DLQ, with the three attributes that say why
    account.time.until(lambda: visible(account, dlq_url) == 1)
    message = only_message(tools, dlq_url)
    assert json.loads(message["Body"]) == {"raise": "bad"}
    attempts = account.attempts(name)
    assert len(attempts) == 3
    assert message["MessageAttributes"] == {
        "RequestID": {"StringValue": attempts[0].request_id, "DataType": "String"},
        "ErrorCode": {"StringValue": "200", "DataType": "Number"},
        "ErrorMessage": {"StringValue": "bad", "DataType": "String"},
    }


def test_live_tail_is_refused_by_us(tools: Programs) -> None:
    # Given an operation that has a host of its own on AWS, and that is not here
    group = f"arn:aws:logs:us-east-1:{tools.info.account_id}:log-group:any"
    # When it is asked for, then the answer says that
    with pytest.raises(Failed, match="StartLiveTail is not part of the embedded AWS"):
        tools.aws("logs", "start-live-tail", "--log-group-identifiers", group)
