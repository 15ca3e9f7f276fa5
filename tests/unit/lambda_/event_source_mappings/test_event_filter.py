"""Filter patterns of event source mappings."""

import json

import pytest

from localaws.lambda_.event_source_mappings.event_filter import (
    InvalidFilterPattern,
    matches_any,
    parse_pattern,
)


def passes(pattern: object, body: str, **keys: object) -> bool:
    return matches_any([parse_pattern(json.dumps(pattern))], {"body": body, **keys})


@pytest.mark.parametrize(
    ("rules", "value", "expected"),
    [
        (["a"], "a", True),
        (["a"], "b", False),
        (["a", "b"], "b", True),
        ([None], None, True),
        ([1], True, False),
        ([1], 1.0, False),
        ([1.0], 1.0, True),
        ([1.5], 1.5, True),
        ([True], True, True),
        ([""], "", True),
        ([{"exists": False}], [], True),
        ([{"exists": True}], [], False),
        ([{"anything-but": ["w"]}], ["w", "x"], True),
        ([{"exists": True}], {"a": 1}, False),
        ([{"prefix": "yes"}], "yes-value", True),
        ([{"prefix": "yes"}], "no-value", False),
        ([{"prefix": {"equals-ignore-case": "YES"}}], "yes-value", True),
        ([{"suffix": ".png"}], "a.png", True),
        ([{"suffix": ".png"}], 7, False),
        ([{"equals-ignore-case": "ABC"}], "abc", True),
        ([{"wildcard": "a*z"}], "abcz", True),
        ([{"wildcard": "a?z"}], "abz", False),
        ([{"wildcard": "a[b]z*"}], "a[b]z\nz", True),
        ([{"wildcard": "a\\*z"}], "a*z", True),
        ([{"wildcard": "a\\*z"}], "abz", False),
        ([{"wildcard": "a\\\\*"}], "a\\b", True),
        ([{"anything-but": {"wildcard": "*/x"}}], "a/x", False),
        ([{"cidr": "10.0.0.0/24"}], "10.0.0.255", True),
        ([{"cidr": "10.0.0.0/24"}], "10.0.1.0", False),
        ([{"cidr": "10.0.0.0/24"}], 10, False),
        ([{"anything-but": ["a", "b"]}], "c", True),
        ([{"anything-but": ["a", "b"]}], "a", False),
        ([{"anything-but": 3}], 4, True),
        ([{"anything-but": {"prefix": "x"}}], "xy", False),
        ([{"numeric": [">", 100]}], 101, True),
        ([{"numeric": [">", 100]}], 100, False),
        ([{"numeric": [">=", 1, "<", 5]}], 5, False),
        ([{"numeric": ["=", 3]}], 3.0, True),
        ([{"numeric": ["=", 3]}], "3", False),
        ([{"exists": True}], "any", True),
        ([{"exists": False}], "any", False),
        (["x"], ["w", "x"], True),
    ],
)
def test_rules(rules, value, expected):
    assert passes({"body": {"key": rules}}, json.dumps({"key": value})) is expected


def test_absent_keys():
    assert passes({"body": {"key": [{"exists": False}]}}, "{}")
    assert not passes({"body": {"key": [{"anything-but": "a"}]}}, "{}")
    assert passes({"body": {"a": {"b": [{"exists": False}]}}}, "{}")


@pytest.mark.parametrize(
    ("pattern", "body", "expected"),
    [
        ({"body": ["plain"]}, "plain", True),
        ({"body": [{"prefix": "pl"}]}, "plain", True),
        ({"body": ["plain"]}, "other", False),
        ({"body": {"key": ["v"]}}, "plain", False),
        ({"body": ["plain"]}, '{"key":"v"}', False),
        ({"body": {"key": ["v"]}}, '{"key":"v"}', True),
        ({"body": {"key": ["v"]}}, '[{"key":"v"}]', True),
        ({"body": [{"exists": False}]}, '{"key":"v"}', False),
        ({"body": {"key": [{"exists": False}]}}, "plain", False),
        ({"eventSource": ["aws:sqs"]}, "plain", True),
        ({"eventSource": ["aws:kinesis"]}, '{"key":"v"}', False),
    ],
)
def test_the_form_of_the_body_must_be_that_of_the_pattern(pattern, body, expected):
    """A43."""
    assert passes(pattern, body, eventSource="aws:sqs") is expected


