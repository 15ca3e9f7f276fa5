"""The dead-letter viewer: what lies there, why, how old, and what is wrong with it."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from workshop import html
from workshop.accounting.patience import after_sending
from workshop.counting import counted
from workshop.errors import DataError
from workshop.evidence import records
from workshop.evidence.arrivals import SUCCESS, arrivals_table
from workshop.evidence.fifo import RECEIVED_AT_ONCE
from workshop.evidence.lanes import spoken_s
from workshop.evidence.retry_settings import RetrySettings
from workshop.lab import Lab
from workshop.prices import dollars, sqs_price
from workshop.repair import payloads
from workshop.repair.expectations import Expectation, expectation_of

COLUMNS = {
    "order_id": "str",
    "place": "str",
    "why": "str",
    "error_type": "str",
    "error_message": "str",
    "error_group": "str",
    "age_s": "Float64",
    "receive_count": "Int64",
    "expected": "str",
    "payload": "str",
    "message_id": "str",
    "queue_message_id": "str",
    "queue_url": "str",
    "sent_at": "datetime64[ms, UTC]",
}
# Ids and numbers differ from message to message and hide that the error is the same.
_VARIABLE = re.compile(r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b|'[^']*'|\"[^\"]*\"|\S*\d\S*")
_LONGEST_CELL = 160
_NOT_YET = "no error is seen in the log yet: AWS can show it late"


class DeadLetters:
    """What lies in the DLQs and on-failure destinations that were looked into.

    Attributes:
        table: one row per message, oldest first: `order_id`, `place`, `why`, `error_type`,
            `error_message`, `error_group`, `age_s` (seconds since it was first sent),
            `receive_count` (this look included), `expected` (what the handler finds wrong with the
            payload; missing when it fits or the handler does not tell), `payload`, `message_id`,
            `queue_message_id`, `queue_url`, `sent_at`.
        groups: one row per error group: `error_group`, `messages`, `oldest_s`, `example` (an
            order id).
        cost: what this look cost, a sentence.
    """

    def __init__(self, table: pd.DataFrame, cost: str, *, is_judged: bool = True) -> None:
        self._is_judged = is_judged
        self.table = table
        self.cost = cost
        self.groups = _groups(table)

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        if self.table.empty:
            return f"No dead letters. {self.cost}"
        lines = [f"{self._number()}. {self.cost}"]
        for group in self.groups.to_dict("records"):
            lines.append(f"{group['messages']} x {group['error_group']}")
            lines += [f"  {_told(row)}" for row in self._rows_of(group).to_dict("records")]
        return "\n".join(lines)

    def _rows_of(self, group: Mapping[Any, Any]) -> pd.DataFrame:
        rows: pd.DataFrame = self.table[self.table["error_group"] == group["error_group"]]
        return rows

    def _number(self) -> str:
        return counted(len(self), "dead letter")

    def _repr_html_(self) -> str:
        cost = html.paragraph(self.cost)
        if self.table.empty:
            return html.joined(html.line("✓", "No dead letters."), cost)
        groups = [
            _group(group, self._rows_of(group), is_judged=self._is_judged)
            for group in self.groups.to_dict("records")
        ]
        return html.joined(html.paragraph(html.strong(self._number())), *groups, cost)


def dead_letters(
    lab: Lab,
    where: str,
    *,
    expects: Expectation | None = None,
    at_most: int = 1000,
) -> DeadLetters:
    """Look at dead letters without consuming them.

    Args:
        lab: the target.
        where: a pattern (all its DLQs and its on-failure destination) or one queue's URL.
        expects: payload -> what is wrong with it, or None; default the deployed handler's own
            rules for an order.
        at_most: messages per queue.

    Raises:
        DataError: no deployed pattern has this queue, or it is no DLQ or destination.
    """
    pattern, places = _places(lab, where)
    expects = expects or expectation_of(pattern)
    errors = _last_errors(lab, pattern)
    settings = lab.settings(pattern) if lab.session.lateness.logs_s else None
    rows: list[dict[str, Any]] = []
    looked: dict[str, int] = {}
    for place, url in places.items():
        messages = lab.messages(url, at_most=at_most)
        looked[url] = len(messages)
        rows += _rows(place, url, messages, lab, errors, expects, settings)
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    table["error_group"] = _named(table)
    table = table.sort_values("age_s", ascending=False, kind="stable", ignore_index=True)
    cost = _cost(lab, looked)
    return DeadLetters(table, cost, is_judged=expects is not None)


def _places(lab: Lab, where: str) -> tuple[str, dict[str, str]]:
    """The pattern, and its queues of failed messages: name -> URL."""
    if "://" not in where:
        return where, lab.outputs(where).failure_queues
    for pattern, outputs in lab.deployed().items():
        found = outputs.failure_queues
        chosen = {place: url for place, url in found.items() if url == where}
        if chosen:
            return pattern, chosen
    raise DataError(
        f"No deployed pattern keeps failed messages in {where.rpartition('/')[2]}.",
        "Pass a pattern's name, or one of lab.outputs(pattern).end_queues.",
    )


def _last_errors(lab: Lab, pattern: str) -> dict[str, tuple[Any, Any]]:
    """Message id -> type and message of its last error in the log."""
    attempts = lab.attempts(pattern)
    failed = attempts.dropna(subset=["error_type"]).drop_duplicates("message_id", keep="last")
    pairs = zip(failed["error_type"], failed["error_message"], strict=True)
    return dict(zip(failed["message_id"], pairs, strict=True))


def _rows(
    place: str,
    url: str,
    messages: Sequence[Mapping[str, Any]],
    lab: Lab,
    errors: Mapping[str, tuple[Any, Any]],
    expects: Expectation | None,
    settings: RetrySettings | None,
) -> list[dict[str, Any]]:
    now, lateness = pd.Timestamp(lab.clock.now()), lab.session.lateness
    rows = []
    texts = {message["MessageId"]: payloads.payload_text(message) for message in messages}
    for row in arrivals_table({place: messages}).to_dict("records"):
        text = texts[row["queue_message_id"]]
        error_type, told = errors.get(row["message_id"], (None, row["error_message"]))
        if settings and pd.isna(error_type) and pd.isna(told):
            # Logs are late. That there is none can be said when the last line must be seen.
            seen_by = after_sending(row["sent_at"], settings, lateness)
            told = _NOT_YET if now < seen_by else told
        rows.append(
            {
                **{name: row[name] for name in ("order_id", "receive_count", "message_id")},
                "place": place,
                "why": row["reason"] if row["reason"] != SUCCESS else "",
                "error_type": error_type,
                "error_message": told,
                "error_group": error_group(error_type, told),
                "age_s": (now - row["sent_at"]).total_seconds(),
                "expected": expects(records.parsed(text)) if expects else None,
                "payload": text,
                "queue_message_id": row["queue_message_id"],
                "queue_url": url,
                "sent_at": row["sent_at"],
            }
        )
    return rows


def error_group(error_type: Any, error_message: Any) -> str:
    """One name for errors that differ only in ids, numbers and quoted values."""
    return re.sub(r"(…\s*)+", "… ", _VARIABLE.sub("…", _error(error_type, error_message))).strip()


def _error(error_type: Any, error_message: Any) -> str:
    parts = [str(part) for part in (error_type, error_message) if pd.notna(part)]
    if not parts:
        return "no error in any log: the function was never run for it, or never failed"
    return ": ".join(parts)


def _named(table: pd.DataFrame) -> "pd.Series[str]":
    """The groups' names: what their errors have in common, so the whole text when all are alike."""
    pairs = zip(table["error_type"], table["error_message"], strict=True)
    errors = pd.Series([_error(*pair) for pair in pairs], index=table.index, dtype="str")
    groups = errors.groupby(table["error_group"])
    return table["error_group"].where(groups.transform("nunique") > 1, errors)


