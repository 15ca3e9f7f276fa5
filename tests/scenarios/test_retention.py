"""Retention: when SQS deletes messages that nobody deleted."""

import pytest

from tests.scenarios.account import Account

DAY_S = 24 * 3600
FIFO = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}


def test_an_expired_message_is_gone_and_not_in_the_dlq(account: Account) -> None:
    """B16, J31."""
    dlq = account.queue()
    source = account.queue(redrive_to=dlq, receives=1, MessageRetentionPeriod=60)
    source.send("x")
    account.time.pass_(120)
    account.time.until(lambda: source.counts() == (0, 0, 0))
    assert source.receive() == []
    assert dlq.counts() == (0, 0, 0)


def test_a_message_expires_in_flight_too(account: Account) -> None:
    """B16, B20."""
    source = account.queue(MessageRetentionPeriod=60, VisibilityTimeout=600)
    source.send("x")
    assert len(source.receive()) == 1
    account.time.pass_(120)
    account.time.until(lambda: source.counts() == (0, 0, 0))


@pytest.mark.embedded("takes five days")
@pytest.mark.parametrize(("kind", "days_left"), [({}, 3), (FIFO, 4)], ids=["standard", "FIFO"])
def test_how_long_a_moved_message_is_kept(
    account: Account, kind: dict[str, str], days_left: int
) -> None:
    """B6, B7, J36."""
    dlq = account.queue(MessageRetentionPeriod=4 * DAY_S, **kind)
    source = account.queue(
        redrive_to=dlq, receives=1, MessageRetentionPeriod=10 * DAY_S, VisibilityTimeout=1, **kind
    )
    source.send("x", **({"MessageGroupId": "g"} if kind else {}))
    assert len(source.receive()) == 1
    # Given a message that moves after a day
    account.time.pass_(DAY_S)
    assert source.receive() == []
    assert dlq.counts() == (1, 0, 0)
    # Then the DLQ keeps a standard message only for the rest of its time
    account.time.pass_(days_left * DAY_S - 60)
    assert dlq.counts() == (1, 0, 0)
    account.time.pass_(120)
    assert dlq.counts() == (0, 0, 0)
