"""REST-JSON as Lambda speaks it."""

import json

from localaws.wire import ServiceSkin
from localaws.words.errors import AwsError
from localaws.words.http import HttpRequest
from tests.unit.wire.client import Recorder, WireClient

ARN = "arn:aws:lambda:us-east-1:123456789012:function:orders"


class ResourceNotFoundException(AwsError):
    pass


class ResourceConflictException(AwsError):
    pass


class TooManyRequestsException(AwsError):
    pass


def lambda_(**results):
    recorder = Recorder(**results)
    return WireClient(ServiceSkin("lambda", recorder.operations), "lambda"), recorder


def test_invoke_carries_headers_query_and_raw_payload():
    # Given a function that fails
    client, recorder = lambda_(
        Invoke={
            "StatusCode": 200,
            "FunctionError": "Unhandled",
            "ExecutedVersion": "$LATEST",
            "LogResult": "bG9n",
            "Payload": b'{"errorMessage":"x"}',
        }
    )
    # When it is invoked by its ARN
    request = client.request(
        "Invoke", FunctionName=ARN, Qualifier="live", LogType="Tail", Payload=b"\x00not json"
    )
    response = client.send(request)
    # Then name, qualifier and payload arrive, and the failure is in the headers of a 200
    assert recorder.params["Invoke"] == {
        "FunctionName": ARN,
        "Qualifier": "live",
        "LogType": "Tail",
        "Payload": b"\x00not json",
    }
    assert (response.status, response.body) == (200, b'{"errorMessage":"x"}')
    assert response.headers["X-Amz-Function-Error"] == "Unhandled"
    assert response.headers["X-Amz-Executed-Version"] == "$LATEST"
    assert response.headers["X-Amz-Log-Result"] == "bG9n"


def test_event_invocation_answers_202_without_body():
    client, _ = lambda_(Invoke={"StatusCode": 202, "Payload": b""})
    answer = client.send(client.request("Invoke", FunctionName="f", InvocationType="Event"))
    assert (answer.status, answer.body) == (202, b"")
    assert "X-Amz-Function-Error" not in answer.headers


def test_names_may_be_arns_encoded_or_not_and_paths_may_end_in_a_slash():
    client, recorder = lambda_(Invoke={}, ListFunctions={}, ListEventSourceMappings={})
    for name in (ARN, ARN.replace(":", "%3A"), "orders", "orders:live"):
        path = f"/2015-03-31/functions/{name}/invocations"
        client.send(HttpRequest("POST", path, "", {}, b"{}"))
        expected = ARN if name.startswith("arn") else name
        assert recorder.params["Invoke"]["FunctionName"] == expected
    assert client.send(HttpRequest("GET", "/2015-03-31/functions/", "", {}, b"")).status == 200
    response = client.send(
        HttpRequest("GET", "/2015-03-31/event-source-mappings/", "FunctionName=a%3Ab", {}, b"")
    )
    assert response.status == 200
    assert recorder.params["ListEventSourceMappings"] == {"FunctionName": "a:b"}


def test_query_parameters_tell_operations_of_one_path_apart():
    client, recorder = lambda_(
        ListProvisionedConcurrencyConfigs={"ProvisionedConcurrencyConfigs": []},
        GetProvisionedConcurrencyConfig={},
    )
    client.call("ListProvisionedConcurrencyConfigs", FunctionName="f", MaxItems=5)
    client.call("GetProvisionedConcurrencyConfig", FunctionName="f", Qualifier="1")
    assert recorder.params["ListProvisionedConcurrencyConfigs"] == {
        "FunctionName": "f",
        "MaxItems": 5,
    }
    assert recorder.params["GetProvisionedConcurrencyConfig"]["Qualifier"] == "1"


def test_lists_in_the_query_string():
    client, recorder = lambda_(UntagResource=None)
    answer = client.call("UntagResource", Resource=ARN, TagKeys=["a", "b"])
    assert recorder.params["UntagResource"] == {"Resource": ARN, "TagKeys": ["a", "b"]}
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 204


