"""Whatever arrives is answered as AWS would refuse it; nothing takes the endpoint down."""

import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localaws.wire import ServiceSkin
from localaws.wire.models import load
from localaws.words.http import HttpRequest
from localaws.words.json_errors import complaint_about
from tests.unit.wire.client import WireClient

SERVICES = ("sqs", "sns", "lambda")
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
PATHS = st.lists(
    st.sampled_from(("2015-03-31", "functions", "f", "invocations", "%", "%3A", "", "ü")),
    max_size=6,
).map("/".join)


@pytest.fixture(scope="module")
def clients():
    def nothing(params, caller):
        return {}

    return {
        name: WireClient(ServiceSkin(name, dict.fromkeys(load(name).operations, nothing)), name)
        for name in SERVICES
    }


def exchange(client, request):
    response = client.send(request)
    assert response.status < 500, response
    assert response.headers["x-amzn-RequestId"]
    return response


@given(st.sampled_from(SERVICES), st.sampled_from(("GET", "POST", "PUT")), PATHS, st.data())
def test_bytes_of_any_kind(clients, service, method, path, data):
    body = data.draw(st.binary(max_size=64))
    query = data.draw(st.text(max_size=16))
    headers = data.draw(
        st.sampled_from(
            (
                {},
                {"x-amz-target": "AmazonSQS.SendMessage"},
                {"x-amz-invocation-type": "\x00"},
                {"content-type": "application/json"},
            )
        )
    )
    exchange(clients[service], HttpRequest(method, f"/{path}", query, headers, body))


@given(JSON_VALUES)
def test_json_of_any_shape_for_sqs(clients, value):
    headers = {"x-amz-target": "AmazonSQS.SendMessageBatch"}
    for document in (value, {"QueueUrl": value, "Entries": [value]}, {"Entries": value}):
        body = json.dumps(document).encode()
        exchange(clients["sqs"], HttpRequest("POST", "/", "", headers, body))


@given(JSON_VALUES)
def test_json_of_any_shape_for_lambda(clients, value):
    path = "/2015-03-31/functions"
    document = {"FunctionName": "f", "Role": "r", "Code": value, "Environment": value}
    for body in (json.dumps(value).encode(), json.dumps(document).encode()):
        exchange(clients["lambda"], HttpRequest("POST", path, "", {}, body))


@given(
    st.dictionaries(
        st.lists(
            st.sampled_from(("MessageAttributes", "entry", "1", "-1", "Name", "Value", "", "²")),
            min_size=1,
            max_size=5,
        ).map(".".join),
        st.text(max_size=4),
        max_size=6,
    )
)
def test_forms_of_any_shape_for_sns(clients, fields):
    body = urlencode({"Action": "Publish", **fields}).encode()
    exchange(clients["sns"], HttpRequest("POST", "/", "", {}, body))


@given(st.text(max_size=30))
def test_every_text_is_json_or_is_complained_about(text):
    try:
        json.loads(text)
    except ValueError:
        assert complaint_about(text)
    else:
        assert complaint_about(text) is None
