"""What is no request gets AWS's error or a plain 4xx, and the next caller is served."""

import json
import re
import socket
import string
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localaws.wire.models import OperationModel, load
from tests.robustness.client import Target

FUZZ = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
JSON_SERVICES = {
    "sqs": ("AmazonSQS", "1.0"),
    "logs": ("Logs_20140328", "1.1"),
    "events": ("AWSEvents", "1.1"),
    "ssm": ("AmazonSSM", "1.1"),
}
BAD_JSON = [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"{'a': 1}", b'{"a":' * 5000, b"NaN"]


@pytest.mark.parametrize(
    "content",
    [
        b"\r\n\r\n",
        b"\x00\x01\x02\xff garbage \r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: {host}\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: {host}\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost {host}\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: {host}\r\nX: a\x00b\r\n\r\n",
        b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\nHost: {host}\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: -1\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: many\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n",
        b"POST / HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"FFFFFFFFFFFFFFFFFFFF\r\nabc\r\n",
        b"POST / HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: {host}\r\nExpect: the unexpected\r\n\r\n",
    ],
    ids=lambda content: repr(content[:40]),
)
def test_what_is_no_http_is_refused(target: Target, content: bytes) -> None:
    answer = target.send(content.replace(b"{host}", target.host.encode()))
    assert answer.status in (0, 400, 403)


def test_headers_without_an_end_are_cut_off(target: Target) -> None:
    endless = f"GET / HTTP/1.1\r\nHost: {target.host}\r\nX: ".encode() + b"a" * 5_000_000
    assert target.send(endless).status in (0, 400)
    flood = b"".join(b"X-%d: %s\r\n" % (number, b"a" * 1000) for number in range(5000))
    head = f"GET / HTTP/1.1\r\nHost: {target.host}\r\n".encode()
    assert target.send(head + flood + b"\r\n").status in (0, 400)


def test_a_body_that_breaks_off_is_no_request(target: Target) -> None:
    queue_url = target.client("sqs").create_queue(QueueName="broken-off")["QueueUrl"]
    form = f"Action=SendMessage&MessageBody=m&QueueUrl={quote(queue_url)}".encode()

    signed = target.signing("sqs", form)
    whole = target.send(signed, and_close=False)
    broken = target.send(signed[:-1])

    assert (whole.status, broken.status) == (200, 0)
    counted = target.client("sqs").get_queue_attributes(
        QueueUrl=queue_url, AttributeNames=["ApproximateNumberOfMessages"]
    )
    assert counted["Attributes"] == {"ApproximateNumberOfMessages": "1"}


def test_a_client_that_stops_in_the_middle_does_not_stop_time(target: Target) -> None:
    with socket.create_connection(("127.0.0.1", target.port)) as stranger:
        head = f"POST / HTTP/1.1\r\nHost: {target.host}\r\nContent-Length: 9\r\n\r\nabc"
        stranger.sendall(head.encode())
        with socket.create_connection(("127.0.0.1", target.port)) as other:
            path = "/_runtime/guessed/2018-06-01/runtime/init/error"
            other.sendall(head.replace("/ ", f"{path} ", 1).encode())
            queue_url = target.client("sqs").create_queue(QueueName="waited-for")["QueueUrl"]
            assert "Messages" not in target.client("sqs").receive_message(
                QueueUrl=queue_url, WaitTimeSeconds=20
            )


@pytest.mark.parametrize("service", ["sqs", "sns", "lambda", "logs", "s3", "iam", "events", "ssm"])
@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "", "a/b; c=\xe9"])
def test_two_megabytes_of_the_wrong_type_are_refused(
    target: Target, service: str, content_type: str
) -> None:
    answer = target.signed(
        service,
        b"x" * 2_000_000,
        path="/b" if service == "s3" else "/",
        headers={},
        add={"Content-Type": content_type},
    )
    assert 400 <= answer.status < 500


@pytest.mark.parametrize("service", JSON_SERVICES)
@pytest.mark.parametrize("body", BAD_JSON, ids=lambda body: repr(body[:10]))
def test_bad_json_is_awss_error(target: Target, service: str, body: bytes) -> None:
    prefix, version = JSON_SERVICES[service]
    known = {
        "sqs": "SendMessage",
        "logs": "PutLogEvents",
        "events": "PutRule",
        "ssm": "GetParameter",
    }
    headers = {"Content-Type": f"application/x-amz-json-{version}"}

    for operation in (known[service], "NoSuchOperation", ""):
        answer = target.signed(
            service, body, headers=headers | {"X-Amz-Target": f"{prefix}.{operation}"}
        )
        assert (answer.status, bool(answer.error)) == (400, True)


