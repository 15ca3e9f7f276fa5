"""The clinic's hints: about the very value that somebody chose; silent when it is right."""

import pytest

from workshop.clinic import hints

TOPIC, DLQ = "arn:aws:sns:us-east-1:123456789012:t", "arn:aws:sqs:us-east-1:123456789012:dlq"


@pytest.mark.parametrize(
    ("visibility_s", "words"), [(10, "a second one would start"), (20, "6 times"), (120, "")]
)
def test_a_visibility_timeout(visibility_s: int, words: str) -> None:
    assert words in hints.visibility(visibility_s, 20)
    assert bool(hints.visibility(visibility_s, 20)) is bool(words)


def test_a_number_of_receives() -> None:
    assert "3 is not enough" in hints.receives(3, 20, 78)
    assert hints.receives(5, 20, 78) == ""


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({}, "asynchronous events"),
        ({"deadLetterTargetArn": "other", "maxReceiveCount": 3}, "another queue"),
        ({"deadLetterTargetArn": DLQ, "maxReceiveCount": "1000"}, "10 at most"),
        ({"deadLetterTargetArn": DLQ, "maxReceiveCount": 3}, ""),
    ],
)
def test_a_redrive_policy(policy: dict[str, object], words: str) -> None:
    assert words in hints.redrive(policy, DLQ, 10)
    assert bool(hints.redrive(policy, DLQ, 10)) is bool(words)


@pytest.mark.parametrize(
    ("principal", "words"),
    [
        ({"Service": "sqs.amazonaws.com"}, "sqs.amazonaws.com may invoke the function now"),
        ({"AWS": "arn:aws:iam::123456789012:root"}, "123456789012:root may invoke"),
        ("*", "* may invoke"),
        ({"Service": "sns.amazonaws.com"}, "another topic"),
    ],
)
def test_a_principal(principal: object, words: str) -> None:
    assert words in hints.principal([{"Principal": principal}], TOPIC)
    assert "nobody but the account" in hints.principal([], TOPIC)


@pytest.mark.parametrize(
    ("configured", "words"),
    [
        ([], "nothing is configured"),
        (["$LATEST"], "What does this configuration belong to"),
        (["$LATEST", "1"], "version 1 has a configuration now"),
        (["1", "$LATEST"], "What does this configuration belong to"),
        (["live", "$LATEST"], "does it name the queue"),
    ],
)
def test_a_qualifier(configured: list[str], words: str) -> None:
    assert words in hints.qualifier(configured, "live")


def test_an_event_age() -> None:
    assert "gives it up at once" in hints.age(60, 1)
    assert "about 180 s old; it may be 90 s old" in hints.age(90, 2)
