"""AWS's prices, each with its page and its dates. Pure.

Every price stands here and nowhere else. They are list prices of us-east-1 in US dollars; no offer,
and they may have changed since they were published.
"""

import math
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class PriceList:
    """A price list of AWS's, as it was read.

    Attributes:
        page: AWS's page that shows it.
        published: the day on which AWS published what was read.
        read: the day on which it was read.
    """

    page: str
    published: date
    read: date


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
_READ = date(2026, 11, 28)
SQS = PriceList("https://aws.amazon.com/sqs/pricing/", date(2025, 8, 28), _READ)
SNS = PriceList("https://aws.amazon.com/sns/pricing/", date(2025, 8, 28), _READ)
LAMBDA = PriceList("https://aws.amazon.com/lambda/pricing/", date(2026, 5, 21), _READ)
CLOUDWATCH = PriceList("https://aws.amazon.com/cloudwatch/pricing/", date(2026, 3, 13), _READ)

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


def sqs_price(queue: str) -> Price:
    """The price of a request to a queue, by its name or URL: those of FIFO queues end in .fifo."""
    return SQS_FIFO if queue.endswith(".fifo") else SQS_STANDARD


def dollars(usd: float) -> str:
    """Money with as many digits as are needed to see that it is not nothing."""
    return f"{readable(usd)} USD" if usd else "0 USD"


def readable(number: float) -> str:
    """A number with two digits that are not zero, or two decimals where it is larger."""
    decimals = 2 if number >= 0.1 else 1 - math.floor(math.log10(number))
    return f"{number:.{decimals}f}"
