"""What the workshop would cost: sums, assumptions, and words for small amounts."""

import pytest

from workshop.cleanup import cost

REQUESTS = "SQS requests (standard queues)"


def test_an_idle_mapping_asks_five_times_every_twenty_seconds() -> None:
    # 5 pollers x 3 long polls a minute x 30 days
    assert cost.idle_requests(1, days=30) == 648_000
    assert cost.idle(1).total_usd == pytest.approx(0.2592)
    assert cost.idle(1, pollers=cost.FEWEST_POLLERS).total_usd == pytest.approx(0.10368)
    assert cost.idle(0).total_usd == 0


def test_an_always_failing_event_costs_three_requests_and_its_time() -> None:
    # 3 attempts x 3 s x 128 MB
    seconds = 3 * 3 * 0.125
    found = cost.Estimate("one event", {"Lambda requests": 3, "Lambda duration (x86)": seconds})
    assert found.total_usd == pytest.approx(3 * 0.2e-6 + seconds * 0.0000166667)
    assert list(found.table["item"]) == ["Lambda requests", "Lambda duration (x86)"]


def test_an_estimate_shows_its_dates_sources_and_assumptions() -> None:
    shown = cost.Estimate("used", {REQUESTS: 2_000_000}, ("counted by hand",))._repr_html_()
    for words in ("0.80 USD", "2,000,000 requests", "2026-03-14", "cloudburn.io", "no free tier"):
        assert words in shown
    assert "counted by hand" in shown
    assert "0.0000166667 USD per 1" in repr(cost.Estimate("x", {"Lambda duration (x86)": 1}))


@pytest.mark.parametrize(
    ("usd", "words"),
    [(0, "0 USD"), (1.299, "1.30 USD"), (0.0123, "0.012 USD"), (0.0000123, "0.000012 USD")],
)
def test_small_amounts_can_be_seen(usd: float, words: str) -> None:
    assert cost.dollars(usd) == words
