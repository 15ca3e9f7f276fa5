"""Redrive: send dead letters again, after a dry run."""

import html
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from workshop.errors import DataError
from workshop.evidence.fifo import is_fifo
from workshop.evidence.receiving import received
from workshop.lab import Lab
from workshop.progress import ProgressLine
from workshop.repair import returning
from workshop.repair.choosing import Where, matches
from workshop.repair.dead_letters import dead_letters
from workshop.repair.resending import Resender

COLUMNS = {
    "order_id": "str",
    "place": "str",
    "to": "str",
    "how": "str",
    "changed": "boolean",
    "done": "boolean",
    "queue_message_id": "str",
}
MOVE_TASK = "sqs start-message-move-task"
SOURCE_DLQ = "source queue's DLQ"

# Long enough to work through a thousand messages while all of them stay hidden.
_HIDDEN_S = 900


class Redrive:
    """What was, or in a dry run would be, sent again.

    Attributes:
        table: one row per message: `order_id`, `place`, `to`, `how` (the API calls), `changed`
            (whether the payload is), `done`, `queue_message_id`.
        is_dry_run: nothing was sent.
        moved: how many messages were sent again.
        unseen: how many more SQS counted in FIFO queues: of a message group it shows the first ten.
        started_at: AWS's time at the start.
    """

    def __init__(self, job: "_Job", *, is_dry_run: bool) -> None:
        self._lab, self._pattern = job.lab, job.pattern
        self.table = pd.DataFrame(job.rows, columns=list(COLUMNS)).astype(COLUMNS)
        self.is_dry_run = is_dry_run
        self.moved = int(self.table["done"].sum()) + job.moved_unseen
        self.unseen = job.unseen
        self.started_at = job.started_at

    def came_back(self, *, timeout_s: float = 900.0) -> pd.DataFrame:
        """Wait until it is known what became of each order that was sent again.

        Returns:
            `order_id`, `state` (processed, came back, in flight; not followed: a message without
            an order id), `place` (where it lies again), `times_processed` (over its whole life:
            more than 1 is a duplicate).
        """
        done = self.table[self.table["done"]]
        return returning.what_came_back(
            self._lab, self._pattern, done, self.started_at, timeout_s=timeout_s
        )

    def __repr__(self) -> str:
        lines = [self._headline()]
        for row in self.table.to_dict("records"):
            name = row["queue_message_id"] if pd.isna(row["order_id"]) else row["order_id"]
            changed = ", with a changed payload" if row["changed"] else ""
            lines.append(f"  {name}: {row['place']} -> {row['to']} ({row['how']}){changed}")
        return "\n".join(lines)

    def _headline(self) -> str:
        number = len(self.table)
        what = f"{number} message{'s' * (number != 1)}"
        behind = (
            f" SQS counts {self.unseen} more behind others of their message group, where it does "
            "not show them."
        ) * bool(self.unseen)
        if self.is_dry_run:
            return (
                f"Dry run: {what} would be sent again, nothing was changed.{behind} "
                "Looking raised their receive counts by one. To do it: dry_run=False."
            )
        done = int(self.table["done"].sum())
        more = f", and {self.moved - done} more behind them" * (self.moved > done)
        return f"{done} of {what} sent again{more}.{behind}"

    def _repr_html_(self) -> str:
        shown = self.table.drop(columns="done" if self.is_dry_run else [])
        table = "" if shown.empty else shown.to_html(index=False, border=0, na_rep="")
        sign = "◌" if self.is_dry_run else "✓"
        return (
            f"<p><strong>{sign} {html.escape(self._headline())}</strong></p>"
            f'<div style="overflow-x:auto">{table}</div>'
        )


@dataclass
class _Job:
    """One run: what was chosen, and what has been done so far."""

    lab: Lab
    pattern: str
    resender: Resender
    places: Mapping[str, str]
    at_most: int
    max_per_second: int | None
    started_at: Any
    chosen: pd.DataFrame = field(default_factory=pd.DataFrame)
    expected: int = 0
    unseen: int = 0
    moved_unseen: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    line: ProgressLine = field(default_factory=ProgressLine)


