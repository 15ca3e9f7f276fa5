"""JSON that services write and read."""

import json

import pytest

from localaws.words.json_text import compact, strict


def test_what_utf_8_cannot_hold_stays_escaped() -> None:
    text = compact({"a": "\ud800x", "b": "é\U0001f600"})
    assert text == '{"a":"\\ud800x","b":"é\U0001f600"}'
    assert json.loads(text.encode()) == {"a": "\ud800x", "b": "é\U0001f600"}


@pytest.mark.parametrize("text", ["NaN", '{"a": -Infinity}', b"[Infinity]"])
def test_what_only_python_takes_for_json_is_none(text: str | bytes) -> None:
    with pytest.raises(ValueError, match="is not JSON"):
        strict(text)
    assert strict('{"a": 1e400}') == {"a": float("inf")}
