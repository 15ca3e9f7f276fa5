"""What the workshop would cost on a real account. Pure: usage -> money, at `workshop.prices`."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from workshop import html
from workshop.counting import counted
from workshop.prices import SQS_FIFO, SQS_STANDARD, Price, dollars, readable

# An event source mapping of an SQS queue starts with five pollers; with little traffic there may
# be two. Each asks with a long poll of 20 s.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
POLLERS, FEWEST_POLLERS = 5, 2
LONG_POLL_S = 20
DAY_S = 86_400
DAYS_PER_MONTH = 30


ASSUMPTIONS = (
    "Region us-east-1, no free tier, no taxes. The prices were read in copies of AWS's price lists "
    "of the dates shown; the pages linked show today's.",
    "Every message is one request each for sending, receiving and deleting; batches make fewer.",
    "An idle event source mapping is taken to poll a standard queue; with a FIFO queue it is "
    f"{SQS_FIFO}.",
    "Messages are below 64 KB, so that each request is billed once.",
    "Not included: kept logs, metrics and the alarm, DynamoDB, the CDK's bucket with the function "
    "code, the requests that notebooks make to look at things.",
)


class Estimate:
    """Usage with its price; displays the sum in large type, then where it comes from.

    Attributes:
        table: columns `item`, `amount` (float), `unit`, `usd` (float), `price`, `source` (AWS's
            page), `dates` (when it was published, when it was read).
        total_usd: the sum.
    """

    def __init__(
        self, title: str, usage: Mapping[Price, float], notes: tuple[str, ...] = ()
    ) -> None:
        self.title = title
        self.notes = notes
        rows = [
            {
                "item": price.item,
                "amount": float(amount),
                "unit": price.unit,
                "usd": price.of(amount),
                "price": str(price),
                "source": price.source.page,
                "dates": f"of {price.source.published}, read {price.source.read}",
            }
            for price, amount in usage.items()
        ]
        self.table = pd.DataFrame(rows)
        self.total_usd = float(self.table["usd"].sum()) if rows else 0.0

    def __str__(self) -> str:
        return f"{self.title}: {dollars(self.total_usd)}"

    def __repr__(self) -> str:
        lines = [
            f"  {row['item']}: {_amount(row['amount'])} {row['unit']} at {row['price']} "
            f"= {dollars(row['usd'])}"
            for row in self.table.to_dict("records")
        ]
        return "\n".join([str(self), *lines])

    def _repr_html_(self) -> str:
        total = html.strong(dollars(self.total_usd), is_big=True)
        names = ("item", "amount", "cost", "price", "AWS's price list")
        return html.joined(
            html.paragraph(f"{self.title}: ", total),
            html.table(names, map(_cells, self.table.to_dict("records"))),
            *(html.paragraph(note) for note in self.notes),
            html.details("Assumptions", html.items(ASSUMPTIONS)),
        )


# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_billing.html
KEPT = (
    "Alarms and kept logs are billed by the month all the same, whether anybody polls or not, "
    "until they are deleted."
)


def idle_requests(mappings: int, *, days: float = 1, pollers: int = POLLERS) -> float:
    """SQS requests of enabled event source mappings while nobody sends anything.

    Args:
        mappings: how many are enabled.
        days: for how long.
        pollers: of each.
    """
    return mappings * pollers * days * DAY_S / LONG_POLL_S


def idle(mappings: int, *, days: float = DAYS_PER_MONTH, pollers: int = POLLERS) -> Estimate:
    """What enabled event source mappings cost while nobody sends anything."""
    requests = idle_requests(mappings, days=days, pollers=pollers)
    note = f"{pollers} pollers per mapping, each with a long poll of {LONG_POLL_S} s."
    return Estimate(
        f"{counted(mappings, 'enabled event source mapping')}, idle for {days:g} days",
        {SQS_STANDARD: requests},
        (note, KEPT),
    )


def _cells(row: Mapping[Any, Any]) -> list[object]:
    amount = f"{_amount(row['amount'])} {row['unit']}"
    page = html.link(row["source"], row["source"].removeprefix("https://").rstrip("/"))
    return [
        row["item"],
        amount,
        dollars(row["usd"]),
        row["price"],
        html.lines(page, row["dates"]),
    ]


def _amount(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 100 or amount == int(amount) else readable(amount)