def redrive(
    lab: Lab,
    pattern: str,
    dry_run: bool = True,
    where: Where | None = None,
    *,
    place: str | None = None,
    change: Callable[[Any], Any] | None = None,
    at_most: int = 1000,
    max_per_second: int | None = None,
) -> Redrive:
    """Send a pattern's dead letters to where they came from.

    The source queue's DLQ, without filter and change: StartMessageMoveTask. Everything else one by
    one, sent before it is deleted, so that an interruption can duplicate a message (it is named)
    and never lose one. Events of a function's DLQ, records of an on-failure destination and
    notifications of a subscription's DLQ have no source queue to move to: the function is invoked
    again, asynchronously, with the original event, and other subscribers of the topic notice
    nothing.

    Args:
        lab: the target.
        pattern: the pattern.
        dry_run: only say what would be done.
        where: which messages, default all: a function of a row of `dead_letters(...).table`,
            `{column: value}`, or order ids.
        place: only this DLQ or destination, e.g. "function's DLQ"; default all of the pattern.
        change: order (parsed payload) -> repaired order; only the payload is replaced.
        at_most: messages per queue.
        max_per_second: speed limit, so that a weak dependency is not overrun.

    Raises:
        DataError: the pattern has no such place, or the filter names no column of the viewer.
    """
    places = lab.outputs(pattern).failure_queues
    if place is not None and place not in places:
        raise DataError(
            f"{pattern} has no {place!r}.", f"Use one of {', '.join(places)}, or leave it out."
        )
    places = {name: url for name, url in places.items() if place in (None, name)}
    resender = Resender(lab, pattern, change)
    job = _Job(lab, pattern, resender, places, at_most, max_per_second, lab.clock.now())
    is_whole, is_over = where is None and change is None, False
    while not is_over and _choose(job, where):
        handled = len(job.rows)
        for name, url in places.items():
            if name == SOURCE_DLQ and is_whole and len(job.chosen) < at_most:
                _move(job, url, dry_run=dry_run)
            else:
                _one_by_one(job, name, url, dry_run=dry_run)
        # What is gone from a FIFO queue hid what was behind it.
        is_fruitless = len(job.rows) == handled
        is_over = dry_run or is_fruitless or not any(map(is_fifo, places.values()))
    result = Redrive(job, is_dry_run=dry_run)
    if not dry_run:
        job.line.finish(result._headline(), is_good=bool(result.table["done"].all()))
    return result


def _choose(job: _Job, where: Where | None) -> bool:
    """Look what lies there, and choose from what was not sent yet; whether there is any."""
    at_most = job.at_most - len(job.rows)
    fifo_queues = [url for url in job.places.values() if is_fifo(url)]
    counted = {url: min(job.lab.queue_counts(url).visible, at_most) for url in fifo_queues}
    with warnings.catch_warnings(action="ignore", category=UserWarning):  # `unseen` tells it
        table = dead_letters(job.lab, job.pattern, at_most=at_most).table
    seen = table["queue_url"].value_counts()
    job.unseen = sum(max(number - int(seen.get(url, 0)), 0) for url, number in counted.items())
    is_known = table["queue_message_id"].isin([row["queue_message_id"] for row in job.rows])
    if job.rows:
        # Nor what failed again and came back meanwhile.
        is_known |= table["sent_at"] > job.started_at
    is_here = table["place"].isin(list(job.places))
    job.chosen = table[is_here & ~is_known & matches(table, where)]
    job.expected = len(job.rows) + len(job.chosen)
    return len(job.chosen) > 0


def _move(job: _Job, url: str, *, dry_run: bool) -> None:
    """Let SQS move all of the queue."""
    found = job.chosen[job.chosen["queue_url"] == url]
    is_done = False
    if not dry_run and len(found):
        is_done = returning.move_task(job.lab, url, job.max_per_second, job.line.update)
        job.moved_unseen += job.unseen if is_done else 0
    job.rows += [
        _row(row, to="the source queue", how=MOVE_TASK, is_changed=False, is_done=is_done)
        for row in found.to_dict("records")
    ]


def _one_by_one(job: _Job, place: str, url: str, *, dry_run: bool) -> None:
    chosen = job.chosen[job.chosen["queue_url"] == url]
    rows = {row["queue_message_id"]: row for row in chosen.to_dict("records")}
    if not rows:
        return
    with received(job.lab.session, url, at_most=job.at_most, hidden_s=_HIDDEN_S) as messages:
        for message in messages:
            row = rows.pop(message["MessageId"], None)
            if row is None:
                continue
            if not dry_run:
                _send_and_delete(job, row, message, url)
            job.rows.append(
                _row(
                    row,
                    to=job.resender.to(message),
                    how=job.resender.how(message),
                    is_changed=job.resender.is_changed(message),
                    is_done=not dry_run,
                )
            )
            if not dry_run:
                job.line.update(f"{place}: {len(job.rows)} of {job.expected} sent again")
            if not rows:
                break


def _send_and_delete(
    job: _Job, row: Mapping[Any, Any], message: Mapping[str, Any], url: str
) -> None:
    is_sent = False
    try:
        job.resender.send(message)
        is_sent = True
        job.resender.delete(message, url)
    except BaseException:
        told = f"stopped: {sum(done['done'] for done in job.rows)} messages were sent again"
        if is_sent:
            told += f"; {row['order_id']} was sent and may still lie there: it can come twice"
        job.line.finish(told, is_good=False)
        raise
    if job.max_per_second:
        job.lab.clock.sleep(1 / job.max_per_second)


def _row(
    row: Mapping[Any, Any], *, to: str, how: str, is_changed: bool, is_done: bool
) -> dict[str, Any]:
    kept = {name: row[name] for name in ("order_id", "place", "queue_message_id")}
    return {**kept, "to": to, "how": how, "changed": is_changed, "done": is_done}
