"""Which records a function reports as failed."""

import json

import pytest

from localaws.lambda_.event_source_mappings.batch_response import InvalidBatchResponse, failed_ids

SENT = {"a", "b"}


@pytest.mark.parametrize(
    "response",
    [b"null", b"{}", b'{"batchItemFailures":[]}', b'{"batchItemFailures":null}', b"", b'"done"'],
)
def test_nothing_reported_is_success(response):
    """A38, J17, J19."""
    assert failed_ids(response, SENT) == set()


def test_only_the_reported_messages_fail():
    """A37."""
    response = json.dumps({"batchItemFailures": [{"itemIdentifier": "b"}]}).encode()
    assert failed_ids(response, SENT) == {"b"}


@pytest.mark.parametrize(
    "failures",
    [
        [{"itemIdentifier": ""}],
        [{"itemIdentifier": None}],
        [{"foo": "notvalid"}],
        [{"itemIdentifier": "unknown"}],
        [{"itemIdentifier": 7}],
        [{}],
        ["a"],
        {"itemIdentifier": "a"},
        "a",
        [{"itemIdentifier": "a"}, {"foo": "b"}],
    ],
)
def test_anything_else_fails_the_whole_batch(failures):
    """A38, J18, J20, K1."""
    with pytest.raises(InvalidBatchResponse):
        failed_ids(json.dumps({"batchItemFailures": failures}).encode(), SENT)


def test_what_is_not_json_fails_the_whole_batch():
    """A38."""
    with pytest.raises(InvalidBatchResponse):
        failed_ids(b"{oops", SENT)
