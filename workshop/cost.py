"""What the workshop would cost on a real account. Pure: usage -> money.

Every price stands here and nowhere else. They are AWS's list prices of us-east-1 in US dollars; no
offer, and they may have changed since the dates shown.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

# An event source mapping of an SQS queue starts with five pollers; with little traffic there may
# be two. Each asks with a long poll of 20 s.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
POLLERS, FEWEST_POLLERS = 5, 2
LONG_POLL_S = 20
DAY_S = 86_400
DAYS_PER_MONTH = 30


@dataclass(frozen=True)
class PriceList:
    """A price list of AWS's, as it was read.

    Attributes:
        page: AWS's page that shows it.
        published: the day on which AWS published what was read.
    """

    page: str
    published: date


@dataclass(frozen=True)
class Price:
    """One price, in its first tier.

    Attributes:
        item: what is charged.
        unit: of which.
        usd: for so many units.
        per: so many, 1 or a million.
        source: where it was read.
    """

    item: str
    unit: str
    usd: float
    per: float
    source: PriceList

    def __str__(self) -> str:
        usd = f"{self.usd:.10f}".rstrip("0") if self.usd < 0.001 else f"{self.usd:.2f}"
        per = self.unit.removesuffix("s") if self.per == 1 else f"million {self.unit}"
        return f"{usd} USD per {per}"

    def of(self, amount: float) -> float:
        """What so many units cost, in US dollars."""
        return amount * self.usd / self.per


# AWS publishes the prices of these pages as dated files, too; copies of the files were read.
SQS = PriceList("https://aws.amazon.com/sqs/pricing/", date(2025, 8, 28))
SNS = PriceList("https://aws.amazon.com/sns/pricing/", date(2025, 8, 28))
LAMBDA = PriceList("https://aws.amazon.com/lambda/pricing/", date(2026, 5, 21))
CLOUDWATCH = PriceList("https://aws.amazon.com/cloudwatch/pricing/", date(2026, 3, 13))

SQS_STANDARD = Price("SQS requests (standard queues)", "requests", 0.40, 1e6, SQS)
SQS_FIFO = Price("SQS requests (FIFO queues)", "requests", 0.50, 1e6, SQS)
SNS_PUBLISHES = Price("SNS publishes", "publishes", 0.50, 1e6, SNS)
LAMBDA_REQUESTS = Price("Lambda requests", "invocations", 0.20, 1e6, LAMBDA)
LAMBDA_DURATION = Price("Lambda duration (x86)", "GB-seconds", 0.0000166667, 1, LAMBDA)
LOGS_TAKEN_IN = Price("CloudWatch Logs, taken in", "GB", 0.50, 1, CLOUDWATCH)
PRICES = (
    SQS_STANDARD,
    SQS_FIFO,
    SNS_PUBLISHES,
    LAMBDA_REQUESTS,
    LAMBDA_DURATION,
    LOGS_TAKEN_IN,
)

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
            page), `published` (the date of its prices).
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
                "published": price.source.published.isoformat(),
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
        cell = '<td style="text-align:left">'
        rows = "".join(
            f"<tr>{cell}{row['item']}</td>{cell}{_amount(row['amount'])} {row['unit']}</td>"
            f"{cell}{dollars(row['usd'])}</td>{cell}{row['price']}</td>"
            f'{cell}<a href="{row["source"]}">{_page(row["source"])}</a><br>'
            f"{row['published']}</td></tr>"
            for row in self.table.to_dict("records")
        )
        names = ("item", "amount", "cost", "price", "AWS's price list")
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
        {SQS_STANDARD: requests},
        (note,),
    )


def sqs_price(queue: str) -> Price:
    """The price of a request to a queue, by its name or URL: those of FIFO queues end in .fifo."""
    return SQS_FIFO if queue.endswith(".fifo") else SQS_STANDARD


def dollars(usd: float) -> str:
    """Money with as many digits as are needed to see that it is not nothing."""
    return f"{_readable(usd)} USD" if usd else "0 USD"


def _amount(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 100 or amount == int(amount) else _readable(amount)


def _readable(number: float) -> str:
    decimals = 2 if number >= 0.1 else 1 - math.floor(math.log10(number))
    return f"{number:.{decimals}f}"


def _page(address: str) -> str:
    return address.removeprefix("https://").rstrip("/")