@pytest.mark.parametrize(
    ("pattern", "body", "expected"),
    [
        # One object of a list must match all of an object's rules.
        ({"items": {"id": [2]}}, {"items": [{"id": 1}, {"id": 2}]}, True),
        ({"items": {"id": [2], "n": [1]}}, {"items": [{"id": 1, "n": 1}, {"id": 2}]}, False),
        ({"items": {"id": [3]}}, {"items": [{"id": 1}, {"id": 2}]}, False),
        # What is no object has none of its keys.
        ({"a": {"b": [{"exists": False}]}}, {"a": 5}, True),
        ({"a": {"b": [{"exists": True}]}}, {"a": 5}, False),
        ({"a": {"b": {"c": ["x"]}}}, {"a": {"b": {"c": "x", "d": 1}}}, True),
    ],
)
def test_nested_values(pattern, body, expected):
    assert passes({"body": pattern}, json.dumps(body)) is expected


def test_numbers_are_equal_as_they_are_written():
    patterns = [parse_pattern('{"body":{"n":[300]}}')]
    found = [matches_any(patterns, {"body": f'{{"n":{n}}}'}) for n in ("300", "300.0", "3.0e2")]
    assert found == [True, False, False]


def test_alternatives_for_the_body_and_for_what_is_around_it():
    pattern = {"$or": [{"body": {"a": [1]}}, {"messageAttributes": {"k": {"stringValue": ["v"]}}}]}
    attributes = {"k": {"stringValue": "v", "dataType": "String"}}
    assert passes(pattern, '{"a":1}', messageAttributes={})
    assert passes(pattern, "plain", messageAttributes=attributes)
    assert not passes(pattern, "plain", messageAttributes={})


def test_all_keys_of_a_pattern_and_any_of_several_patterns():
    """A43: several filters are alternatives."""
    both = {"body": {"one": ["other", "x"], "two": ["y"]}}
    assert passes(both, '{"one":"x","two":"y"}')
    assert not passes(both, '{"one":"x","two":"z"}')
    patterns = [parse_pattern('{"body":{"a":[1]}}'), parse_pattern('{"body":{"b":[1]}}')]
    assert matches_any(patterns, {"body": '{"b":1}'})
    assert matches_any([], {"body": "anything"})


def test_or_among_keys():
    pattern = {"body": {"$or": [{"a": [1]}, {"b": [{"numeric": [">", 5]}]}], "c": ["x"]}}
    assert passes(pattern, '{"a":2,"b":6,"c":"x"}')
    assert not passes(pattern, '{"a":2,"b":5,"c":"x"}')
    assert not passes(pattern, '{"a":1,"c":"y"}')


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "simple string",
        '"text"',
        '{"eventSource":"aws:sqs"}',
        '{"eventSource":[]}',
        "{}",
        '{"body":{}}',
        '{"body":[{"unknown":1}]}',
        '{"body":[{"prefix":1}]}',
        '{"body":[{"numeric":[">"]}]}',
        '{"body":[{"numeric":["!",1]}]}',
        '{"body":[{"exists":"yes"}]}',
        '{"body":[{"prefix":"a","suffix":"b"}]}',
        '{"body":[["nested"]]}',
        '{"body":[{"numeric":["=",1,"=",2]}]}',
        '{"body":[{"numeric":["<",1,">",0]}]}',
        '{"body":[{"numeric":[">",5,"<",5]}]}',
        '{"body":[{"numeric":[["="],1]}]}',
        '{"body":[{"anything-but":true}]}',
        '{"body":[{"anything-but":[null]}]}',
        '{"body":[{"anything-but":["a",1]}]}',
        '{"body":[{"anything-but":[]}]}',
        '{"body":[{"anything-but":{"prefix":""}}]}',
        '{"body":[{"wildcard":"a**"}]}',
        '{"body":[{"wildcard":"a\\\\b"}]}',
        '{"body":[{"cidr":"10.0.0.0"}]}',
        '{"body":[{"cidr":7}]}',
    ],
)
def test_what_is_no_pattern_is_refused(text):
    """A33; which they are is told by Event Ruler (`RuleCompiler.java`, `WildcardParser.java`)."""
    with pytest.raises(InvalidFilterPattern, match=r"^Invalid filter pattern definition\.$"):
        parse_pattern(text)
