"""Invocation records and events: the pure parts that scenarios do not reach."""

import json

import pytest

from localaws.lambda_.asynchronous.records import (
    Ending,
    LastAttempt,
    cut_utf8,
    invocation_record,
    object_key,
    record_text,
)
from localaws.lambda_.asynchronous.retry_policy import Condition
from localaws.lambda_.event_source_mappings import sqs_event
from localaws.lambda_.event_source_mappings.mapping import MappingSettings
from localaws.lambda_.event_source_mappings.poller_scaling import PollerScaling
from localaws.lambda_.invocation import lineage
from localaws.lambda_.model import InvocationResult
from localaws.lambda_.names import FunctionReference

FN, OTHER = (f"arn:aws:lambda:us-east-1:123456789012:function:{name}" for name in ("fn", "other"))


def test_a_record_that_is_too_large_loses_its_payloads():
    """C32: the response first, then the request."""
    record = {"version": "1.0", "requestPayload": "x" * 50, "responsePayload": "y" * 50}
    assert json.loads(record_text(record, 1000)) == record
    assert set(json.loads(record_text(record, 100))) == {"version", "requestPayload"}
    assert set(json.loads(record_text(record, 40))) == {"version"}


@pytest.mark.parametrize(
    ("returned", "told"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b"NaN", "NaN"),
        (b'{"a": NaN}', '{"a": NaN}'),
        (b"\\x00 no json \xff", "\\x00 no json \ufffd"),
        (b'"\\ud800"', "\ud800"),
    ],
)
def test_a_record_is_json_whatever_a_handler_returned(returned: bytes, told: object) -> None:
    result = InvocationResult(returned, None, "$LATEST", 0.0, 1.0)
    ending = Ending("id", FN, Condition.SUCCESS, 1, b"{}", LastAttempt(200, result=result))
    text = record_text(invocation_record(ending, 0.0), 1_000)
    read = json.loads(text.encode(), parse_constant=pytest.fail)
    assert read["responsePayload"] == told


def test_the_limit_counts_bytes():
    record = {"requestPayload": "é" * 50}
    assert "requestPayload" not in record_text(record, 100)
    assert "requestPayload" in record_text(record, 130)


def test_a_key_carries_the_time():
    """C20."""
    key = object_key("fn", 1_764_109_096.5, "unique")
    assert key == "aws/lambda/async/fn/2025/11/25/2025-11-25T22.18.16-unique"


def test_a_cut_never_splits_a_character():
    """C23."""
    assert cut_utf8("aé", 2) == "a"
    assert cut_utf8("aé", 3) == "aé"
    assert cut_utf8("\ud800", 10) == "?"


@pytest.mark.parametrize(
    ("sizes", "batch_size", "expected"),
    [
        ([10, 10, 10], 10, 3),
        ([10, 10, 10], 2, 2),
        ([3_000_000] * 3, 10, 2),
        ([7_000_000, 10], 10, 1),
        ([], 10, 0),
    ],
)
def test_how_many_records_make_a_batch(sizes, batch_size, expected):
    """A9: at least one, even if it is too large alone."""
    assert sqs_event.how_many_fit(sizes, batch_size) == expected


def test_the_lineage_counts_the_runs_of_each_function():
    """C37."""
    header = None
    for function in (FN, OTHER, FN):
        header = lineage.next_header(header, function, 1_700_000_000)
    assert header.startswith("Root=1-6553f100-")
    assert [lineage.runs_in_chain(header, function) for function in (FN, OTHER)] == [2, 1]


@pytest.mark.parametrize(
    "header",
    [None, "", "Root=1-a-b", "Lineage=", "Lineage=x;y", "Lineage=1:z", "Lineage=1:z:" + "9" * 5000],
)
def test_a_header_without_lineage_begins_a_chain(header):
    assert lineage.runs_in_chain(header, FN) == 0
    assert lineage.runs_in_chain(lineage.next_header(header, FN, 0), FN) == 1


def test_a_trace_is_kept():
    given = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
    assert lineage.next_header(given, FN, 0).startswith(given + ";Lineage=")


def test_what_does_not_fit_into_an_http_header_is_dropped():
    given = "Root=1-5\r\nX-A: 1\r\n\r\n{};Root=1-5759e988-bd862e3fe1be46a994272793;Näme=x;Self=\0"
    header = lineage.next_header(given, FN, 0)
    assert header.startswith("Root=1-5759e988-bd862e3fe1be46a994272793;Lineage=")


def scaling(**settings) -> PollerScaling:
    reference = FunctionReference("fn", FN)
    return PollerScaling(MappingSettings(reference, "arn:aws:sqs:us-east-1:1:q", **settings))


def test_capacity_grows_by_three_hundred_a_minute_up_to_a_thousand():
    """A14."""
    grown = scaling()
    capacities = []
    for second in range(300):
        grown.saturated(float(second))
        capacities.append(grown.capacity)
    assert capacities[5:7] == [5, 35]
    assert capacities[66] - capacities[6] == 300
    assert grown.capacity == 1000
    assert grown.grows_at_s is None
    grown.relaxed(in_flight=0)
    assert grown.capacity == 5


@pytest.mark.parametrize(
    ("settings", "start", "most"),
    [
        ({"maximum_concurrency": 2}, 2, 2),
        ({"maximum_concurrency": 7}, 5, 7),
        ({"provisioned_pollers": {"MinimumPollers": 2, "MaximumPollers": 3}}, 20, 30),
    ],
)
def test_settings_bound_the_capacity(settings, start, most):
    """A11, A16."""
    bounded = scaling(**settings)
    assert bounded.capacity == start
    for second in range(0, 60, 6):
        bounded.saturated(float(second))
    assert bounded.capacity == most
