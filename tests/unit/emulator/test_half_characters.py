"""Half a character in a request to a service of the emulator."""

import json

import pytest

from localaws.emulator.half_characters import without_halves
from localaws.words.http import HttpRequest

IN_JSON = {"content-type": "application/x-amz-json-1.1"}


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (rb'{"a": "x\ud800y"}', {"a": "x?y"}),
        (rb'{"a": "\uD83D\uDE00"}', {"a": "\U0001f600"}),
        # A text that is JSON itself is none of ours.
        (rb'{"a": "{\"b\": \"\\ud800\"}"}', {"a": r'{"b": "\ud800"}'}),
    ],
)
def test_it_becomes_a_question_mark(body: bytes, kept: object) -> None:
    request = without_halves(HttpRequest("POST", "/", "", IN_JSON, body))
    assert json.loads(request.body.decode()) == kept


@pytest.mark.parametrize(
    ("headers", "body"), [({}, rb'{"a": "\ud800"}'), (IN_JSON, rb'{"a": \ud800'), (IN_JSON, b"{}")]
)
def test_what_is_no_such_json_stays_as_it_is(headers: dict[str, str], body: bytes) -> None:
    assert without_halves(HttpRequest("POST", "/", "", headers, body)).body == body
