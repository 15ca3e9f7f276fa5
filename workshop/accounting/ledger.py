"""The ledger: sent = processed + DLQ + destination + in flight + lost."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime

import pandas as pd

from workshop import html
from workshop.accounting import fates
from workshop.accounting.evidence import Evidence
from workshop.accounting.fates import DEAD, DESTINATION, IN_FLIGHT, LOST, PROCESSED, Fate
from workshop.accounting.gathering import gather
from workshop.counting import counted
from workshop.lab import Lab

ORDER_COLUMNS = {
    "pattern": "str",
    "order_id": "str",
    "state": "str",
    "place": "str",
    "why": "str",
    "attempts": "Int64",
    "times_processed": "Int64",
    "evidence": "str",
    "number": "Int64",
    "messages": "Int64",
}
_TONES = {
    PROCESSED: html.GOOD,
    DEAD: html.KEPT,
    DESTINATION: html.KEPT,
    IN_FLIGHT: html.WAITING,
    LOST: html.BAD,
}
_MOST_ROWS = 40
OrderIds = Iterable[str] | Mapping[str, Iterable[str]]


class Ledger:
    """Where every order is; shows itself as an equation and a table.

    Attributes:
        orders: one row per order: `pattern`, `order_id`, `state` (processed, dead-lettered,
            destination, in flight, lost), `place` ("source queue's DLQ", ...), `why`, `attempts`,
            `times_processed`, `evidence` (the API call or log that shows it), `number` (orders
            that the row stands for; more than one only for messages nobody has tried yet),
            `messages` (more than one when the order was sent again, or redriven).
        summary: one row per pattern: `pattern`, `sent`, `processed`, one column per place,
            `in flight`, `lost`, `processed again` (orders whose work was done more than once).
        counts: the sums of all patterns by name, in the order of the equation.
        balances: whether sent is the sum of the rest.
    """

    def __init__(self, orders: pd.DataFrame, sent: Mapping[str, int]) -> None:
        self.orders = orders
        self.summary = _summary(orders, sent)
        numbers = self.summary.drop(columns=["pattern", "processed again"]).sum()
        self.counts = {str(name): int(number) for name, number in numbers.items()}
        self.balances = self.counts["sent"] == sum(self.counts.values()) - self.counts["sent"]

    def __str__(self) -> str:
        sent, *rest = (f"{name} {number}" for name, number in self.counts.items())
        sign = "=" if self.balances else "≠"
        return f"{sent} {sign} {' + '.join(rest)}"

    def __repr__(self) -> str:
        lines = [str(self), f"{self._tone().sign} {self._verdict()}"]
        lines += [told] if (told := self._about_messages()) else []
        lines += [
            f"  {row['order_id']}: {row['state']}{': ' if row['place'] else ''}{row['place']} "
            f"({row['why']})"
            for row in self._shown()
        ]
        return "\n".join(lines)

    def _tone(self) -> html.Tone:
        return html.BAD if self.counts["lost"] or not self.balances else html.GOOD

    def _verdict(self) -> str:
        lost = self.orders[self.orders["state"] == LOST]
        if not self.balances:
            return "the ledger does not balance: read it again, messages moved while it was read"
        if lost.empty:
            return "it balances, and nothing is lost"
        reasons = "; ".join(dict.fromkeys(lost["why"]))
        return f"it balances, but {int(lost['number'].sum())} lost: {reasons}"

    def _about_messages(self) -> str:
        """Why fewer were sent than there were messages; "" where each order was one message."""
        several = int((self.orders["messages"] > 1).sum())
        if not several:
            return ""
        return (
            f"Counted are orders, by their ids. {counted(several, 'order')} went out as more than "
            "one message: sent again or redriven, an order is a new message. Its attempts are "
            "those of all its messages."
        )

    def _shown(self) -> list[dict[str, str]]:
        """What is lost first, then what is not done; the rest as far as there is room."""
        rank = {LOST: 0, IN_FLIGHT: 1, DEAD: 2, DESTINATION: 2, PROCESSED: 3}
        rows = self.orders.sort_values("state", key=lambda s: s.map(rank), kind="stable")
        shown: list[dict[str, str]] = rows.head(_MOST_ROWS).to_dict("records")  # type: ignore[assignment]
        return shown

    def _repr_html_(self) -> str:
        hidden = len(self.orders) - _MOST_ROWS
        more = (f"{hidden} more rows are in ", html.code(".orders"), ".")
        with_pattern = len(self.summary) > 1
        head = ["pattern"] if with_pattern else []
        head += ["order", "where it is", "why", "attempts", "evidence"]
        rows = (_row(row, with_pattern=with_pattern) for row in self._shown())
        return html.joined(
            html.paragraph(html.strong(self._equation(), is_big=True)),
            html.paragraph(html.marked(self._tone(), self._verdict())),
            html.paragraph(told) if (told := self._about_messages()) else "",
            html.frame(self.summary) if with_pattern else "",
            html.details(
                "Order by order",
                html.table(head, rows),
                html.paragraph(*more) if hidden > 0 else "",
                is_open=True,
            ),
        )

    def _equation(self) -> html.Markup:
        """As `str`; what is lost is marked."""
        terms = [
            html.marked(html.BAD, f"{name} {number}")
            if name == LOST and number
            else f"{name} {number}"
            for name, number in self.counts.items()
        ]
        sign = " = " if self.balances else " ≠ "
        return html.joined(terms[0], sign, html.joined(*terms[1:], by=" + "))


def ledger(
    lab: Lab,
    pattern: str | Iterable[str],
    order_ids: OrderIds | None = None,
    *,
    sent_by: datetime | None = None,
) -> Ledger:
    """Account for every order: sent = processed + DLQ + destination + in flight + lost.

    Every number comes from what AWS shows: attempts in the logs, messages in DLQs and destinations,
    the source queue's own count, and for events that left no line the metrics of SNS and Lambda.
    *Lost* is what none of them holds: every attempt AWS makes was made, or the message is in no
    queue any more, and nothing keeps it. `workshop.accounting.fates` has the rules. On a target
    that shows facts late an order is in flight as long as evidence can still come; then `why` says
    what is waited for, and until when.

    Args:
        lab: the target.
        pattern: "SqsDlq", "LambdaDestinations", "LambdaDlq", or several of them.
        order_ids: the orders that were sent, or a mapping from pattern to these; default every
            order of which AWS shows a trace. Give them whenever you know them: an order that left
            no trace at all can only be missed by whoever knows that it was sent.
        sent_by: a moment by which they had been sent. On a target that shows facts late an order
            without any trace is called lost only with this, and only after the last moment at
            which it could have been seen.
    """
    patterns = [pattern] if isinstance(pattern, str) else list(pattern)
    return ledger_of({name: gather(lab, name, sent_by) for name in patterns}, order_ids)


def ledger_of(gathered: Mapping[str, Evidence], order_ids: OrderIds | None = None) -> Ledger:
    """`ledger` of what was read already: pattern -> evidence."""
    rows: list[tuple[str, Fate]] = []
    sent = {}
    for name, evidence in gathered.items():
        wanted = _wanted(order_ids, name)
        found = fates.fates(evidence, wanted)
        sent[name] = sum(fate.number for fate in found) if wanted is None else len(set(wanted))
        rows += [(name, fate) for fate in found]
    return Ledger(orders_table(rows), sent)


def _wanted(order_ids: OrderIds | None, pattern: str) -> list[str] | None:
    if order_ids is None:
        return None
    chosen = order_ids.get(pattern, ()) if isinstance(order_ids, Mapping) else order_ids
    return [chosen] if isinstance(chosen, str) else list(chosen)


def orders_table(rows: Iterable[tuple[str, Fate]]) -> pd.DataFrame:
    """Fates -> `Ledger.orders`."""
    records = [{"pattern": pattern, **asdict(fate)} for pattern, fate in rows]
    return pd.DataFrame(records, columns=list(ORDER_COLUMNS)).astype(ORDER_COLUMNS)


def _summary(orders: pd.DataFrame, sent: Mapping[str, int]) -> pd.DataFrame:
    kept = orders[orders["state"].isin([DEAD, DESTINATION])]
    places = list(dict.fromkeys(kept["place"]))
    rows = []
    for pattern, number in sent.items():
        own = orders[orders["pattern"] == pattern]
        row: dict[str, object] = {"pattern": pattern, "sent": number}
        row[PROCESSED] = _number(own, own["state"] == PROCESSED)
        for place in places:
            is_here = (own["place"] == place) & own["state"].isin([DEAD, DESTINATION])
            row[place] = _number(own, is_here)
        for state in (IN_FLIGHT, LOST):
            row[state] = _number(own, own["state"] == state)
        row["processed again"] = int((own["times_processed"] > 1).sum())
        rows.append(row)
    columns = ["pattern", "sent", PROCESSED, *places, IN_FLIGHT, LOST, "processed again"]
    return pd.DataFrame(rows, columns=columns)


def _number(orders: pd.DataFrame, chosen: "pd.Series[bool]") -> int:
    return int(orders.loc[chosen, "number"].sum())


def _row(row: Mapping[str, str], *, with_pattern: bool) -> list[object]:
    where = row["place"] if row["state"] in (DEAD, DESTINATION) else row["state"]
    times = int(row["times_processed"])
    again = f"; its work was done {times} times" if times > 1 else ""
    number = f" ({row['number']} messages)" if int(row["number"]) > 1 else ""
    cells: list[object] = [
        row["order_id"] + number,
        html.marked(_TONES[row["state"]], where),
        row["why"] + again,
        row["attempts"],
        row["evidence"],
    ]
    return [row["pattern"], *cells] if with_pattern else cells
