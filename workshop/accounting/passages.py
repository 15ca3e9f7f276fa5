"""How many messages went along each arrow, and how many are in each place. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from workshop.accounting.evidence import Evidence
from workshop.accounting.fates import DEAD, DESTINATION, IN_FLIGHT, LOST, PROCESSED, Fate
from workshop.evidence.attempts import OPEN
from workshop.target.outputs import END_QUEUES

# Place in AWS's words -> id of its card in the diagram.
_CARDS = {
    "source queue's DLQ": "source-queue-dlq",
    "on-failure destination": "on-failure-queue",
    "function's DLQ": "function-dlq",
    "subscription's DLQ": "subscription-dlq",
}


@dataclass(frozen=True)
class Passages:
    """What the numbers in the diagram say.

    Attributes:
        arrows: arrow id -> how many times a message went this way.
        cards: card id -> how many messages are there now.
        sent, processed, lost: of the ledger.
    """

    arrows: dict[str, int]
    cards: dict[str, int]
    sent: int
    processed: int
    lost: int


def count(evidence: Evidence, found: Sequence[Fate], recorded: int) -> Passages:
    """Passages of the orders with these fates.

    Args:
        evidence: what the fates were decided from.
        found: one per order.
        recorded: success records of these orders.
    """
    orders = {fate.order_id for fate in found}
    tries = evidence.attempts[evidence.attempts["order_id"].isin(orders)]
    failed = int((~tries["outcome"].isin(["ok", *OPEN])).sum())
    sent = _number(found)
    kept = {_CARDS[place]: _at(found, place) for place in END_QUEUES.values() if place in _CARDS}
    given_up = sum(_at(found, place) for place in _CARDS if "subscription" not in place)
    unreached = kept["subscription-dlq"]
    processed = _number([fate for fate in found if fate.state == PROCESSED])
    waiting = _number([fate for fate in found if fate.state == IN_FLIGHT])
    arrows = {
        "send": sent,
        "publish": sent,
        "subscription": sent - unreached,
        "undelivered": unreached,
        "event-source-mapping": len(tries),
        "attempt": len(tries),
        "return": failed,
        "retry": failed,
        "success": processed,
        "redrive-policy": kept["source-queue-dlq"],
        # What the alarm sees.
        "metric": kept["source-queue-dlq"],
        "given-up": given_up,
    }
    cards = {**kept, "source-queue": waiting, "event-queue": waiting, "on-success-queue": recorded}
    lost = _number([fate for fate in found if fate.state == LOST])
    return Passages(arrows, cards, sent, processed, lost)


def _number(found: Sequence[Fate]) -> int:
    return sum(fate.number for fate in found)


def _at(found: Sequence[Fate], place: str) -> int:
    """Messages in a place; one that lies in two is counted in both."""
    kept = [fate for fate in found if fate.state in (DEAD, DESTINATION)]
    return _number([fate for fate in kept if place in fate.place])
