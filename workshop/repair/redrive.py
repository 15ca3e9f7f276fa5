"""Redrive: send dead letters again, after a dry run."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from workshop import html
from workshop.counting import counted
from workshop.errors import DataError
from workshop.lab import Lab
from workshop.repair import returning
from workshop.repair.choosing import Where
from workshop.repair.job import Job
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

    def __init__(self, job: Job) -> None:
        self._lab, self._pattern = job.lab, job.pattern
        self.table = pd.DataFrame(job.rows, columns=list(COLUMNS)).astype(COLUMNS)
        self.is_dry_run = job.is_dry_run
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
        what = counted(number, "message")
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
        table = "" if shown.empty else html.frame(shown)
        return html.joined(html.note(self._tone(), self._headline()), table)

    def _tone(self) -> html.Tone:
        if self.is_dry_run:
            return html.NOT_DONE
        return html.GOOD if self._is_complete else html.BAD

    @property
    def _is_complete(self) -> bool:
        return bool(self.table["done"].all())


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

    Of a message group of a FIFO queue SQS shows ten messages. What is behind them is looked at when
    they are gone; what stays behind others that were not chosen is counted (`unseen`).

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
    job = Job(
        lab,
        pattern,
        places,
        Resender(lab, pattern, change),
        is_dry_run=dry_run,
        is_whole=where is None and change is None,
        at_most=at_most,
        max_per_second=max_per_second,
    )
    job.run(where)
    result = Redrive(job)
    if not dry_run:
        job.line.finish(result._headline(), is_good=result._is_complete)
    return result
