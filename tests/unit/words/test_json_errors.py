"""The words of the JSON parser that AWS's services use (jackson-core, its messages)."""

import json

import pytest

from localaws.words.json_errors import complaint_about

SOURCE = "Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)"
VALUE = "JSON String, Number, Array, Object or token 'null', 'true' or 'false'"
END = "Unexpected end-of-input"
ENABLE = "enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow"


def marker(kind: str, column: int, line: int = 1) -> str:
    place = f"[{SOURCE}; line: {line}, column: {column}]"
    return f"{END}: expected close marker for {kind} (start marker at {place})"


@pytest.mark.parametrize(
    ("text", "complaint", "column"),
    [
        ("abc", f"Unrecognized token 'abc': was expecting ({VALUE})", 4),
        ("abc def", f"Unrecognized token 'abc': was expecting ({VALUE})", 5),
        ("tru", f"Unrecognized token 'tru': was expecting ({VALUE})", 4),
        ("[1,]", f"Unexpected character (']' (code 93)): expected a valid value ({VALUE})", 4),
        (
            "{'a':1}",
            "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
            2,
        ),
        (
            b"\x99",
            f"Unexpected character ((CTRL-CHAR, code 153)): expected a valid value ({VALUE})",
            1,
        ),
        (b"n\x87", "Invalid UTF-8 start byte 0x87", 3),
        (b'"\x99', "Invalid UTF-8 start byte 0x99", 3),
        ('"abc', f"{END} in VALUE_STRING", 5),
        ('{"abc', f"{END} in field name", 6),
        ('{"a', f"{END} in field name", 4),
        ('{"a":"x', f"{END} in VALUE_STRING", 8),
        ('{"a"', f"{END} within/between Object entries", 5),
        ('{"a":', f"{END} within/between Object entries", 6),
        ('{"a":1,', f"{END} within/between Object entries", 8),
        ("[1,", f"{END} within/between Array entries", 4),
        ("{", marker("Object", 1), 2),
        ('{"a":1', marker("Object", 1), 7),
        ('{"a":[1,{"b":2}', marker("Array", 6), 16),
        ('{"]":[', marker("Array", 6), 7),
        ("NaN", f"Non-standard token 'NaN': {ENABLE}", 4),
        ('["NaN",-Infinity]', f"Non-standard token '-Infinity': {ENABLE}", 17),
        (
            f"[{'9' * 5000}]",
            "Number value length (5000) exceeds the maximum allowed (1000, from "
            "`StreamReadConstraints.getMaxNumberLength()`)",
            5002,
        ),
    ],
)
def test_what_is_wrong_and_where(text: str | bytes, complaint: str, column: int) -> None:
    assert complaint_about(text) == (f"{complaint}\n at [{SOURCE}; line: 1, column: {column}]")


def test_lines_are_counted() -> None:
    assert complaint_about('{\n  "a": [\n  1') == (
        f"{marker('Array', 8, line=2)}\n at [{SOURCE}; line: 3, column: 4]"
    )


@pytest.mark.parametrize("text", ["{}", b"[1, null]", '"\u20ac"', " 1 "])
def test_json_is_nothing_to_complain_about(text: str | bytes) -> None:
    assert complaint_about(text) is None


@pytest.mark.parametrize(
    ("text", "kind", "old"),
    [("[1 , ]", "array", "Expecting value"), ('{"a":1,\n}', "object", "Expecting property name")],
)
def test_newer_pythons_change_no_word(
    text: str, kind: str, old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raising(message: str, position: int) -> None:
        def loads(*_: object, **__: object) -> None:
            raise json.JSONDecodeError(message, text, position)

        monkeypatch.setattr(json, "loads", loads)

    # Given what Python up to 3.12 says of a comma too many, and what it says since 3.13
    raising(f"{old} enclosed in double quotes", len(text) - 1)
    expected = complaint_about(text)
    raising(f"Illegal trailing comma before end of {kind}", text.index(","))
    # Then the complaint is the same
    assert complaint_about(text) == expected
    assert expected is not None
