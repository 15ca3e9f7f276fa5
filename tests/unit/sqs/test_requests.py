"""Requests that lack something, or hold what SQS does not take: which words they are refused in."""

import json
from urllib.parse import urlencode

import pytest

from localaws.wire import ServiceSkin
from localaws.words.http import HttpRequest
from tests.unit.sqs.world import SqsWorld
from tests.unit.wire.client import WireClient

ACCOUNT, OTHER = "123456789012", "210987654321"
ARN = f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"
# Of each batch, an entry that lacks its id.
ENTRIES = {
    "SendMessageBatch": {"MessageBody": "x"},
    "DeleteMessageBatch": {"ReceiptHandle": "AQEB"},
    "ChangeMessageVisibilityBatch": {"ReceiptHandle": "AQEB", "VisibilityTimeout": 1},
}


@pytest.fixture
def world() -> SqsWorld:
    world = SqsWorld()
    world.queue()
    return world


@pytest.fixture
def client(world: SqsWorld) -> WireClient:
    return WireClient(ServiceSkin("sqs", world.operations), "sqs")


def refusal(client: WireClient, operation: str, **params: object) -> tuple[str, str]:
    error = client.call(operation, QueueUrl="q", **params)["Error"]
    return error["Code"], error["Message"]


def missing(parameter: str) -> tuple[str, str]:
    return "MissingParameter", f"The request must contain the parameter {parameter}."


@pytest.mark.parametrize("operation", ENTRIES)
def test_an_entry_without_an_id_refuses_its_batch_by_its_place(client, operation):
    entries = [{"Id": "1", **ENTRIES[operation]}, ENTRIES[operation]]
    assert refusal(client, operation, Entries=entries) == missing(f"{operation}RequestEntry.2.Id")


@pytest.mark.parametrize("absent", [True, False])
@pytest.mark.parametrize("operation", ENTRIES)
def test_what_else_an_entry_lacks_fails_it_alone(client, operation, absent):
    """Absent or empty is the same; the failure names the entry's place."""
    member, *others = ENTRIES[operation]
    entry = {"Id": "1", **dict.fromkeys(others, 1), **({} if absent else {member: ""})}
    [failed] = client.call(operation, QueueUrl="q", Entries=[entry])["Failed"]
    place = f"{operation}RequestEntry.1.{member}"
    assert (failed["Code"], failed["Message"]) == missing(place)


@pytest.mark.parametrize("value", [{}, {"StringValue": "x"}, {"DataType": ""}])
def test_a_message_attribute_without_a_type(client, value):
    """The type is required by the model, but its absence is told of the attribute's value."""
    attributes = {"Hello": value}
    assert refusal(client, "SendMessage", MessageBody="x", MessageAttributes=attributes) == (
        "InvalidParameterValue",
        "The message (user) attribute 'Hello' must contain a non-empty message attribute value.",
    )


@pytest.mark.parametrize("lists", [["x"], []])
@pytest.mark.parametrize("member", ["StringListValues", "BinaryListValues"])
def test_lists_of_values_refuse_a_whole_batch(client, member, lists):
    """https://github.com/ruby-shoryuken/shoryuken/issues/769."""
    value = {"DataType": "String", "StringValue": "x", member: lists}
    message = {"MessageBody": "x", "MessageAttributes": {"a": value}}
    batch = {"Entries": [{"Id": "1", "MessageBody": "x"}, {"Id": "2", **message}]}
    for operation, params in (("SendMessage", message), ("SendMessageBatch", batch)):
        assert refusal(client, operation, **params) == (
            "AWS.SimpleQueueService.UnsupportedOperation",
            f"Message attribute list values in {operation} operation are not supported.",
        )


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        *((text, True) for text in ("1", "-1.5", "+5", ".5", "5.", "1e10", "1E-7")),
        *((text, False) for text in (" 1", "1_000", "NaN", "Infinity", "0x10", "1,5", "--1", "e5")),
    ],
)
def test_numbers_are_what_bigdecimal_reads(client, text, taken):
    """SQS is written in Java: spaces and underscores are none of a number's characters."""
    attributes = {"n": {"DataType": "Number", "StringValue": text}}
    answer = client.call("SendMessage", QueueUrl="q", MessageBody="x", MessageAttributes=attributes)
    assert ("MessageId" in answer) is taken


def test_no_attributes_and_no_tags_are_missing(client):
    """Seen of 2024 and 2025: https://github.com/aws-controllers-k8s/community/issues/2139,
    https://github.com/pulumi/pulumi-aws/issues/5677; of tags as moto has it."""
    assert refusal(client, "SetQueueAttributes", Attributes={}) == missing("Attribute.Name")
    assert refusal(client, "TagQueue", Tags={}) == missing("Tags")


