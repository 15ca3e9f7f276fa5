"""Redrive: send dead letters again, after a dry run."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from workshop import html
from workshop.errors import DataError
from workshop.lab import Lab
from workshop.progress import ProgressLine
from workshop.repair import returning
from workshop.repair.dead_letters import dead_letters, failure_queues
from workshop.repair.resending import Resender, taken

# Which dead letters: a test of one row of the viewer's table; {column: value}; or order ids.
Where = Callable[[Mapping[str, Any]], bool] | Mapping[str, Any] | Iterable[str]

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


class Redrive:
    """What was, or in a dry run would be, sent again.

    Attributes:
        table: one row per message: `order_id`, `place`, `to`, `how` (the API calls), `changed`
            (whether the payload is), `done`, `queue_message_id`.
        is_dry_run: nothing was sent.
        moved: how many messages were sent again.
        started_at: AWS's time at the start.
    """

    def __init__(self, job: "_Job", *, is_dry_run: bool) -> None:
        self._lab, self._pattern = job.lab, job.pattern
        self.table = pd.DataFrame(job.rows, columns=list(COLUMNS)).astype(COLUMNS)
        self.is_dry_run = is_dry_run
        self.moved = int(self.table["done"].sum())
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
        if self.is_dry_run:
            return (
                f"Dry run: {what} would be sent again, nothing was changed. "
                "Looking raised their receive counts by one. To do it: dry_run=False."
            )
        return f"{self.moved} of {what} sent again."

    def _repr_html_(self) -> str:
        shown = self.table.drop(columns="done" if self.is_dry_run else [])
        table = "" if shown.empty else html.frame(shown)
        return html.joined(html.note(self._tone(), self._headline()), table)

    def _tone(self) -> html.Tone:
        if self.is_dry_run:
            return html.NOT_DONE
        return html.GOOD if self.moved == len(self.table) else html.BAD


@dataclass
class _Job:
    """One run: what was chosen, and what has been done so far."""

    lab: Lab
    pattern: str
    resender: Resender
    chosen: pd.DataFrame
    at_most: int
    max_per_second: int | None
    started_at: Any
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
    places = failure_queues(lab, pattern)
    if place is not None and place not in places:
        raise DataError(
            f"{pattern} has no {place!r}.", f"Use one of {', '.join(places)}, or leave it out."
        )
    places = {name: url for name, url in places.items() if place in (None, name)}
    started_at, table = lab.clock.now(), dead_letters(lab, pattern, at_most=at_most).table
    chosen = table[table["place"].isin(list(places)) & _matches(table, where)]
    resender = Resender(lab, pattern, change)
    job = _Job(lab, pattern, resender, chosen, at_most, max_per_second, started_at)
    is_whole = where is None and change is None
    for name, url in places.items():
        if name == SOURCE_DLQ and is_whole and len(chosen) < at_most:
            _move(job, url, dry_run=dry_run)
        else:
            _one_by_one(job, name, url, dry_run=dry_run)
    result = Redrive(job, is_dry_run=dry_run)
    if not dry_run:
        job.line.finish(result._headline(), is_good=result.moved == len(result.table))
    return result


def _matches(table: pd.DataFrame, where: Where | None) -> "pd.Series[bool]":
    if where is None:
        return pd.Series(True, index=table.index)
    if isinstance(where, Mapping):
        unknown = set(where) - set(table.columns)
        if unknown:
            raise DataError(
                f"The dead letters have no column {', '.join(sorted(unknown))}.",
                f"Filter by {', '.join(table.columns)}.",
            )
        tests = [table[name] == value for name, value in where.items()]
        return pd.concat(tests, axis=1).all(axis=1) if tests else _matches(table, None)
    if callable(where):
        chosen = [bool(where(row)) for row in table.to_dict("records")]  # type: ignore[arg-type]
        return pd.Series(chosen, index=table.index, dtype=bool)
    ids = [where] if isinstance(where, str) else list(where)
    return table["order_id"].isin(ids)


def _move(job: _Job, url: str, *, dry_run: bool) -> None:
    """Let SQS move all of the queue."""
    found = job.chosen[job.chosen["queue_url"] == url]
    is_done = False
    if not dry_run and len(found):
        is_done = returning.move_task(job.lab, url, job.max_per_second, job.line.update)
    job.rows += [
        _row(row, to="the source queue", how=MOVE_TASK, is_changed=False, is_done=is_done)
        for row in found.to_dict("records")
    ]


def _one_by_one(job: _Job, place: str, url: str, *, dry_run: bool) -> None:
    chosen = job.chosen[job.chosen["queue_url"] == url]
    rows = {row["queue_message_id"]: row for row in chosen.to_dict("records")}
    if not rows:
        return
    with taken(job.lab, url, job.at_most) as messages:
        for message in messages:
            row = rows.get(message["MessageId"])
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
                job.line.update(f"{place}: {len(job.rows)} of {len(job.chosen)} sent again")


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
