"""Event streams, read back by botocore's own parser."""

import json
from typing import Any

from botocore.eventstream import EventStreamBuffer

from localaws.wire import ServiceSkin
from localaws.words.http import Caller
from tests.unit.wire.client import WireClient


def events(body: bytes) -> list[tuple[str, str, bytes]]:
    """Type, content type and payload of every event; botocore checks lengths and checksums."""
    buffer = EventStreamBuffer()
    buffer.add_data(body)
    return [
        (message.headers[":event-type"], message.headers[":content-type"], message.payload)
        for message in buffer
        if message.headers[":message-type"] == "event"
    ]


def answered(result: dict[str, Any]) -> Any:
    """The response of a skin whose function answers `result`."""

    def operation(params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        return result

    skin = ServiceSkin("lambda", {"InvokeWithResponseStream": operation})
    client = WireClient(skin, "lambda")
    return client.send(client.request("InvokeWithResponseStream", FunctionName="fn"))


def test_blobs_travel_as_they_are_and_structures_as_json() -> None:
    stream = [
        {"PayloadChunk": {"Payload": b'{"a": 1}'}},
        {"PayloadChunk": {"Payload": b""}},
        {"InvokeComplete": {"ErrorCode": "Unhandled"}},
    ]
    response = answered({"StatusCode": 200, "ExecutedVersion": "1", "EventStream": stream})

    assert response.headers["Content-Type"] == "application/vnd.amazon.eventstream"
    assert response.headers["X-Amz-Executed-Version"] == "1"
    *chunks, (name, content_type, payload) = events(response.body)
    assert chunks == [
        ("PayloadChunk", "application/octet-stream", b'{"a": 1}'),
        ("PayloadChunk", "application/octet-stream", b""),
    ]
    assert (name, content_type) == ("InvokeComplete", "application/json")
    assert json.loads(payload) == {"ErrorCode": "Unhandled"}


def test_no_content_has_no_events() -> None:
    response = answered({"StatusCode": 204})
    assert (response.status, response.body) == (204, b"")
