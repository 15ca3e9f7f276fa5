"""What the workshop would cost: prices and where they are from, sums, words for small amounts."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.workshop.fake_aws import fake_lab
from workshop import cleanup, prices
from workshop.cleanup import cost, usage
from workshop.cleanup.polling import Polling
from workshop.stacks import sweep


@pytest.mark.parametrize("price", prices.PRICES, ids=lambda price: price.item)
def test_a_price_is_from_a_price_page_of_awss_own(price: prices.Price) -> None:
    assert price.source.page.startswith("https://aws.amazon.com/")
    assert price.source.page.endswith("/pricing/")
    assert price.source.published <= price.source.read


def test_nothing_has_two_prices() -> None:
    assert len({price.item for price in prices.PRICES}) == len(prices.PRICES)


def test_an_idle_mapping_asks_five_times_every_twenty_seconds() -> None:
    # 5 pollers x 3 long polls a minute x 30 days
    assert cost.idle_requests(1, days=30) == 648_000
    assert cost.idle(1).total_usd == pytest.approx(0.2592)
    assert cost.idle(1, pollers=cost.FEWEST_POLLERS).total_usd == pytest.approx(0.10368)
    assert cost.idle(0).total_usd == 0


def test_an_always_failing_event_costs_three_requests_and_its_time() -> None:
    # 3 attempts x 3 s x 128 MB
    seconds = 3 * 3 * 0.125
    usage = {prices.LAMBDA_REQUESTS: 3, prices.LAMBDA_DURATION: seconds}
    found = cost.Estimate("one event", usage)
    assert found.total_usd == pytest.approx(3 * 0.2e-6 + seconds * 0.0000166667)
    assert list(found.table["item"]) == ["Lambda requests", "Lambda duration (x86)"]


def test_an_estimate_shows_its_dates_sources_and_assumptions() -> None:
    usage = {prices.SQS_STANDARD: 2_000_000}
    shown = cost.Estimate("used", usage, ("counted by hand",))._repr_html_()
    for words in (
        "0.80 USD",
        "2,000,000 requests",
        "of 2025-08-28",
        "read 2026-11-28",
        "no free tier",
    ):
        assert words in shown
    assert '<a href="https://aws.amazon.com/sqs/pricing/">aws.amazon.com/sqs/pricing</a>' in shown
    assert "counted by hand" in shown
    assert "0.40 USD per million requests" in shown
    told = repr(cost.Estimate("x", {prices.LAMBDA_DURATION: 1, prices.LOGS_TAKEN_IN: 0.000034}))
    assert "1 GB-seconds at 0.0000166667 USD per GB-second" in told
    assert "0.000034 GB at 0.50 USD per GB" in told


@pytest.mark.parametrize("price", prices.PRICES, ids=lambda price: price.item)
def test_a_unit_stands_beside_every_price_and_amount(price: prices.Price) -> None:
    [row] = list(map(cost._cells, cost.Estimate("x", {price: 3.0}).table.to_dict("records")))
    _, amount, usd, each, _ = map(str, row)
    assert amount == f"3 {price.unit}"
    assert usd.endswith(" USD")
    assert " USD per " in each


def test_an_estimate_of_nothing_polled_does_not_say_that_nothing_is_billed() -> None:
    assert "Alarms and kept logs are billed" in cost.idle(0)._repr_html_()


def test_the_price_in_the_assumptions_is_the_price_that_is_reckoned_with() -> None:
    assert any(str(prices.SQS_FIFO) in one for one in cost.ASSUMPTIONS)


@pytest.mark.parametrize(
    ("usd", "words"),
    [
        (0, "0 USD"),
        (1.299, "1.30 USD"),
        (0.0123, "0.012 USD"),
        (0.0000123, "0.000012 USD"),
        (0.0000004, "0.00000040 USD"),
    ],
)
def test_small_amounts_can_be_seen(usd: float, words: str) -> None:
    assert prices.dollars(usd) == words


class FakeCloudWatch:
    """Lists metrics, and has counted each a million times."""

    def __init__(self, metrics: list[dict[str, Any]]) -> None:
        self._page = {"Metrics": metrics}

    def get_paginator(self, _: str) -> Any:
        return SimpleNamespace(paginate=lambda **_: [self._page])

    def get_metric_data(self, MetricDataQueries: list[Any], **_: Any) -> dict[str, Any]:  # noqa: N803
        results = [{"Id": query["Id"], "Values": [1e6]} for query in MetricDataQueries]
        return {"MetricDataResults": results}


def sent_to(queue: str) -> dict[str, Any]:
    dimensions = [{"Name": "QueueName", "Value": queue}]
    return {"MetricName": "NumberOfMessagesSent", "Dimensions": dimensions}


def test_requests_to_fifo_queues_are_counted_at_their_own_price(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given a standard queue, a FIFO queue and a stranger's
    names = ("FailureWorkshop-SqsDlq-q", "FailureWorkshop-FifoBatches-q.fifo", "another-q")
    monkeypatch.setattr(sweep, "find", lambda *_, **__: sweep.Found())
    logs = SimpleNamespace(get_paginator=lambda _: SimpleNamespace(paginate=lambda: []))
    # When somebody asks what was used
    cloudwatch = FakeCloudWatch([sent_to(name) for name in names])
    clients = {"cloudwatch": cloudwatch, "logs": logs, "lambda": SimpleNamespace()}
    used = cleanup.used(fake_lab(**clients))
    # Then each queue's requests stand where they belong
    requests = used.table.set_index("item")["amount"]
    assert requests["SQS requests (standard queues)"] == 1e6
    assert requests["SQS requests (FIFO queues)"] == 1e6
    assert used.total_usd == pytest.approx(0.40 + 0.50)


def test_what_pollers_asked_in_vain_is_a_whole_number(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a mapping that was changed 367 s ago: 91.75 requests of five pollers, one per 20 s
    now = datetime(2026, 11, 1, tzinfo=UTC)
    arn = "arn:aws:sqs:us-east-1:123456789012:q.fifo"
    mapping = {"EventSourceArn": arn, "LastModified": now - timedelta(seconds=367)}
    client = SimpleNamespace(get_event_source_mapping=lambda **_: mapping)
    lab: Any = SimpleNamespace(clock=SimpleNamespace(now=lambda: now), client=lambda _: client)
    monkeypatch.setattr(usage, "enabled_mappings", lambda _: ["u-1"])
    # Then nobody is told of a part of one
    assert usage._idle(lab) == {prices.SQS_FIFO: 92}


def test_each_price_of_polling_says_of_which_queues_it_is() -> None:
    states, name = {"Whole": "Enabled", "Fifo": "Enabled"}, "https://sqs/"
    told = repr(Polling(states, {"Whole": f"{name}source", "Fifo": f"{name}source.fifo"}, False))
    assert "0.40 USD per million requests to standard queues and " in told
    assert "0.50 USD per million requests to FIFO queues)" in told