def test_a_form_without_a_list_or_map_has_an_empty_one(world):
    """The query protocol cannot tell the two apart."""

    def answer(**form: str) -> bytes:
        headers = {"content-type": "application/x-www-form-urlencoded", "host": "local"}
        body = urlencode({"QueueUrl": "q", **form}).encode()
        client = WireClient(ServiceSkin("sqs", world.operations), "sqs")
        return client.send(HttpRequest("POST", "/", "", headers, body)).body

    for operation in ("SendMessageBatch", "DeleteMessageBatch", "ChangeMessageVisibilityBatch"):
        assert b"AWS.SimpleQueueService.EmptyBatchRequest" in answer(Action=operation)
    assert b"the parameter Attribute.Name." in answer(Action="SetQueueAttributes")
    assert b"Tag keys must be between 1 and 128" in answer(Action="UntagQueue")


@pytest.mark.parametrize(
    ("tags", "complaint"),
    [
        ({"": "x"}, "Tag keys must be between 1 and 128 characters in length."),
        ({"k" * 129: "x"}, "Tag keys must be between 1 and 128 characters in length."),
        ({"k": "v" * 257}, "Tag values must be between 0 and 256 characters in length."),
        ({"aws:k": "v"}, "aws: prefixed tag key names are not allowed for external use."),
        ({"k" * 128: "v" * 256, "K": ""}, None),
    ],
)
def test_tags(client, tags, complaint):
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-tags.html."""
    for operation, params in (
        ("TagQueue", {"QueueUrl": "q", "Tags": tags}),
        ("CreateQueue", {"QueueName": "new", "tags": tags}),
    ):
        answer = client.call(operation, **params)
        assert answer.get("Error", {}).get("Message") == complaint


@pytest.mark.parametrize("keys", [[], [""], ["k" * 129]])
def test_untagging(client, keys):
    code, message = refusal(client, "UntagQueue", TagKeys=keys)
    assert code == "InvalidParameterValue"
    assert message == "Tag keys must be between 1 and 128 characters in length."


def permit(client: WireClient, label: str, *accounts: str) -> dict:
    return client.call(
        "AddPermission",
        QueueUrl="q",
        Label=label,
        AWSAccountIds=list(accounts),
        Actions=["SendMessage"],
    )


def test_the_last_of_several_principals_comes_first(world, client):
    """Recorded of two accounts, and nothing else is known of the order."""
    permit(client, "two", ACCOUNT, OTHER)
    permit(client, "twice", ACCOUNT, ACCOUNT)
    policy = json.loads(world.service.queue(ARN).attributes["Policy"])
    two, twice = (statement["Principal"]["AWS"] for statement in policy["Statement"])
    assert two == [f"arn:aws:iam::{OTHER}:root", f"arn:aws:iam::{ACCOUNT}:root"]
    assert twice == f"arn:aws:iam::{ACCOUNT}:root"


@pytest.mark.parametrize(
    ("label", "taken"), [("a" * 80, True), ("a-b_C1", True), ("a" * 81, False), ("a b", False)]
)
def test_labels(client, label, taken):
    """API_AddPermission: at most 80 letters, digits, hyphens and underscores."""
    answer = permit(client, label, ACCOUNT)
    assert ("Error" not in answer) is taken


@pytest.mark.parametrize("absent", ["Effect", "Principal", "Action"])
def test_a_policy_whose_statement_says_too_little(client, absent):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": ARN}
    for policy, complaint in (
        ({"Statement": [statement]}, None),
        (
            {"Statement": {name: value for name, value in statement.items() if name != absent}},
            "Invalid value for the parameter Policy.",
        ),
    ):
        attributes = {"Policy": json.dumps(policy)}
        answer = client.call("SetQueueAttributes", QueueUrl="q", Attributes=attributes)
        assert answer.get("Error", {}).get("Message") == complaint


@pytest.mark.parametrize(("count", "shown"), [("null", "null"), ("true", "true"), ('"x"', "x")])
def test_a_count_of_receives_is_shown_as_it_was_written(client, count, shown):
    policy = f'{{"deadLetterTargetArn":"{ARN}","maxReceiveCount":{count}}}'
    _, message = refusal(client, "SetQueueAttributes", Attributes={"RedrivePolicy": policy})
    assert f"Invalid value for maxReceiveCount: {shown}, valid values" in message
