"""AWS JSON as SQS speaks it: what botocore writes is read, what is written botocore reads."""

import asyncio
import base64
import json

import pytest

from localaws.wire import ServiceSkin
from localaws.words.errors import AwsError
from localaws.words.http import HttpRequest
from tests.unit.wire.client import CALLER, REQUEST_ID, Recorder, WireClient

SENT = {"MessageId": "m-1", "MD5OfMessageBody": "5d41402abc4b2a76b9719d911017c592"}
JSON_HEADERS = {"content-type": "application/x-amz-json-1.0"}


class QueueDoesNotExist(AwsError):
    query_code = "AWS.SimpleQueueService.NonExistentQueue"


def sqs(**results):
    recorder = Recorder(**results)
    return WireClient(ServiceSkin("sqs", recorder.operations), "sqs"), recorder


def post(target, body):
    return HttpRequest("POST", "/", "", {**JSON_HEADERS, "x-amz-target": target}, body)


def test_parameters_arrive_as_boto3_takes_them():
    # Given an operation that remembers its parameters
    client, recorder = sqs(SendMessage=SENT)
    params = {
        "QueueUrl": "http://local/000000000000/q",
        "MessageBody": "Grüße \U0001f600",
        "DelaySeconds": 3,
        "MessageAttributes": {"raw": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}},
    }
    # When botocore sends it
    answer = client.call("SendMessage", **params)
    # Then nothing was lost on either way
    assert recorder.params["SendMessage"] == params
    assert answer["MessageId"] == "m-1"
    assert answer["ResponseMetadata"]["RequestId"] == REQUEST_ID


def test_an_operation_may_choose_its_request_id_and_add_headers():
    metadata = {"RequestId": "another", "HTTPHeaders": {"X-Trace": "t"}}
    client, _ = sqs(SendMessage={**SENT, "ResponseMetadata": metadata})
    answer = client.call("SendMessage", QueueUrl="q", MessageBody="b")
    assert answer["ResponseMetadata"]["RequestId"] == "another"
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-trace"] == "t"


def test_lists_maps_and_blobs_of_results_arrive_at_boto3():
    message = {
        "MessageId": "m",
        "Body": "<a>&\r\n",
        "Attributes": {"ApproximateReceiveCount": "1"},
        "MessageAttributes": {"raw": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}},
    }
    client, _ = sqs(ReceiveMessage={"Messages": [message]})
    assert client.call("ReceiveMessage", QueueUrl="q")["Messages"] == [message]


def test_members_that_are_none_are_left_out():
    client, _ = sqs(SendMessage={**SENT, "SequenceNumber": None})
    assert "SequenceNumber" not in client.call("SendMessage", QueueUrl="q", MessageBody="b")


def test_operation_without_output_answers_an_empty_body():
    client, _ = sqs(DeleteMessage=None)
    response = client.send(client.request("DeleteMessage", QueueUrl="q", ReceiptHandle="r"))
    assert (response.status, response.body) == (200, b"")


def test_errors_carry_shape_and_query_code():
    # Given a queue that does not exist
    client, _ = sqs(SendMessage=QueueDoesNotExist("The specified queue does not exist."))
    # When a message is sent to it
    response = client.send(client.request("SendMessage", QueueUrl="q", MessageBody="b"))
    answer = client.call("SendMessage", QueueUrl="q", MessageBody="b")
    # Then the body names the shape, and the header the code that SDKs show
    assert json.loads(response.body) == {
        "__type": "com.amazonaws.sqs#QueueDoesNotExist",
        "message": "The specified queue does not exist.",
    }
    assert (
        response.headers["x-amzn-query-error"] == "AWS.SimpleQueueService.NonExistentQueue;Sender"
    )
    assert answer["Error"] == {
        "Code": "AWS.SimpleQueueService.NonExistentQueue",
        "Message": "The specified queue does not exist.",
        "QueryErrorCode": "QueueDoesNotExist",
        "Type": "Sender",
    }
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_missing_member_is_named():
    client, _ = sqs(SendMessage=SENT)
    error = client.call("SendMessage", QueueUrl="q")["Error"]
    assert error["Code"] == "MissingParameter"
    assert error["Message"] == "The request must contain the parameter MessageBody."


