"""Batches: they fail as a whole, unless the function reports which messages failed."""

import json
from typing import Any

import pytest

from tests.scenarios.account import Account, package_of
from tests.scenarios.pattern import Pattern, sqs_pattern

PARTIAL = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}
TOGETHER = {"BatchSize": 10, "MaximumBatchingWindowInSeconds": 1}


def bodies_seen(account: Account, pattern: Pattern) -> list[list[dict[str, Any]]]:
    """The bodies of each batch that the function was given."""
    attempts = account.attempts(pattern.function)
    return [json.loads(attempt.printed("bodies ")[0]) for attempt in attempts]


def test_a_batch_fails_as_a_whole_without_partial_responses(account: Account) -> None:
    """A19, A38."""
    pattern = sqs_pattern(account, receives=2, **TOGETHER)
    pattern.source.send_all('{"order": 1}', '{"raise": "bad"}')
    account.time.until(lambda: pattern.dlq.holds(2))


def test_an_exception_fails_the_batch_even_with_partial_responses(account: Account) -> None:
    """A38, J21."""
    pattern = sqs_pattern(account, receives=2, **TOGETHER, **PARTIAL)
    pattern.source.send_all('{"order": 1}', '{"raise": "bad"}')
    account.time.until(lambda: pattern.dlq.holds(2))


@pytest.mark.parametrize(
    ("answer", "processed"),
    [
        ({}, True),
        (None, True),
        ({"batchItemFailures": []}, True),
        ({"batchItemFailures": None}, True),
        ({"batchItemFailures": [{"foo": "notvalid"}]}, False),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, False),
        ({"batchItemFailures": [{"itemIdentifier": None}]}, False),
        ({"batchItemFailures": [{"itemIdentifier": 7}]}, False),
        ({"batchItemFailures": [{"itemIdentifier": "unknown"}]}, False),
        ({"batchItemFailures": "text"}, False),
    ],
    ids=json.dumps,
)
def test_what_a_partial_response_means(account: Account, answer: object, processed: bool) -> None:
    """A37, A38, J17, J18, J19, J20."""
    pattern = sqs_pattern(account, "batch", receives=2, **PARTIAL)
    pattern.source.send(json.dumps({"answer": answer}))
    pattern.await_empty_source()
    assert pattern.dlq.counts()[0] == (0 if processed else 1)
    assert len(account.attempts(pattern.function)) == (1 if processed else 2)


@pytest.mark.embedded("sources contradict each other about an entry without keys")
def test_an_entry_without_keys_fails_the_batch(account: Account) -> None:
    """A38."""
    pattern = sqs_pattern(account, "batch", receives=1, **PARTIAL)
    pattern.source.send(json.dumps({"answer": {"batchItemFailures": [{}]}}))
    account.time.until(lambda: pattern.dlq.holds(1))


def test_without_the_setting_the_answer_means_nothing(account: Account) -> None:
    """A39."""
    pattern = sqs_pattern(account, "batch", receives=1)
    body = {"answer": "report bad ones", "bad": True}
    pattern.source.send(json.dumps(body))
    pattern.await_empty_source()
    assert bodies_seen(account, pattern) == [[body]]
    assert pattern.dlq.counts() == (0, 0, 0)


def test_only_the_reported_message_comes_back(account: Account) -> None:
    """A37, A40."""
    pattern = sqs_pattern(account, "batch", receives=2, **TOGETHER, **PARTIAL)
    bodies = [
        {"answer": "report bad ones", "number": number, "bad": number == 3} for number in range(5)
    ]
    pattern.source.send_all(*map(json.dumps, bodies))
    account.time.until(lambda: pattern.dlq.holds(1))
    assert pattern.source.counts() == (0, 0, 0)
    assert json.loads(pattern.dlq.receive()[0]["Body"]) == bodies[3]
    # Each good message ran once, the bad one twice, and nothing counts as an error
    seen = [body["number"] for batch in bodies_seen(account, pattern) for body in batch]
    assert sorted(seen) == [0, 1, 2, 3, 3, 4]
    account.time.until(
        lambda: account.metric("AWS/Lambda", "Errors", FunctionName=pattern.function)
    )
    assert sum(account.metric("AWS/Lambda", "Errors", FunctionName=pattern.function)) == 0


def test_a_batch_holds_no_more_than_its_size(account: Account) -> None:
    """A1, A9."""
    pattern = sqs_pattern(account, "batch", BatchSize=3, MaximumBatchingWindowInSeconds=2)
    pattern.source.send_all(*[json.dumps({"answer": None, "number": n}) for n in range(7)])
    pattern.await_empty_source()
    batches = bodies_seen(account, pattern)
    assert sorted(body["number"] for batch in batches for body in batch) == list(range(7))
    assert all(1 <= len(batch) <= 3 for batch in batches)


def test_a_batch_holds_no_more_than_six_megabytes(account: Account) -> None:
    """A9."""
    code = "def handler(event, context): print('records', len(event['Records']))\n"
    function = account.function(Code={"ZipFile": package_of(code)})
    source = account.queue(VisibilityTimeout=30)
    account.mapping(source, function, BatchSize=100, MaximumBatchingWindowInSeconds=2)
    for _ in range(7):
        source.send("x" * 1_000_000)
    account.time.until(lambda: source.counts() == (0, 0, 0))
    sizes = [int(attempt.printed("records ")[0]) for attempt in account.attempts(function)]
    assert sum(sizes) == 7
    assert max(sizes) <= 6
