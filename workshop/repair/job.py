"""One redrive at work: it looks, chooses, and lets SQS move or sends one by one."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd

from workshop.evidence.fifo import RECEIVED_AT_ONCE, is_fifo
from workshop.evidence.receiving import received
from workshop.lab import Lab
from workshop.progress import ProgressLine
from workshop.repair import returning
from workshop.repair.choosing import Where, matches
from workshop.repair.dead_letters import dead_letters
from workshop.repair.resending import Resender
from workshop.target.outputs import END_QUEUES

_MOVE_TASK = "sqs start-message-move-task"

# Long enough to work through a thousand messages while all of them stay hidden.
_HIDDEN_S = 900


@dataclass
class Job:
    """What is to be sent again, and what has been so far.

    Attributes:
        lab, pattern: where.
        places: the queues that are looked into, by their names.
        resender: knows how a message goes back.
        is_dry_run: nothing is sent.
        is_whole: no filter and no change: SQS may move a queue by itself.
        at_most: messages per queue.
        max_per_second: speed limit.
        started_at: AWS's time at the start.
        rows: what was chosen and handled, one per message.
        sent_ids: the ids under which they were sent again.
        unseen: how many messages the last look did not show.
        moved_unseen: how many of these SQS has moved along.
        line: says how far it is.
    """

    lab: Lab
    pattern: str
    places: Mapping[str, str]
    resender: Resender
    is_dry_run: bool
    is_whole: bool
    at_most: int
    max_per_second: int | None
    started_at: datetime = field(init=False)
    rows: list[dict[str, Any]] = field(default_factory=list)
    sent_ids: set[str] = field(default_factory=set)
    unseen: int = 0
    moved_unseen: int = 0
    line: ProgressLine = field(default_factory=ProgressLine)
    _seen: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.started_at = self.lab.clock.now()

    def run(self, where: Where | None) -> None:
        """Send again what is meant: at once, or of FIFO queues ten of a message group at a time."""
        while len(chosen := self._choose(where)):
            handled = len(self.rows)
            for place, url in self.places.items():
                letters = chosen[chosen["queue_url"] == url].to_dict("records")
                is_movable = place == END_QUEUES["SourceQueueDlqUrl"] and self.is_whole
                if is_movable and len(chosen) + self.unseen < self.at_most:
                    self._move(url, letters)
                else:
                    self._send_one_by_one(place, url, letters, handled + len(chosen))
            # What is gone from a FIFO queue hid what was behind it.
            may_go_on = any(map(is_fifo, self.places.values())) and len(self.rows) > handled
            if self.is_dry_run or not may_go_on:
                break
        self._count_again()

    def _choose(self, where: Where | None) -> pd.DataFrame:
        """Look what lies there, and choose from what was not handled yet."""
        at_most = self.at_most - len(self.rows)
        counted = self._counted(at_most)
        with warnings.catch_warnings(action="ignore", category=UserWarning):  # `unseen` tells it
            table = dead_letters(self.lab, self.pattern, at_most=at_most).table
        seen = table["queue_url"].value_counts()
        self._seen = {url: int(seen.get(url, 0)) for url in counted}
        self.unseen = self._not_seen(counted)
        is_known = table["queue_message_id"].isin([row["queue_message_id"] for row in self.rows])
        if self.rows:
            # What failed again and came back meanwhile is none of this redrive's.
            is_known |= table["queue_message_id"].isin(self.sent_ids)
            is_known |= table["sent_at"] > self.started_at
        is_here = table["place"].isin(list(self.places))
        return table[is_here & ~is_known & matches(table, where)]

    def _counted(self, at_most: int) -> dict[str, int]:
        """How many messages SQS counts in each FIFO queue."""
        fifo_queues = [url for url in self.places.values() if is_fifo(url)]
        return {url: min(self.lab.queue_counts(url).visible, at_most) for url in fifo_queues}

    def _not_seen(self, counted: Mapping[str, int]) -> int:
        return sum(max(number - self._seen[url], 0) for url, number in counted.items())

    def _count_again(self) -> None:
        """Where counts are late, count once more when those of the last look must be right."""
        late_s = self.lab.session.lateness.counts_s
        may_hide = any(number >= RECEIVED_AT_ONCE for number in self._seen.values())
        if late_s and (self.unseen or may_hide):
            self.lab.clock.sleep(late_s, "SQS's counts can be a minute old")
            self.unseen = self._not_seen(self._counted(self.at_most))

    def _move(self, url: str, letters: list[dict[Any, Any]]) -> None:
        """Let SQS move all of the queue."""
        is_done = False
        if letters and not self.is_dry_run:
            self._count_again()
            is_done = returning.move_task(self.lab, url, self.max_per_second, self.line.update)
            self.moved_unseen += self.unseen if is_done else 0
        for letter in letters:
            self._note(letter, "the source queue", _MOVE_TASK, is_changed=False, is_done=is_done)

    def _send_one_by_one(
        self, place: str, url: str, letters: list[dict[Any, Any]], expected: int
    ) -> None:
        waiting = {letter["queue_message_id"]: letter for letter in letters}
        if not waiting:
            return
        with received(self.lab.session, url, at_most=self.at_most, hidden_s=_HIDDEN_S) as messages:
            for message in messages:
                letter = waiting.pop(message["MessageId"], None)
                if letter is None:
                    continue
                to, how = self.resender.to(message), self.resender.how(message)
                is_changed = self.resender.is_changed(message)
                if not self.is_dry_run:
                    self._send_and_delete(letter, message, url)
                self._note(letter, to, how, is_changed=is_changed, is_done=not self.is_dry_run)
                if not self.is_dry_run:
                    self.line.update(f"{place}: {len(self.rows)} of {expected} sent again")
                if not waiting:
                    break

    def _send_and_delete(
        self, letter: Mapping[Any, Any], message: Mapping[str, Any], url: str
    ) -> None:
        is_sent = False
        try:
            self.sent_ids.add(self.resender.send(message))
            is_sent = True
            self.resender.delete(message, url)
        except BaseException:
            told = f"stopped: {sum(row['done'] for row in self.rows)} messages were sent again"
            if is_sent:
                told += (
                    f"; {letter['order_id']} was sent and may still lie there: it can come twice"
                )
            self.line.finish(told, is_good=False)
            raise
        if self.max_per_second:
            self.lab.clock.sleep(
                1 / self.max_per_second, f"at most {self.max_per_second} messages a second"
            )

    def _note(
        self, letter: Mapping[Any, Any], to: str, how: str, *, is_changed: bool, is_done: bool
    ) -> None:
        kept = {name: letter[name] for name in ("order_id", "place", "queue_message_id")}
        self.rows.append({**kept, "to": to, "how": how, "changed": is_changed, "done": is_done})
