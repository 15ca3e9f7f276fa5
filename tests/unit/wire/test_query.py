"""The query protocol: SNS's, and the one that SQS still understands."""

import json
from urllib.parse import urlencode
from xml.etree import ElementTree

from localaws.wire import ServiceSkin
from localaws.words.errors import AwsError
from localaws.words.http import HttpRequest
from tests.unit.wire.client import Recorder, WireClient


class NotFoundException(AwsError):
    pass


def service(name, **results):
    recorder = Recorder(**results)
    return WireClient(ServiceSkin(name, recorder.operations), name), recorder


def form(path="/", **fields):
    headers = {"content-type": "application/x-www-form-urlencoded", "host": "local"}
    return HttpRequest("POST", path, "", headers, urlencode(fields).encode())


def test_maps_blobs_and_nested_lists_arrive():
    # Given an SNS batch with attributes
    client, recorder = service("sns", PublishBatch={"Successful": [], "Failed": []})
    params = {
        "TopicArn": "arn:aws:sns:us-east-1:123456789012:t",
        "PublishBatchRequestEntries": [
            {
                "Id": "1",
                "Message": "a & b = c",
                "MessageAttributes": {
                    "n": {"DataType": "Number", "StringValue": "1"},
                    "b": {"DataType": "Binary", "BinaryValue": b"\x02\x03"},
                },
            },
            {"Id": "2", "Message": "ü"},
        ],
    }
    # When botocore sends it
    answer = client.call("PublishBatch", **params)
    # Then it arrives whole, and empty lists come back as lists
    assert recorder.params["PublishBatch"] == params
    assert answer["Successful"] == []
    assert answer["Failed"] == []


def test_ten_and_more_entries_keep_their_order():
    client, recorder = service("sns", TagResource={})
    tags = [{"Key": str(n), "Value": ""} for n in range(12)]
    client.call("TagResource", ResourceArn="arn", Tags=tags)
    assert recorder.params["TagResource"]["Tags"] == tags


def test_empty_lists_arrive_as_lists():
    client, recorder = service("sns", UntagResource={})
    client.call("UntagResource", ResourceArn="arn", TagKeys=[])
    assert recorder.params["UntagResource"]["TagKeys"] == []


def test_maps_of_results_arrive_at_boto3():
    attributes = {"Policy": '{"a": "<&>"}', "DisplayName": ""}
    client, _ = service("sns", GetTopicAttributes={"Attributes": attributes})
    answer = client.call("GetTopicAttributes", TopicArn="arn")
    assert answer["Attributes"] == attributes


def test_errors_have_the_models_code_and_status():
    client, _ = service("sns", GetTopicAttributes=NotFoundException("Topic does not exist"))
    answer = client.call("GetTopicAttributes", TopicArn="arn")
    assert answer["Error"] == {
        "Type": "Sender",
        "Code": "NotFound",
        "Message": "Topic does not exist",
    }
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_missing_members_are_named_as_recorded():
    client, _ = service("sns", Publish={}, PublishBatch={})
    attributes = {"attr1": {"StringValue": "x"}}
    one = client.call("Publish", TopicArn="arn", Message="m", MessageAttributes=attributes)
    entries = [{"Id": "1", "Message": "m", "MessageAttributes": attributes}]
    batch = client.call("PublishBatch", TopicArn="arn", PublishBatchRequestEntries=entries)
    assert one["Error"]["Code"] == "ValidationError"
    assert one["Error"]["Message"] == (
        "1 validation error detected: Value null at 'messageAttributes.attr1.member.dataType' "
        "failed to satisfy constraint: Member must not be null"
    )
    assert batch["Error"]["Message"] == (
        "1 validation error detected: Value null at 'publishBatchRequestEntries.1.member."
        "messageAttributes.attr1.member.dataType' failed to satisfy constraint: "
        "Member must not be null"
    )


def test_unknown_action_and_no_action():
    client, _ = service("sns")
    assert b"<Code>InvalidAction</Code>" in client.send(form(Action="Nope")).body
    assert b"<Code>MissingAction</Code>" in client.send(form()).body


