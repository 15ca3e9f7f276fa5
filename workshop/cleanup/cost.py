"""What the workshop would cost on a real account. Pure: usage -> money.

Prices are those of us-east-1 in US dollars, copied from public pages with their dates; they are no
offer and may have changed. See https://aws.amazon.com/pricing/ for today's.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

# An event source mapping of an SQS queue starts with five pollers; with little traffic there may
# be two. Each asks with a long poll of 20 s.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
POLLERS, FEWEST_POLLERS = 5, 2
LONG_POLL_S = 20
DAY_S = 86_400
DAYS_PER_MONTH = 30


@dataclass(frozen=True)
class Price:
    """One price.

    Attributes:
        item: what is charged.
        unit: of which.
        usd: for so many units.
        per: so many.
        seen: when it was read, as a date, or the date of the page.
        source: where.
    """

    item: str
    unit: str
    usd: float
    per: float
    seen: str
    source: str


PRICES = (
    Price(
        "SQS requests (standard queues)", "requests", 0.40, 1e6, "2026-03-14",
        "https://cloudburn.io/blog/amazon-sqs-pricing",
    ),
    Price(
        "SNS publishes", "publishes", 0.50, 1e6, "2026-06-13",
        "https://www.factualminds.com/blog/amazon-sns-pricing-publishes-fanout-protocols/",
    ),
    Price(
        "Lambda requests", "invocations", 0.20, 1e6, "2026-05-11",
        "https://git.mcrn.ar/mariano/lambda_local_runner",
    ),
    Price(
        "Lambda duration (x86)", "GB-seconds", 0.0000166667, 1, "2026-05-11",
        "https://git.mcrn.ar/mariano/lambda_local_runner",
    ),
    Price(
        "CloudWatch Logs, taken in", "GB", 0.50, 1, "2025-05",
        "https://www.duckbillgroup.com/?p=9080",
    ),
)  # fmt: skip

ASSUMPTIONS = (
    "Region us-east-1, prices of the dates shown, no free tier, no taxes.",
    "Every message is one request each for sending, receiving and deleting; batches make fewer.",
    "FIFO queues cost more, 0.50 USD per million; their requests are counted like the others.",
    "Messages are below 64 KB, so that each request is billed once.",
    "Not included: kept logs, metrics and the alarm, DynamoDB, the CDK's bucket with the function "
    "code, the requests that notebooks make to look at things.",
)


class Estimate:
    """Usage with its price; displays the sum in large type, then where it comes from.

    Attributes:
        table: columns `item`, `amount` (float), `unit`, `usd` (float), `price`, `seen`, `source`.
        total_usd: the sum.
    """

    def __init__(self, title: str, usage: Mapping[str, float], notes: tuple[str, ...] = ()) -> None:
        self.title = title
        self.notes = notes
        rows = [
            {
                "item": price.item,
                "amount": float(usage[price.item]),
                "unit": price.unit,
                "usd": usage[price.item] * price.usd / price.per,
                "price": _spoken(price),
                "seen": price.seen,
                "source": price.source,
            }
            for price in PRICES
            if price.item in usage
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
        cell = '<td style="text-align:left">'
        rows = "".join(
            f"<tr>{cell}{row['item']}</td>{cell}{_amount(row['amount'])} {row['unit']}</td>"
            f"{cell}{dollars(row['usd'])}</td>{cell}{row['price']}</td>{cell}{row['seen']}, "
            f'<a href="{row["source"]}">{row["source"].split("/")[2]}</a></td></tr>'
            for row in self.table.to_dict("records")
        )
        names = ("item", "amount", "cost", "price", "price seen")
        head = "".join(f'<th style="text-align:left">{name}</th>' for name in names)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        notes = "".join(f"<p>{note}</p>" for note in self.notes)
        assumed = "".join(f"<li>{one}</li>" for one in ASSUMPTIONS)
        return (
            f'<p>{self.title}: <strong style="font-size:1.6em">{dollars(self.total_usd)}</strong>'
            f"</p>{table}{notes}<details><summary>Assumptions</summary><ul>{assumed}</ul></details>"
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
        f"{mappings} enabled event source mapping{'s' * (mappings != 1)}, idle for {days:g} days",
        {PRICES[0].item: requests},
        (note,),
    )


def dollars(usd: float) -> str:
    """Money with as many digits as are needed to see that it is not nothing."""
    if usd == 0:
        return "0 USD"
    return f"{usd:.2f} USD" if usd >= 0.1 else f"{usd:.2g} USD" if usd >= 1e-4 else f"{usd:.6f} USD"


def _amount(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 100 or amount == int(amount) else f"{amount:.4f}"


def _spoken(price: Price) -> str:
    per = f"{price.per / 1e6:g} million" if price.per >= 1e6 else f"{price.per:g}"
    usd = f"{price.usd:.10f}".rstrip("0") if price.usd < 0.001 else f"{price.usd:.2f}"
    return f"{usd} USD per {per}"
