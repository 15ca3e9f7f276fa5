"""Nobody but this run's own callers gets in, whatever the path and whatever the trick."""

import socket
import sys
from pathlib import Path

import pytest

from tests.robustness.client import Target

PATHS = [
    "/",
    "/_clock",
    "/_ministack/health",
    "/_ministack/reset",
    "/_localstack/health",
    "/_lambda-packages/guessed",
    "/_runtime/guessed/2018-06-01/runtime/invocation/next",
    "/health",
    "/2015-03-31/functions",
    "/000000000000/queue",
    "/bucket/key",
    "/%00",
]
METHODS = ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", PATHS)
def test_an_unsigned_request_is_refused(target: Target, method: str, path: str) -> None:
    answer = target.request(method, path, {"Host": target.host})
    assert answer.status == 403
    assert not any(name.startswith("access-control") for name in answer.headers)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "rebound.example"},
        {"Host": "rebound.example:{port}"},
        {"Host": "127.0.0.1"},
        {"Host": "0.0.0.0:{port}"},
        {"Host": "127.0.0.1:{port}.rebound.example"},
        {"Host": "LOCALHOST:{port}"},
        {"Host": "127.0.0.1:{port}", "Origin": "http://127.0.0.1:{port}"},
        {"Host": "127.0.0.1:{port}", "Origin": "null"},
        {"Host": "127.0.0.1:{port}", "Origin": ""},
        {"X-Forwarded-Host": "127.0.0.1:{port}"},
    ],
)
def test_a_web_page_is_refused(target: Target, path: str, headers: dict[str, str]) -> None:
    sent = {name: value.format(port=target.port) for name, value in headers.items()}
    answer = target.request("GET", path, sent)
    assert answer.status == 403
    assert b"Refused" in answer.body
    assert not any(name.startswith("access-control") for name in answer.headers)


@pytest.mark.parametrize("extra", [{"Origin": "http://evil.example"}, {"Host": "evil.example"}])
def test_a_web_page_is_refused_even_with_a_signature(target: Target, extra: dict[str, str]) -> None:
    assert target.signed("sts", b"Action=GetCallerIdentity", add=extra).status == 403


def test_two_hosts_are_none(target: Target) -> None:
    head = f"GET / HTTP/1.1\r\nHost: {target.host}\r\nHost: evil.example\r\n\r\n"
    assert target.send(head.encode()).status == 403


def test_a_wrong_signature_is_refused(target: Target) -> None:
    answer = target.signed("sqs", b"Action=ListQueues", secret="guessed")
    assert (answer.status, answer.error) == (403, "InvalidSignatureException")


def test_another_body_than_the_signed_one_is_refused(target: Target) -> None:
    signed = target.signed("s3", b"mine", method="PUT", path="/bucket/key")
    assert signed.error == "NoSuchBucket"  # this one got through
    forged = target.signing("s3", b"mine", method="PUT", path="/bucket/key")[:-4] + b"evil"
    answer = target.send(forged, and_close=False)
    assert (answer.status, answer.error) == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize("key", ["test", "000000000000", "AKIAIOSFODNN7EXAMPLE", ""])
def test_credentials_that_everybody_knows_are_refused(target: Target, key: str) -> None:
    answer = target.signed("sqs", b"Action=ListQueues", key=key or "x", secret=key or "test")
    assert (answer.status, answer.error) == (403, "UnrecognizedClientException")


def test_a_service_that_is_not_here_is_not_the_emulator_s(target: Target) -> None:
    answer = target.signed("ec2", b"Action=DescribeInstances")
    assert (answer.status, answer.error) == (501, "NotImplemented")


@pytest.mark.parametrize(
    "head",
    [
        "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n",
        "CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n",
        "GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "GET http://evil.example/ HTTP/1.1\r\nHost: {host}\r\n\r\n",
        "GET http://{host}/_clock HTTP/1.1\r\nHost: {host}\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
    ],
)
def test_it_is_no_proxy(target: Target, head: str) -> None:
    assert target.send(head.format(host=target.host).encode()).status in (400, 403)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_it_listens_on_one_loopback_socket(target: Target) -> None:
    own = {
        Path(link).readlink().as_posix()
        for link in Path(f"/proc/{target.pid}/fd").iterdir()
        if link.is_symlink()
    }
    listening = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{target.pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            bound = table.startswith("udp") or fields[3] == "0A"
            if bound and f"socket:[{fields[9]}]" in own:
                listening.append((table, fields[1]))
    address = socket.inet_aton("127.0.0.1")[::-1].hex().upper()
    assert listening == [("tcp", f"{address}:{target.port:04X}")]
