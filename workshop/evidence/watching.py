"""What became of some messages, by their ids, without receiving any of them.

The function's log tells every attempt, and the settings tell what comes after the last. Counts say
when it has come; nobody's receive count rises. Only of messages that the function never saw there
is nothing but the queue in which they end: there one look is taken each time its count has changed.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import pandas as pd

from workshop.evidence import expected, queues
from workshop.evidence.arrivals import SUCCESS, arrivals_table
from workshop.evidence.attempts import OPEN
from workshop.evidence.expected import GIVEN_UP, PROCESSED, UNSEEN, Outlook
from workshop.evidence.late_logs import seen_attempts
from workshop.evidence.settings_reader import read_settings
from workshop.target.outputs import Outputs
from workshop.target.session import Session
from workshop.target.telling import Expected

# How long a poller may take to come for a message that is to be moved.
_POLLER_S = 5.0
# Ends that differ by less are the same to a reader.
_SAME = timedelta(seconds=1)
# Of the attempts table, column -> value.
Rows = list[dict[Any, Any]]


class Watch:
    """Watches some messages of one pattern.

    Args:
        session: the target.
        outputs: of the pattern.
        ids: order ids, or message ids of SQS or SNS.
        since: only attempts from this moment on; for orders that were sent before, too.

    Attributes:
        settings: what the pattern does with failures.
    """

    def __init__(
        self,
        session: Session,
        outputs: Outputs,
        ids: Iterable[str],
        since: pd.Timestamp | None = None,
    ) -> None:
        self._session, self._outputs = session, outputs
        self._ids, self._since = list(dict.fromkeys(ids)), since
        self.settings = read_settings(session, outputs)
        self._started_at = pd.Timestamp(session.clock.now())
        self._before = self._counted()
        self._found = {one: Outlook(UNSEEN) for one in self._ids}
        self._has_failed = False
        self._is_untried = False
        self._lying: set[str] = set()
        self._looks = 0
        self._took_s: dict[str, float] = {}
        self._last_end: pd.Timestamp | None = None
        self._moved = ""

    def states(self) -> dict[str, str]:
        """Id -> processed or given up; those of which it is not certain yet are missing."""
        now = pd.Timestamp(self._session.clock.now())
        latest = self._latest(self._ids)
        self._has_failed = _failed(latest)
        self._found = {one: self._outlook(rows) for one, rows in latest.items()}
        known = {one: PROCESSED for one, out in self._found.items() if out.state == PROCESSED}
        moved = {one: out for one, out in self._found.items() if out.state == GIVEN_UP}
        known |= dict.fromkeys(self._certain(moved, now), GIVEN_UP)
        unseen = [one for one, out in self._found.items() if out.state == UNSEEN]
        if unseen and not (set(self._ids) - set(unseen) - set(known)) and self._may_have_ended(now):
            ended = self._in_the_end_queues(unseen)
            if ended:
                known |= dict.fromkeys(ended, GIVEN_UP)
                self._lying |= ended.keys()
                # A handler may refuse a message before it tells which order that is.
                tried = self._latest(ended.values())
                latest |= {one: tried[message_id] for one, message_id in ended.items()}
                self._found |= {one: self._outlook(latest[one]) for one in ended}
                self._has_failed |= _failed(tried)
                self._is_untried = not any(tried.values())
        for one in known.keys() - self._took_s.keys():
            seconds = self._from_sending(latest[one], self._found[one], now)
            self._took_s |= {one: seconds} if seconds is not None else {}
        self._looks += 1
        if len(known) < len(self._ids):
            self._expect_there()
        return known

    def _expect_there(self) -> None:
        """Where waits are long, end one whose queue was removed meanwhile.

        A log group that is gone looks like one that nobody has written to, so the log does not
        tell it. Where time is virtual nothing is scheduled any more, and a wait ends by that.
        """
        places = [self._outputs.get("SourceQueueUrl"), *self._outputs.end_queues.values()]
        if not self._session.clock.is_virtual and (url := next(filter(None, places), None)):
            queues.counts(self._session, url)

    def unseen(self) -> list[str]:
        """The ids of which the last look saw nothing, in no log and in no queue."""
        unseen = [one for one, out in self._found.items() if out.state == UNSEEN]
        return [one for one in unseen if one not in self._lying]

    def took_s(self) -> dict[str, float]:
        """Id -> the seconds from its sending to its end, of those that are known to have ended.

        What AWS writes no time of is when SQS moved a message: that is the moment when it was seen
        to have happened, or by the settings when it had happened before the first look, and where
        counts are late: how late they are is no doing of the queue's.
        """
        return dict(self._took_s)

    def _from_sending(self, rows: Rows, found: Outlook, now: pd.Timestamp) -> float | None:
        if not rows or pd.isna(rows[-1]["sent_at"]):
            return None
        ended = [row["ended_at"] for row in rows if row["outcome"] == "ok"] or [now]
        end_at = found.end_at
        if found.state == GIVEN_UP and end_at is not None:
            # Where counts are late, the moment at which one is seen says nothing about SQS.
            is_late = bool(self._session.lateness.counts_s)
            is_told = self.settings.source == "async" or not self._looks or is_late
            ended = [min(now, end_at) if is_told else now]
        return float((ended[0] - rows[-1]["sent_at"]).total_seconds())

    def expected(self) -> Expected:
        """When AWS will be done with all of them, by the last look."""
        open_ = [out for out in self._found.values() if out.state != PROCESSED]
        ends = [out.end_at for out in open_]
        soonest = [out.next_at for out in open_]
        end = max(ends) if ends and all(end is not None for end in ends) else None  # type: ignore[type-var]
        return Expected(
            self._told(end),
            min(soonest) if soonest and all(at is not None for at in soonest) else None,  # type: ignore[type-var]
            self._session.lateness.longest_s,
            "the function's log and the queues' counts",
            # As long as one may still succeed, it is over sooner.
            is_bound=any(out.state != GIVEN_UP for out in open_),
            moved=self._moved,
        )

    def _told(self, end: pd.Timestamp | None) -> pd.Timestamp | None:
        """The end as it is told: a latest moment that moves later is one that was none."""
        before, self._last_end = self._last_end, end
        if end is None or before is None or end <= before:
            return end
        if end - before <= _SAME:
            self._last_end = before
        else:
            self._moved = "later than told before, as an attempt began later than the settings say"
        return self._last_end

    def shortcut(self) -> str:
        """What would make this shorter; an order that did not fail does not wait for retries."""
        return expected.shortcut(self.settings) if self._has_failed else ""

    def cause(self) -> str:
        """Why it takes this long, by what is seen: without a failure nothing is tried again."""
        if self._has_failed:
            return expected.cause(self.settings)
        if self._is_untried:
            return "it is given up without an attempt"
        if self._session.lateness.logs_s:
            return "CloudWatch Logs shows a line some seconds after it was written"
        return "Lambda takes it and runs the function"

    def _latest(self, ids: Iterable[str]) -> dict[str, Rows]:
        """Id -> the attempts at it, oldest first; sent twice, those at the latest message."""
        group, largest_batch = self._outputs.LogGroupName, self.settings.batch_size
        table = seen_attempts(self._session, group, self._since, largest_batch)
        if self._since is not None:
            table = table[table["started_at"] >= self._since]
        found: dict[str, Rows] = {one: [] for one in ids}
        for row in table.sort_values("started_at", kind="stable").to_dict("records"):
            for one in found.keys() & {row["order_id"], row["message_id"]}:
                found[one].append(row)
        return {one: _of_latest(rows) for one, rows in found.items()}

    def _outlook(self, rows: Rows) -> Outlook:
        return expected.outlook(rows, self.settings, self._started_at)

    def _certain(self, moved: dict[str, Outlook], now: pd.Timestamp) -> list[str]:
        """Those that are given up and have arrived: counts rose by them, or had the time to."""
        slack = timedelta(seconds=self._session.lateness.counts_s + _POLLER_S)
        due = {one: out for one, out in moved.items() if out.next_at is None or now >= out.next_at}
        if self.settings.failure_target is None:
            return list(due)
        long_ago = [one for one, out in due.items() if out.end_at and now >= out.end_at + slack]
        recent = {one: out for one, out in due.items() if one not in long_ago}
        if not recent:
            return long_ago
        counted = self._counted()
        # What had to be there when the wait began was counted then.
        new = [one for one, out in recent.items() if out.next_at and out.next_at > self._started_at]
        has_come = counted >= len(recent) and counted - self._before >= len(new)
        return list(due) if has_come else long_ago

    def _may_have_ended(self, now: pd.Timestamp) -> bool:
        """Whether a message of which no attempt is seen may lie where failed ones end."""
        late_s = self.settings.batching_window_s + self._session.lateness.longest_s
        is_late = self._looks > 0 and now >= self._started_at + timedelta(seconds=late_s)
        # Counts that are late rise by what others sent before: not so soon by what we did.
        soonest_s = 0.0 if self.settings.source == "async" else expected.left_s(0, self.settings)
        is_soon = now < self._started_at + timedelta(seconds=soonest_s)
        return is_late or (not is_soon and self._counted() > self._before)

    def _counted(self) -> int:
        urls = self._outputs.failure_queues.values()
        return sum(queues.counts(self._session, url).visible for url in urls)

    def _in_the_end_queues(self, unseen: list[str]) -> dict[str, str]:
        """Id -> message id of those that lie in a queue of failed messages, though none is seen."""
        found: dict[str, str] = {}
        for name, url in self._outputs.failure_queues.items():
            table = arrivals_table({name: queues.look_again(self._session, url)})
            table = table[table["reason"] != SUCCESS]
            for column in ("order_id", "message_id", "queue_message_id"):
                ours = table[table[column].isin(unseen)]
                found |= dict(zip(ours[column], ours["message_id"], strict=True))
                # Where it is written when it came, it does not matter when that was seen.
                seconds = (ours["arrived_at"] - ours["sent_at"]).dt.total_seconds()
                told = zip(ours[column], seconds, strict=True)
                self._took_s |= {one: took_s for one, took_s in told if pd.notna(took_s)}
        return found


def _failed(tried: Mapping[str, Rows]) -> bool:
    """Whether an attempt at any of them has failed."""
    return any(row["outcome"] not in ("ok", *OPEN) for rows in tried.values() for row in rows)


def _of_latest(rows: Rows) -> Rows:
    return [row for row in rows if row["message_id"] == rows[-1]["message_id"]]
