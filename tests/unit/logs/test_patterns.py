"""Filter patterns: terms, JSON properties, fields between spaces."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localaws.logs.patterns import compile_pattern
from localaws.words.errors import AwsError

LINES = (
    "[ERROR 400] BAD REQUEST",
    "[ERROR 401] UNAUTHORIZED REQUEST",
    "[ERROR 419] MISSING ARGUMENTS",
    "[INFO] exited with code 0",
)


def matching(pattern: str, lines: Sequence[str] = LINES) -> list[int]:
    """The numbers of the lines that match, from 0."""
    compiled = compile_pattern(pattern)
    return [number for number, line in enumerate(lines) if compiled.matches(line)]


@pytest.mark.parametrize(
    ("pattern", "numbers"),
    [
        ("", [0, 1, 2, 3]),
        ("ERROR", [0, 1, 2]),
        ("error", []),
        ("ERROR REQUEST", [0, 1]),
        ('"BAD REQUEST"', [0]),
        ('"[INFO]"', [3]),
        ("?ARGUMENTS ?INFO", [2, 3]),
        ("ERROR -MISSING", [0, 1]),
        ('ERROR -"BAD REQUEST" -MISSING', [1]),
        ("-ERROR", [3]),
        ("?INFO REQUEST", [0, 1]),  # beside other terms, AWS ignores those with `?`
        ("%ERROR 4[01]%", [0, 1, 2]),
        ("%4\\d[01]%", [0, 1]),
    ],
)
def test_terms(pattern: str, numbers: list[int]) -> None:
    assert matching(pattern) == numbers


def test_a_term_with_other_signs_needs_quotes() -> None:
    with pytest.raises(AwsError, match=r"^Invalid character\(s\) in term 'a-b'$"):
        compile_pattern("a-b")
    assert matching('"a-b"', ["x a-b x"]) == [0]


DOCUMENTS = [
    {"level": "ERROR", "latency": 120, "tags": ["a", "b"], "user": {"id": 1, "name": "Ann"}},
    {"level": "INFO", "latency": 3.5, "error": None, "ok": True},
    {"level": "WARN", "latency": "120", "items": [{"n": 1}, {"n": 7}], "a.b": "dotted"},
]
JSON_LINES = [*map(json.dumps, DOCUMENTS), "no JSON", "[1, 2]", '{"broken": ']


@pytest.mark.parametrize(
    ("pattern", "numbers"),
    [
        ('{ $.level = "ERROR" }', [0]),
        ("{ $.level = ERROR }", [0]),
        ('{$.level="*R*"}', [0, 2]),
        ('{ $.level != "INFO" }', [0, 2]),
        ("{ $.latency > 100 }", [0, 2]),
        ("{ $.latency >= 3.5 && $.latency < 1e2 }", [1]),
        ("{ $.user.id = 1 }", [0]),
        ('{ $.tags[1] = "b" }', [0]),
        ('{ $.tags[*] = "b" }', [0]),
        ("{ $.items[*].n = 7 }", [2]),
        ("{ $.error IS NULL }", [1]),
        ("{ $.ok IS TRUE }", [1]),
        ("{ $.user NOT EXISTS }", [1, 2]),
        ("{ $.ok IS TRUE || $.user.name = %^An% }", [0, 1]),
        ('{ ($.level = "WARN" || $.level = "INFO") && $.ok IS TRUE }', [1]),
        ("{ $.['a.b'] = dotted }", [2]),
        ("{ $['a.b'] = dotted }", [2]),
        ('{ $.["user"].[\'name\'] = "Ann" }', [0]),
        ("{ $.latency = * }", [0, 1, 2]),
        ('{ $.latency = "*" }', [0, 1, 2]),  # so does the CDK write FilterPattern.exists
        ("{ $.latency != * }", []),
        ("{ $.ok = * }", [1]),
        ("{ $.error = * }", [1]),  # null: not known of AWS
        ("{ $.tags = * }", [0]),
        ("{ $.nope = * }", []),
        ("{ $.latency = 12* }", [2]),  # part of a number: not known of AWS
    ],
)
def test_json_properties(pattern: str, numbers: list[int]) -> None:
    assert matching(pattern, JSON_LINES) == numbers


@pytest.mark.parametrize(
    ("pattern", "shown"),
    [
        ("{ $.* = 80 }", "80"),
        ("{ $.list[*].id = 2 }", "2"),
        ("{ $.list[*].id > 1 && $.a = * }", "2"),
        ("{ $.list[*].id = 9 || $.list[*].id = 3 }", "3"),
        ("{ $.flags[*] IS TRUE }", "true"),
        ("{ $.list[*].id = 9 || $.a = * }", "1"),  # none of them matched
    ],
)
def test_what_a_wildcard_shows_is_what_matched(pattern: str, shown: str) -> None:
    message = '{"a": 1, "port": 80, "list": [{"id": 1}, {"id": 2}, {"id": 3}], "flags": [0, true]}'
    compiled = compile_pattern(pattern)
    assert compiled.matches(message)
    assert next(iter(compiled.extracted(message).values())) == shown


ACCESS = [
    '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 200 1534',
    '10.0.0.1 - ann [10/Oct/2000:13:35:22 -0700] "GET /nope HTTP/1.0" 404 12',
    '10.0.0.2 - bob [10/Oct/2000:13:50:35 -0700] "GET /x HTTP/1.0" 500 99 extra',
]


@pytest.mark.parametrize(
    ("pattern", "numbers"),
    [
        ("[ip, id, user, time, request, status, bytes]", [0, 1]),
        ("[ip, id, user, time, request, status=4*, bytes]", [1]),
        ("[ip, id, user, time, request, status_code=404 || status_code=200, bytes>1000]", [0]),
        ("[ip, ..., status, bytes]", [0, 1, 2]),
        ('[..., request = "*nope*", status, bytes]', [1]),
        ("[ip, id, user != frank, ...]", [1, 2]),
    ],
)
def test_fields_between_spaces(pattern: str, numbers: list[int]) -> None:
    assert matching(pattern, ACCESS) == numbers


def test_values_for_metrics() -> None:
    fields = compile_pattern("[ip, id, user, time, request, status, bytes]")
    assert fields.value(ACCESS[0], "$bytes") == "1534"
    assert fields.extracted(ACCESS[0])["$time"] == "10/Oct/2000:13:25:15 -0700"
    properties = compile_pattern('{ $.level = "ERROR" }')
    assert properties.value(JSON_LINES[0], "$.user.id") == "1"
    assert properties.value(JSON_LINES[0], "$.nope") is None


@pytest.mark.parametrize(
    "pattern",
    ["{ $.a }", "{ $.a = }", "{ $.a = 1 && }", "{ a = 1", "[a, b", '"open', "{ $.a < x }", "%(%"],
)
def test_what_cannot_be_read_is_refused(pattern: str) -> None:
    with pytest.raises(AwsError) as refused:
        compile_pattern(pattern)
    assert refused.value.code == "InvalidParameterException"


@given(st.text(alphabet='{}[]()$.=<>!&|?-"%*ab1 \\,', max_size=30), st.text(max_size=20))
def test_any_text_is_a_pattern_or_refused_as_one(pattern: str, message: str) -> None:
    try:
        compiled = compile_pattern(pattern)
    except AwsError:
        return
    assert compiled.matches(message) in (True, False)
    compiled.extracted(message)
