"""Moments as AWS's services write them."""

import pytest

from localaws.words.timestamps import iso_ms


@pytest.mark.parametrize(
    ("at_s", "text"),
    [
        (1_764_109_096.5689, "2025-11-25T22:18:16.568Z"),  # C11: cut, not rounded
        (1_764_109_096.123, "2025-11-25T22:18:16.123Z"),  # no float is exactly this
        (1_764_109_096, "2025-11-25T22:18:16.000Z"),
    ],
)
def test_milliseconds_are_cut(at_s: float, text: str) -> None:
    assert iso_ms(at_s) == text


def test_some_services_write_utc_as_an_offset() -> None:
    assert iso_ms(1_764_109_096.5, "+0000") == "2025-11-25T22:18:16.500+0000"