def test_sqs_s_actions_depend_on_the_address():
    # Given an action for a queue and those for the service
    client, recorder = service("sqs", ListQueues={}, CreateQueue={}, PurgeQueue={})
    # When they are sent to a queue's URL, with and without a slash at its end
    for path in ("/123456789012/q", "/123456789012/q/"):
        assert client.send(form(path, Action="PurgeQueue")).status == 200
        assert recorder.params["PurgeQueue"]["QueueUrl"].endswith(path)
        # Then a queue can neither list queues nor create one
        for action in ("ListQueues", "CreateQueue", "Nope"):
            response = client.send(form(path, Action=action, QueueName="q"))
            message = f"<Message>The action {action} is not valid for this endpoint.</Message>"
            assert (response.status, message.encode() in response.body) == (400, True)
            assert b"<Code>InvalidAction</Code>" in response.body
    assert client.send(form(Action="ListQueues")).status == 200


def test_sqs_s_errors_have_an_empty_detail_unless_its_model_knows_them():
    known = AwsError("Unknown Attribute Foo.", code="InvalidAttributeName")
    unknown = AwsError("Must be", code="InvalidParameterValueException")
    client, _ = service("sqs", PurgeQueue=known, ListQueueTags=unknown)
    for action, expected in (("PurgeQueue", False), ("ListQueueTags", True)):
        response = client.send(form("/123456789012/q", Action=action))
        assert (b"<Detail/>" in response.body) is expected


def accepting_json(client, path, **fields):
    request = form(path, **fields)
    request.headers["accept"] = "application/json"
    response = client.send(request)
    assert response.headers["Content-Type"] == "application/json"
    return response.status, json.loads(response.body)


def test_who_accepts_json_is_answered_in_json():
    # https://github.com/aws-samples/serverless-patterns: API Gateway in front of SQS shows it
    message = {"MessageId": "1", "Body": "b", "Attributes": {"SenderId": "me"}}
    refused = AwsError("The specified queue does not exist.", code="QueueDoesNotExist")
    refused.query_code = "AWS.SimpleQueueService.NonExistentQueue"
    client, _ = service("sqs", ReceiveMessage={"Messages": [message]}, PurgeQueue=refused)
    _, received = accepting_json(client, "/123456789012/q", Action="ReceiveMessage")
    metadata = {"RequestId": "11111111-2222-3333-4444-555555555555"}
    assert received["ReceiveMessageResponse"] == {
        "ReceiveMessageResult": {
            "messages": [
                {
                    "MessageId": "1",
                    "ReceiptHandle": None,
                    "MD5OfBody": None,
                    "Body": "b",
                    "Attributes": [{"Name": "SenderId", "Value": "me"}],
                    "MD5OfMessageAttributes": None,
                    "MessageAttributes": None,
                }
            ]
        },
        "ResponseMetadata": metadata,
    }
    assert accepting_json(client, "/123456789012/q", Action="PurgeQueue") == (
        400,
        {
            "Error": {
                "Code": "AWS.SimpleQueueService.NonExistentQueue",
                "Message": "The specified queue does not exist for this wsdl version.",
                "Type": "Sender",
            },
            **metadata,
        },
    )
    client, _ = service("sns", Publish={"MessageId": "1"})
    _, published = accepting_json(client, "/", Action="Publish", Message="m")
    assert published["PublishResponse"] == {
        "PublishResult": {"MessageId": "1", "SequenceNumber": None},
        "ResponseMetadata": metadata,
    }


def test_sqs_without_an_action_knows_no_operation():
    client, _ = service("sqs")
    for path in ("/", "/123456789012/q"):
        response = client.send(HttpRequest("GET", path, "", {"host": "local"}, b""))
        assert response.status == 404
        assert response.body.endswith(b"<UnknownOperationException/>")