def test_nested_structures_blobs_and_status_codes():
    client, recorder = lambda_(
        CreateFunction={
            "FunctionName": "f",
            "Environment": {"Variables": {"AB": "c"}},
            "Layers": [{"Arn": "l"}],
        }
    )
    params = {
        "FunctionName": "f",
        "Role": "arn:aws:iam::123456789012:role/r",
        "Code": {"ZipFile": b"PK\x03\x04"},
        "Environment": {"Variables": {"AB": "c"}},
        "Publish": True,
    }
    answer = client.call("CreateFunction", **params)
    assert recorder.params["CreateFunction"] == params
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert answer["Environment"] == {"Variables": {"AB": "c"}}


def test_timestamps_travel_as_epoch_seconds():
    client, _ = lambda_(GetEventSourceMapping={"UUID": "u", "LastModified": 1_700_000_000.123})
    uuid = "11111111-2222-3333-4444-555555555555"
    response = client.send(client.request("GetEventSourceMapping", UUID=uuid))
    assert json.loads(response.body)["LastModified"] == 1_700_000_000.123
    assert client.call("GetEventSourceMapping", UUID=uuid)["LastModified"].year == 2023


def test_deletion_without_output_has_no_body():
    client, _ = lambda_(DeleteFunctionConcurrency=None, DeleteFunction={"StatusCode": 204})
    for operation in ("DeleteFunctionConcurrency", "DeleteFunction"):
        response = client.send(client.request(operation, FunctionName="f"))
        assert (response.status, response.body) == (204, b"")


def test_error_bodies_spell_message_as_their_shapes_do():
    # Given two errors whose shapes spell the member differently (facts A35, E9)
    client, _ = lambda_(
        GetFunction=ResourceNotFoundException("Function not found: f"),
        CreateAlias=ResourceConflictException("Alias already exists"),
    )
    # When they are answered
    missing = client.send(client.request("GetFunction", FunctionName="f"))
    conflict = client.send(
        client.request("CreateAlias", FunctionName="f", Name="live", FunctionVersion="1")
    )
    # Then casing and status are the model's
    assert missing.status == 404
    assert json.loads(missing.body) == {"Type": "User", "Message": "Function not found: f"}
    assert missing.headers["x-amzn-errortype"] == "ResourceNotFoundException"
    assert conflict.status == 409
    assert json.loads(conflict.body) == {"Type": "User", "message": "Alias already exists"}


def test_further_members_of_errors_go_to_body_and_headers():
    throttled = TooManyRequestsException(
        "Rate Exceeded.",
        fields={
            "Reason": "ReservedFunctionConcurrentInvocationLimitExceeded",
            "retryAfterSeconds": "1",
        },
    )
    client, _ = lambda_(Invoke=throttled)
    response = client.send(client.request("Invoke", FunctionName="f"))
    assert response.status == 429
    assert response.headers["Retry-After"] == "1"
    assert json.loads(response.body) == {
        "Type": "User",
        "Reason": "ReservedFunctionConcurrentInvocationLimitExceeded",
        "message": "Rate Exceeded.",
    }


def test_body_that_is_no_json():
    client, _ = lambda_(CreateFunction={})
    response = client.send(HttpRequest("POST", "/2015-03-31/functions", "", {}, b"{invalid"))
    assert response.status == 400
    assert response.headers["x-amzn-errortype"] == "InvalidRequestContentException"
    assert json.loads(response.body)["message"].startswith(
        "Could not parse request body into json: Unexpected character ('i' (code 105)): "
        "was expecting double-quote to start field name\n at ["
    )


def test_paths_that_name_no_operation():
    client, _ = lambda_(Invoke={})
    for method, path in (("GET", "/"), ("PATCH", "/2015-03-31/functions"), ("GET", "//"), ("", "")):
        response = client.send(HttpRequest(method, path, "", {}, b""))
        assert response.status == 404
        assert response.headers["x-amzn-errortype"] == "UnknownOperationException"


def test_numbers_in_the_query_string_are_checked():
    client, _ = lambda_(ListFunctions={})
    response = client.send(HttpRequest("GET", "/2015-03-31/functions", "MaxItems=ten", {}, b""))
    assert response.status == 400
    assert response.headers["x-amzn-errortype"] == "SerializationException"


def test_six_megabytes_of_payload_go_through():
    client, recorder = lambda_(Invoke={"StatusCode": 200, "Payload": b"x" * 6_000_000})
    payload = b"p" * 6_000_000
    response = client.send(client.request("Invoke", FunctionName="f", Payload=payload))
    assert recorder.params["Invoke"]["Payload"] == payload
    assert len(response.body) == 6_000_000
