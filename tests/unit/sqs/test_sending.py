"""SendMessage: what is refused, what is answered, and how attributes come back."""

import pytest

from localaws.sqs import limits
from localaws.words.http import Caller
from tests.unit.sqs.world import SqsWorld


@pytest.fixture
def world() -> SqsWorld:
    return SqsWorld()


@pytest.fixture
def url(world):
    return world.queue().url


def string(value, data_type="String"):
    return {"DataType": data_type, "StringValue": value}


def test_the_answer(world, url):
    answer = world.call(
        "SendMessage",
        QueueUrl=url,
        MessageBody="Test Message",
        MessageAttributes={"Hello": string("World")},
        MessageSystemAttributes={"AWSTraceHeader": string("some-trace-id")},
    )
    assert answer.pop("MessageId")
    assert answer == {
        "MD5OfMessageBody": "d1d4180b7e411c4be86b00fb2ee103eb",
        "MD5OfMessageAttributes": "7db7fb1ba7f41366a8ea5eb18220b26d",
        "MD5OfMessageSystemAttributes": "fdce4f2818803f2f73becc09a54792c0",
    }


def test_a_binary_attribute_comes_back_as_bytes(world, url):
    attributes = {"b": {"DataType": "Binary.png", "BinaryValue": b"\x00\xff"}}
    sent = world.call("SendMessage", QueueUrl=url, MessageBody="x", MessageAttributes=attributes)
    [got] = world.call("ReceiveMessage", QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert got["MessageAttributes"] == attributes
    assert got["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], []),
        (["All"], ["Bar.a", "Bar.b", "Foo"]),
        ([".*"], ["Bar.a", "Bar.b", "Foo"]),
        (["*"], ["Bar.a", "Bar.b", "Foo"]),
        (["Bar", "Ba*", "Fo"], []),
        (["B.*", "Nope"], ["Bar.a", "Bar.b"]),
        (["Foo", "Nope"], ["Foo"]),
        (["Bar.*"], ["Bar.a", "Bar.b"]),
        (["Nope"], []),
    ],
)
def test_only_the_attributes_asked_for_are_shown_and_digested(world, url, names, expected):
    attributes = {name: string(name) for name in ("Foo", "Bar.a", "Bar.b")}
    world.call("SendMessage", QueueUrl=url, MessageBody="x", MessageAttributes=attributes)
    [got] = world.call("ReceiveMessage", QueueUrl=url, MessageAttributeNames=names)["Messages"]
    assert sorted(got.get("MessageAttributes", {})) == expected
    assert ("MD5OfMessageAttributes" in got) == bool(expected)


