"""Numbers and their nouns."""

import pytest

from workshop.counting import counted


@pytest.mark.parametrize(
    ("number", "told"), [(0, "0 retries"), (1, "1 retry"), (2, "2 retries"), (1000, "1000 retries")]
)
def test_numbers_agree_with_their_nouns(number: int, told: str) -> None:
    assert counted(number, "retry", "retries") == told
    assert counted(number, "order") == f"{number} order{'' if number == 1 else 's'}"
