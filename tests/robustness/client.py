"""An endpoint process of a test's own, and clients that do not keep to HTTP's or AWS's rules."""

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from localaws import EndpointInfo

# Longer than anything here takes; a test that runs into it has found something that hangs.
TIMEOUT_S = 120


@dataclass(frozen=True)
class Answer:
    """What came back on a connection: status 0 when it was closed without a word."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> str:
        """AWS's code, from wherever the protocol puts it."""
        text = self.body.decode("utf-8", "replace")
        if "<Code>" in text:
            return text.partition("<Code>")[2].partition("</Code>")[0]
        document = json.loads(text) if text.startswith("{") else {}
        return str(document.get("__type", self.headers.get("x-amzn-errortype", ""))).rpartition(
            "#"
        )[2]


@dataclass(frozen=True)
class Target:
    """One running endpoint."""

    info: EndpointInfo
    log: Path
    pid: int

    @property
    def port(self) -> int:
        return int(self.info.endpoint_url.rpartition(":")[2])

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def client(self, service: str, **options: Any) -> Any:
        config = Config(retries={"total_max_attempts": 1}, read_timeout=TIMEOUT_S, **options)
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.info.endpoint_url,
            region_name=self.info.region,
            aws_access_key_id=self.info.aws_access_key_id,
            aws_secret_access_key=self.info.aws_secret_access_key,
            config=config,
        )

    def send(self, content: bytes, *, and_close: bool = True) -> Answer:
        """Bytes as they are; `and_close` tells that no more will come."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT_S) as connection:
            received = b""
            try:
                connection.sendall(content)
                if and_close:
                    connection.shutdown(socket.SHUT_WR)
                while chunk := connection.recv(65536):
                    received += chunk
            except (ConnectionError, OSError):  # refused while we were still sending
                pass
        return _parse(received)

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        """One request, well-formed as HTTP, with exactly these headers and a length."""
        # Who closes its side early is taken for gone.
        return self.send(_written(method, path, headers, body), and_close=False)

    def signed(self, service: str, body: bytes = b"", **options: Any) -> Answer:
        """One signed request; options as of `signing`."""
        return self.send(self.signing(service, body, **options), and_close=False)

    def signing(
        self,
        service: str,
        body: bytes = b"",
        *,
        method: str = "POST",
        path: str = "/",
        headers: Mapping[str, str] | None = None,
        key: str | None = None,
        secret: str | None = None,
        add: Mapping[str, str] | None = None,
    ) -> bytes:
        """One signed request as bytes; the headers of `add` come after signing."""
        unsigned = AWSRequest(
            method, self.info.endpoint_url + path, headers=dict(headers or {}), data=body
        )
        credentials = Credentials(
            key or self.info.aws_access_key_id, secret or self.info.aws_secret_access_key
        )
        signer = S3SigV4Auth if service == "s3" else SigV4Auth
        signer(credentials, service, self.info.region).add_auth(unsigned)
        sent = {"Host": self.host} | dict(unsigned.headers.items()) | dict(add or {})
        return _written(method, path, sent, body)

    def is_alive(self) -> bool:
        """Whether it serves on; a call of each of our services."""
        self.client("sqs").list_queues()
        self.client("sns").list_topics()
        self.client("lambda").list_functions()
        self.client("logs").describe_log_groups()
        self.client("sts").get_caller_identity()
        return True


def _written(method: str, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]
    lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def _parse(received: bytes) -> Answer:
    head, _, body = received.partition(b"\r\n\r\n")
    status_line, *lines = head.decode("latin-1").split("\r\n")
    if not status_line:
        return Answer(0, {}, b"")
    headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
    return Answer(int(status_line.split()[1]), headers, body)
