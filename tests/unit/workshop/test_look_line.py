"""Looks into queues that take seconds say so; one line for those that belong together."""

import pytest

from tests.unit.workshop.fake_aws import FakeSqs, fake_session, message
from workshop.evidence import queues
from workshop.evidence.look_line import look_line
from workshop.target.session import Session


def session(*, is_virtual: bool = False) -> Session:
    found = fake_session(sqs=FakeSqs(dlq=[message("m")], other=[]))
    found.clock.is_virtual = is_virtual  # type: ignore[misc]
    return found


def test_a_look_on_an_account_says_what_it_waits_for(lines: list[str]) -> None:
    queues.look(session(), "dlq")
    cause = "(a long poll asks all of SQS's servers)"
    assert lines == [
        f"looking into dlq {cause}: about 2 s left",
        f"looked into 1 queue: 0 s {cause}",
    ]


def test_looks_that_belong_together_share_a_line(lines: list[str]) -> None:
    found = session()
    with look_line(found, total=2):
        for url in ("dlq", "other"):
            queues.look(found, url)
    assert ["about 4 s left" in lines[0], "other, 2 of 2" in lines[1]] == [True, True]
    assert len(lines) == 3


def test_where_nobody_waits_or_a_wait_tells_there_is_no_line(lines: list[str]) -> None:
    queues.look(session(is_virtual=True), "dlq")
    found = session()
    with found.waits.looking():
        queues.look(found, "dlq")
    assert lines == []


def test_a_look_that_fails_leaves_no_line_to_the_next_one(lines: list[str]) -> None:
    found = session()
    with pytest.raises(KeyError), look_line(found, total=2):
        queues.look(found, "nowhere")
    assert found.waits.look_line is None