@pytest.mark.parametrize("service", ["sqs", "sns", "iam", "sts", "cloudformation", "monitoring"])
@pytest.mark.parametrize(
    "form",
    [
        b"",
        b"Action=NoSuchOperation",
        b"Action=",
        b"Action.1=a&Action=b",
        b"\xff\xfe=%ff&Action=%00",
        b"Action=ListQueues&" + b"A.1.B.2=x&" * 2000,
        b"{}",
    ],
    ids=lambda form: repr(form[:20]),
)
def test_a_bad_form_is_awss_error(target: Target, service: str, form: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = target.signed(service, form, headers=headers)
    if service == "sqs" and answer.status == 404:
        assert b"<UnknownOperationException/>" in answer.body
        return
    assert answer.status in (200, 400) if b"ListQueues" in form else answer.status == 400
    assert answer.error or answer.status == 200


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=20),
        st.sampled_from(["All", "*", "arn:aws:sqs:us-east-1:000000000000:q", "x" * 300, "{}"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


def requests_of(service: str) -> st.SearchStrategy[tuple[str, Any]]:
    """Every operation's name with some of its members, each with a value of any kind."""

    def parameters(operation: OperationModel) -> st.SearchStrategy[tuple[str, Any]]:
        members = sorted(operation.input.members) if operation.input else []
        names = st.sampled_from(members) if members else st.text(max_size=8)
        bodies = st.dictionaries(names, VALUES, max_size=6)
        return st.tuples(st.just(operation.name), bodies | VALUES)

    operations = sorted(load(service).operations.values(), key=lambda operation: operation.name)
    return st.sampled_from(operations).flatmap(parameters)


def is_awss(status: int) -> bool:
    """An answer, AWS's refusal, or the plain word that this is not imitated."""
    return 200 <= status < 500 or status == 501


@pytest.mark.parametrize("service", ["sqs", "logs"])
def test_any_json_for_any_operation(target: Target, service: str) -> None:
    prefix, version = JSON_SERVICES[service]

    @FUZZ
    @given(requests_of(service))
    def fuzz(request: tuple[str, Any]) -> None:
        operation, parameters = request
        headers = {
            "Content-Type": f"application/x-amz-json-{version}",
            "X-Amz-Target": f"{prefix}.{operation}",
        }
        answer = target.signed(service, json.dumps(parameters).encode(), headers=headers)
        assert is_awss(answer.status), answer

    fuzz()


FORM_KEYS = st.text(string.ascii_letters + string.digits + ".", max_size=30)


@pytest.mark.parametrize("service", ["sqs", "sns"])
def test_any_form_for_any_operation(target: Target, service: str) -> None:
    names = sorted(load(service).operations)

    @FUZZ
    @given(st.sampled_from(names), st.dictionaries(FORM_KEYS, st.text(max_size=30), max_size=6))
    def fuzz(action: str, fields: dict[str, str]) -> None:
        form = "&".join(f"{quote(k)}={quote(v)}" for k, v in fields.items())
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = target.signed(service, f"Action={action}&{form}".encode(), headers=headers)
        assert is_awss(answer.status), answer

    fuzz()


PATH_TEXT = st.text(max_size=20).map(lambda text: quote(text, safe=""))


def test_anything_for_any_operation_of_lambda(target: Target) -> None:
    operations = load("lambda").operations

    @FUZZ
    @given(requests_of("lambda"), PATH_TEXT, st.dictionaries(FORM_KEYS, PATH_TEXT, max_size=3))
    def fuzz(request: tuple[str, Any], label: str, query: dict[str, str]) -> None:
        operation, parameters = operations[request[0]], request[1]
        path = re.sub(r"\{[^}]*\}", label.replace("\\", ""), operation.uri)
        path += ("&" if "?" in path else "?") + "&".join(f"{k}={v}" for k, v in query.items())
        answer = target.signed(
            "lambda", json.dumps(parameters).encode(), method=operation.method, path=path
        )
        assert is_awss(answer.status), answer

    fuzz()
