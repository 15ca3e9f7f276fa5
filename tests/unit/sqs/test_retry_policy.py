"""SQS's retry decisions: pure, so a table of cases is all there is to say."""

import pytest

from localaws.sqs.retry_policy import expires_at_s, is_used_up, shows_at_s


@pytest.mark.parametrize(
    ("receives", "most", "used_up"),
    [(0, 1, False), (1, 1, True), (2, 3, False), (3, 3, True), (4, 3, True), (1000, None, False)],
)
def test_the_receive_after_the_last_allowed_one_moves(
    receives: int, most: int | None, used_up: bool
) -> None:
    assert is_used_up(receives, most) is used_up


def test_hiding_counts_from_the_receive_and_retention_from_the_sending() -> None:
    assert shows_at_s(100.0, 30.0) == 130.0
    assert expires_at_s(100.0, 345_600.0) == 345_700.0