def test_system_attributes_by_their_old_and_their_new_parameter(world, url):
    for parameter in ("AttributeNames", "MessageSystemAttributeNames"):
        world.call("SendMessage", QueueUrl=url, MessageBody="x", MessageGroupId="fair")
        some = {parameter: ["MessageGroupId", "SequenceNumber"]}
        [got] = world.call("ReceiveMessage", QueueUrl=url, **some)["Messages"]
        assert got["Attributes"] == {"MessageGroupId": "fair"}
    none = world.call("SendMessage", QueueUrl=url, MessageBody="x")
    [got] = world.call("ReceiveMessage", QueueUrl=url, AttributeNames=["SequenceNumber"])[
        "Messages"
    ]
    assert got["MessageId"] == none["MessageId"]
    assert "Attributes" not in got
    refused = world.refused("ReceiveMessage", QueueUrl=url, AttributeNames=["Nope"])
    assert refused.message == "Unknown Attribute Nope."


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"MessageBody": ""}, "The request must contain the parameter MessageBody."),
        (
            {"MessageBody": "a\x07b"},
            "Invalid binary character '#x7' was found in the message body, the set of allowed "
            "characters is #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | "
            "[#x10000-#x10FFFF].",
        ),
        (
            {"DelaySeconds": 901},
            "Value 901 for parameter DelaySeconds is invalid. "
            "Reason: DelaySeconds must be >= 0 and <= 900.",
        ),
        (
            {"MessageDeduplicationId": "d"},
            "Value d for parameter MessageDeduplicationId is invalid. Reason: The request include "
            "parameter that is not valid for this queue type.",
        ),
        (
            {"MessageGroupId": "a b"},
            "Value a b for parameter MessageGroupId is invalid. Reason: MessageGroupId can only "
            "include alphanumeric and punctuation characters. 1 to 128 in length.",
        ),
        (
            {"MessageSystemAttributes": {"Hello": string("x")}},
            "Message system attribute name 'Hello' is invalid.",
        ),
    ],
)
def test_messages_that_are_refused(world, url, params, message):
    refused = world.refused("SendMessage", **{"QueueUrl": url, "MessageBody": "x", **params})
    assert refused.message == message


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("n", string(""), "Message (user) attribute 'n' must contain a non-empty value of type"),
        ("n", string("x", "Number"), "Can't cast the value of message (user) attribute 'n' to a"),
        ("n", string("x", "Text"), "The type of message (user) attribute 'n' is invalid."),
        ("n", {}, "The message (user) attribute 'n' must contain a non-empty message attribute"),
        ("", string("x"), "The request must contain non-empty message (user) attribute names."),
        ("aws.n", string("x"), "You can't use message attribute names beginning with 'AWS.'"),
        ("Amazon.n", string("x"), "You can't use message attribute names beginning with 'AWS.'"),
        (".n", string("x"), "Message (user) attribute name '.n' is invalid."),
        ("n§", string("x"), "Message (user) attribute name 'n§' is invalid."),
        ("n", string("\x08"), "Invalid binary character '#x8' was found in the message attribute"),
        ("n..n", string("x"), "Message (user) attribute name 'n..n' is invalid."),
        ("n" * 257, string("x"), "Message (user) attribute name must be shorter than 256 bytes."),
        (
            "n",
            string("x", "String." + "t" * 250),
            "Message (user) attribute type must be shorter than 256 bytes.",
        ),
    ],
)
def test_attributes_that_are_refused(world, url, name, value, message):
    refused = world.refused(
        "SendMessage", QueueUrl=url, MessageBody="x", MessageAttributes={name: value}
    )
    assert refused.query_code == "InvalidParameterValue"
    assert refused.message.startswith(message)


def test_more_than_ten_attributes(world, url):
    attributes = {f"n{n}": string("x") for n in range(11)}
    refused = world.refused(
        "SendMessage", QueueUrl=url, MessageBody="x", MessageAttributes=attributes
    )
    assert refused.message == "Number of message attributes [11] exceeds the allowed maximum [10]."


def test_the_size_is_that_of_the_utf8_bytes_with_the_attributes(world, url):
    world.call("SendMessage", QueueUrl=url, MessageBody="x" * limits.MAX_MESSAGE_BYTES)
    for body in ("x" * (limits.MAX_MESSAGE_BYTES + 1), "é" * (limits.MAX_MESSAGE_BYTES // 2 + 1)):
        refused = world.refused("SendMessage", QueueUrl=url, MessageBody=body)
        assert refused.message == (
            "One or more parameters are invalid. "
            "Reason: Message must be shorter than 1048576 bytes."
        )
    small = world.queue("small", MaximumMessageSize=1024).url
    params = {"QueueUrl": small, "MessageAttributes": {"n": string("x" * 10)}}
    world.call("SendMessage", MessageBody="x" * (1024 - 17), **params)
    assert world.refused("SendMessage", MessageBody="x" * (1024 - 16), **params)


def test_the_sender_is_named_as_iam_names_it(world, url):
    ids = []
    for arn in (
        "arn:aws:iam::123456789012:root",
        "arn:aws:iam::123456789012:user/ann",
        "arn:aws:sts::123456789012:assumed-role/worker/session-1",
    ):
        world.caller = Caller(arn, "request")
        world.call("SendMessage", QueueUrl=url, MessageBody="x")
        [got] = world.call("ReceiveMessage", QueueUrl=url, AttributeNames=["SenderId"])["Messages"]
        ids.append(got["Attributes"]["SenderId"])
    root, user, role = ids
    assert root == "123456789012"
    assert user.startswith("AIDA")
    assert len(user) == 21
    assert role.startswith("AROA")
    assert role.endswith(":session-1")


def test_names_of_attributes_may_have_letters_of_any_alphabet(world, url):
    """As LocalStack's `test_send_message_with_invalid_string_attributes` saw it on AWS."""
    attributes = {"attr.1øßä": string("x")}
    sent = world.call("SendMessage", QueueUrl=url, MessageBody="x", MessageAttributes=attributes)
    [got] = world.call("ReceiveMessage", QueueUrl=url, MessageAttributeNames=["attr.*"])["Messages"]
    assert got["MessageAttributes"] == attributes
    assert got["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]