def test_contradicting_names_are_refused():
    client, _ = service("sns", Publish={})
    for fields in (
        {"Action": "Publish", "Message": "m", "Message.x": "1"},
        {"Action": "Publish", "Message.x": "1", "Message": "m"},
        {"Action": "Publish", "Message.x": "1"},
        {"Action": "Publish", "Message": "m", "MessageAttributes": "x"},
    ):
        response = client.send(form(**fields))
        assert response.status == 400
        assert b"<Code>MalformedInput</Code>" in response.body


def test_sqs_understands_its_former_protocol():
    # Given SQS, whose model no longer tells these names
    message = {
        "MessageId": "m",
        "Body": "a\r\n<",
        "Attributes": {"SenderId": "s"},
        "MessageAttributes": {"k": {"DataType": "String", "StringValue": "v"}},
    }
    client, recorder = service(
        "sqs",
        SendMessageBatch={"Successful": [], "Failed": []},
        ReceiveMessage={"Messages": [message]},
        CreateQueue={"QueueUrl": "u"},
    )
    # When an old SDK calls
    client.send(
        form(
            **{
                "Action": "CreateQueue",
                "QueueName": "q",
                "Attribute.1.Name": "DelaySeconds",
                "Attribute.1.Value": "5",
                "Tag.1.Key": "team",
                "Tag.1.Value": "x",
            }
        )
    )
    client.send(
        form(
            "/000000000000/q",
            **{
                "Action": "SendMessageBatch",
                "SendMessageBatchRequestEntry.1.Id": "a",
                "SendMessageBatchRequestEntry.1.MessageBody": "b",
                "SendMessageBatchRequestEntry.1.MessageAttribute.1.Name": "n",
                "SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType": "String",
                "SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.StringValue": "v",
            },
        )
    )
    received = client.send(
        form(Action="ReceiveMessage", QueueUrl="u", **{"AttributeName.1": "All"})
    )
    # Then it is understood, the queue's URL included, and answered in the old form
    assert recorder.params["CreateQueue"] == {
        "QueueName": "q",
        "Attributes": {"DelaySeconds": "5"},
        "tags": {"team": "x"},
    }
    assert recorder.params["SendMessageBatch"] == {
        "QueueUrl": "http://local/000000000000/q",
        "Entries": [
            {
                "Id": "a",
                "MessageBody": "b",
                "MessageAttributes": {"n": {"DataType": "String", "StringValue": "v"}},
            }
        ],
    }
    assert recorder.params["ReceiveMessage"]["AttributeNames"] == ["All"]
    names = "{http://queue.amazonaws.com/doc/2012-11-05/}"
    found = ElementTree.fromstring(received.body).find(f".//{names}Message")
    assert found is not None
    assert found.findtext(f"{names}Body") == "a\r\n<"
    assert found.findtext(f"{names}Attribute/{names}Name") == "SenderId"
    assert found.findtext(f"{names}MessageAttribute/{names}Value/{names}StringValue") == "v"


def test_sqs_speaks_of_its_wsdl_in_its_former_protocol_only():
    gone = AwsError(
        "The specified queue does not exist.",
        code="QueueDoesNotExist",
        query_code="AWS.SimpleQueueService.NonExistentQueue",
    )
    client, _ = service("sqs", PurgeQueue=gone)
    body = client.send(form(Action="PurgeQueue", QueueUrl="u")).body
    assert b"<Code>AWS.SimpleQueueService.NonExistentQueue</Code>" in body
    assert b"<Message>The specified queue does not exist for this wsdl version.</Message>" in body
    answer = client.call("PurgeQueue", QueueUrl="u")
    assert answer["Error"]["Message"] == "The specified queue does not exist."


def test_text_that_xml_cannot_carry_does_not_break_the_answer():
    client, _ = service("sns", GetTopicAttributes={"Attributes": {"a": "\x00\ud800ok\uffff"}})
    answer = client.call("GetTopicAttributes", TopicArn="arn")
    assert answer["Attributes"] == {"a": "??ok?"}


def test_two_megabytes_go_through():
    client, recorder = service("sns", Publish={"MessageId": "m"})
    client.call("Publish", TopicArn="arn", Message="ä" * 1_000_000)
    assert len(recorder.params["Publish"]["Message"]) == 1_000_000