def _groups(table: pd.DataFrame) -> pd.DataFrame:
    grouped = table.groupby("error_group", sort=False)
    groups = grouped.agg(
        messages=("queue_message_id", "size"),
        oldest_s=("age_s", "max"),
        example=("order_id", "first"),
    ).reset_index()
    return groups.sort_values("messages", ascending=False, kind="stable", ignore_index=True)


def _cost(lab: Lab, looked: Mapping[str, int]) -> str:
    """A look receives in batches of ten until a queue gives no more, and puts back in as many."""
    requests = {url: 2 * math.ceil(n / RECEIVED_AT_ONCE) + 1 for url, n in looked.items()}
    told = f"This look took about {sum(requests.values())} SQS requests"
    if not lab.clock.is_virtual:
        usd = sum(sqs_price(url).of(number) for url, number in requests.items())
        told += f" ({dollars(usd)} at list price)"
    if not any(looked.values()):
        return f"{told} and found nothing."
    return f"{told}, consumed nothing, and raised each message's receive count by one."


def _told(row: Mapping[Any, Any]) -> str:
    wrong = (
        ""
        if pd.isna(row["expected"])
        else f"; the handler expects something else: {row['expected']}"
    )
    order = row["order_id"] if pd.notna(row["order_id"]) else row["queue_message_id"]
    return (
        f"{order}: {row['place']}, {row['why']}, {spoken_s(row['age_s'])} old, "
        f"receive count {row['receive_count']}{wrong}"
    )


def _group(group: Mapping[Any, Any], rows: pd.DataFrame, *, is_judged: bool) -> html.Markup:
    names = ["order", "lies in", "why", "age", "receives", "payload"]
    # Nobody to ask about the payload: then nothing is said about it.
    names += ["the handler says"] if is_judged else []
    cells = (_cells(row, is_judged=is_judged) for row in rows.to_dict("records"))
    number = html.strong(f"{group['messages']} × {_shortened(group['error_group'])}")  # noqa: RUF001
    summary = html.joined(number, f", the oldest {spoken_s(float(group['oldest_s']))}")
    return html.details(summary, html.table(names, cells), is_open=True)


def _cells(row: Mapping[Any, Any], *, is_judged: bool) -> list[object]:
    fits = "✓ as expected" if pd.isna(row["expected"]) else f"✗ {row['expected']}"
    order = "" if pd.isna(row["order_id"]) else row["order_id"]
    cells = [order, row["place"], row["why"], _in_one_line(spoken_s(row["age_s"]))]
    cells += [row["receive_count"], html.code(_shortened(row["payload"]))]
    return [*cells, fits] if is_judged else cells


def _in_one_line(text: str) -> str:
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…"
