"""Filters: which messages a mapping hands to its function, and what becomes of the others."""

import json
from typing import Any

import pytest

from tests.scenarios.account import Account
from tests.scenarios.pattern import sqs_pattern


def test_several_filters_are_alternatives(account: Account) -> None:
    """A13, A42."""
    patterns = [json.dumps({"body": {"kind": [kind]}}) for kind in ("order", "refund")]
    criteria = {"Filters": [{"Pattern": pattern} for pattern in patterns]}
    pattern = sqs_pattern(account, "event", FilterCriteria=criteria)
    for kind in ("order", "other", "refund"):
        pattern.source.send(json.dumps({"kind": kind}))
    pattern.await_empty_source()
    events = [json.loads(a.printed("event ")[0]) for a in account.attempts(pattern.function)]
    bodies = {json.loads(event["Records"][0]["body"])["kind"] for event in events}
    assert bodies == {"order", "refund"}


@pytest.mark.parametrize(
    ("pattern", "body", "seen"),
    [
        ({"body": ["order"]}, "order", True),
        ({"body": ["order"]}, "other", False),
        ({"body": {"kind": ["order"]}}, '{"kind": "order"}', True),
        ({"body": {"kind": ["order"]}}, '{"kind": "other"}', False),
        ({"body": {"kind": ["order"]}}, "no JSON", False),
        ({"body": ['{"kind": "order"}']}, '{"kind": "order"}', False),
        ({"eventSource": ["aws:sqs"]}, "anything", True),
    ],
    ids=lambda value: json.dumps(value)[:40],
)
def test_what_a_filter_drops_is_deleted_unseen(
    account: Account, pattern: dict[str, Any], body: str, seen: bool
) -> None:
    """A42, A43, J23."""
    criteria = {"Filters": [{"Pattern": json.dumps(pattern)}]}
    made = sqs_pattern(account, "event", FilterCriteria=criteria)
    made.source.send(body)
    made.await_empty_source()
    assert len(account.attempts(made.function)) == int(seen)
    assert made.dlq.counts() == (0, 0, 0)