def test_wrong_types_are_refused_in_the_frameworks_words():
    client, _ = sqs(SendMessage=SENT)
    complaints = {
        b'{"QueueUrl":"q","MessageBody":1}': "NUMBER_VALUE can not be converted to a String",
        b'{"QueueUrl":"q","MessageBody":["a"]}': "Start of list found where not expected.",
        b'{"QueueUrl":"q","MessageBody":"b","DelaySeconds":"1"}': (
            "STRING_VALUE can not be converted to an Integer"
        ),
        b'{"QueueUrl":"q","MessageBody":"b","MessageAttributes":[]}': (
            "Start of list found where not expected."
        ),
        b'{"QueueUrl":"q","MessageBody":"b","MessageAttributes":{"a":{"BinaryValue":"!"}}}': (
            "Unable to decode base64 value"
        ),
    }
    for body, complaint in complaints.items():
        response = client.send(post("AmazonSQS.SendMessage", body))
        assert response.status == 400
        assert json.loads(response.body) == {
            "__type": "com.amazon.coral.service#SerializationException",
            "message": complaint,
        }


def test_what_is_no_json_is_refused():
    client, _ = sqs(SendMessage=SENT)
    nested = b"[" * 100_000
    for body in (b"{", b"\xff", b"NaN", b"[]", b"1", nested):
        response = client.send(post("AmazonSQS.SendMessage", body))
        assert response.status == 400, body[:20]
        assert b"SerializationException" in response.body


def test_unknown_operation():
    client, _ = sqs(SendMessage=SENT)
    for target in ("AmazonSQS.Nope", "Other.SendMessage", "SendMessage", ""):
        response = client.send(post(target, b"{}"))
        assert response.status == 400
        assert json.loads(response.body)["__type"].endswith("#UnknownOperationException")


def test_operation_that_only_aws_has_says_so():
    client, _ = sqs(SendMessage=SENT)
    answer = client.call("ListQueues")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert "not part of the embedded AWS" in answer["Error"]["Message"]


def test_defect_of_an_operation_is_an_internal_failure(capsys):
    client, _ = sqs(SendMessage=ZeroDivisionError("a defect"))
    answer = client.call("SendMessage", QueueUrl="q", MessageBody="b")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert answer["Error"]["Code"] == "InternalFailure"
    assert "ZeroDivisionError: a defect" in capsys.readouterr().err


def test_result_that_breaks_the_model_is_an_internal_failure(capsys):
    client, _ = sqs(SendMessage={"Unheard": 1})
    answer = client.call("SendMessage", QueueUrl="q", MessageBody="b")
    assert answer["Error"]["Code"] == "InternalFailure"
    assert "Unheard" in capsys.readouterr().err


def test_operations_may_be_coroutines_and_choose_the_request_id():
    async def send(params, caller):
        await asyncio.sleep(0)
        return {**SENT, "ResponseMetadata": {"RequestId": "another"}}

    client = WireClient(ServiceSkin("sqs", {"SendMessage": send}), "sqs")
    answer = client.call("SendMessage", QueueUrl="q", MessageBody="b")
    assert answer["ResponseMetadata"]["RequestId"] == "another"


def test_two_megabytes_go_through():
    client, recorder = sqs(SendMessage=SENT)
    blob = bytes(range(256)) * 8192
    body = json.dumps(
        {
            "QueueUrl": "q",
            "MessageBody": "x" * 100,
            "MessageAttributes": {
                "a": {"DataType": "Binary", "BinaryValue": base64.b64encode(blob).decode()}
            },
        }
    ).encode()
    assert client.send(post("AmazonSQS.SendMessage", body)).status == 200
    sent = recorder.params["SendMessage"]["MessageAttributes"]["a"]["BinaryValue"]
    assert sent == blob


def test_misspelt_operation_is_found_at_start():
    with pytest.raises(LookupError, match="SendMesage"):
        ServiceSkin("sqs", {"SendMesage": lambda params, caller: None})


def test_lone_surrogates_do_not_break_the_answer():
    client, _ = sqs(ReceiveMessage={"Messages": [{"Body": "\ud800"}]})
    response = client.send(client.request("ReceiveMessage", QueueUrl="q"))
    assert response.status == 200
    assert json.loads(response.body) == {"Messages": [{"Body": "?"}]}


def test_caller_is_handed_to_the_operation():
    callers = []
    skin = ServiceSkin("sqs", {"ListQueues": lambda params, caller: callers.append(caller)})
    WireClient(skin, "sqs").call("ListQueues")
    assert callers == [CALLER]
