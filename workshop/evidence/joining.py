"""Which invocation each log line belongs to. Pure pandas.

By request id where a line carries one, because CloudWatch Logs shows lines late and in late order:
a line's place among the lines that can be seen says little. A line without an id (a plain `print`,
an unhandled error of the Text format) belongs to the invocation in whose window it was written,
from its START to the next START of the same log stream: an environment runs one at a time.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

Numbers: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"

NONE = -1  # of a line whose invocation cannot be seen yet
# What a handler printed is stamped when it is collected: some milliseconds after REPORT at times.
_AFTER_REPORT_MS = 1_000
# Half of the shortest wait before the same request is tried again: a REPORT that is further from
# the START of its request than its duration is the REPORT of another attempt.
_OTHER_ATTEMPT_MS = 30_000
# Later than any time stamp.
_MOST_MS = 2**43


@dataclass(frozen=True)
class Joined:
    """Invocations in order of log stream and time, and the number of each line's own.

    Attributes:
        of_line: for each line the number of its invocation, or `NONE`.
        start, report: for each invocation the row of that line, or `NONE` where it is not seen yet.
        begins_ms: when each started: START's time stamp, or REPORT's less the duration.
        is_over: whether a line shows that it ended: its REPORT, its END or another START after it.
    """

    of_line: Numbers
    start: Numbers
    report: Numbers
    begins_ms: Numbers
    is_over: "np.ndarray[Any, np.dtype[np.bool_]]"


def join(
    kinds: "pd.Series[Any]",
    streams: Numbers,
    times_ms: Numbers,
    request_ids: "pd.Series[Any]",
    durations_ms: "pd.Series[Any]",
) -> Joined:
    """Join lines to invocations.

    Args:
        kinds: start, report, end, init or anything else.
        streams: the log stream's number.
        times_ms: the time stamp; the lines are in order of stream and time.
        request_ids: missing where a line carries none.
        durations_ms: of REPORT lines.
    """
    names = pd.MultiIndex.from_arrays([streams, request_ids.fillna("")])
    # The same request can be tried in two environments: its id counts within a stream.
    ids = np.where(request_ids.isna(), NONE, pd.factorize(names)[0])
    starts = np.flatnonzero(kinds == "start")
    reports = np.flatnonzero(kinds == "report")
    took_ms = durations_ms.iloc[reports].astype("float64").fillna(0.0).to_numpy()
    began_ms = times_ms[reports] - np.ceil(took_ms).astype(np.int64)
    found = _last_before(ids[starts], times_ms[starts], ids[reports], times_ms[reports])
    is_far = np.abs(began_ms - times_ms[starts][found]) > _OTHER_ATTEMPT_MS if len(starts) else True
    found = np.where((found == NONE) | is_far, NONE, found)
    taken = pd.Series(found).duplicated().to_numpy()
    found = np.where(taken, NONE, found)
    orphans = found == NONE
    start = np.concatenate([starts, np.full(orphans.sum(), NONE)])
    report = np.full(len(starts), NONE)
    report[found[~orphans]] = reports[~orphans]
    report = np.concatenate([report, reports[orphans]])
    begins_ms = np.concatenate([times_ms[starts], began_ms[orphans]])
    own = np.where(start == NONE, report, start)
    # Stable, so that invocations of one moment stay in the order of their lines.
    order = np.lexsort((begins_ms, streams[own]))
    start, report, begins_ms, own = start[order], report[order], begins_ms[order], own[order]
    return _StreamLines(kinds, streams, times_ms, ids).joined(start, report, begins_ms, own)


def _last_before(
    groups: Numbers, times_ms: Numbers, of_groups: Numbers, at_ms: Numbers, side: Any = "right"
) -> Numbers:
    """For each (group, time) the index of the group's last entry up to then, or `NONE`."""
    if not len(groups) or not len(of_groups):
        return np.full(len(of_groups), NONE)
    first_ms = min(times_ms.min(), at_ms.min())
    span_ms = max(times_ms.max(), at_ms.max()) - first_ms + 1
    keys = groups * span_ms + (times_ms - first_ms)
    order = np.argsort(keys, kind="stable")
    index = np.searchsorted(keys[order], of_groups * span_ms + (at_ms - first_ms), side=side) - 1
    found = order[np.maximum(index, 0)]
    return np.where((index >= 0) & (groups[found] == of_groups), found, NONE)


@dataclass(frozen=True)
class _StreamLines:
    """The lines that are joined."""

    kinds: "pd.Series[Any]"
    streams: Numbers
    times_ms: Numbers
    ids: Numbers

    def joined(self, start: Numbers, report: Numbers, begins_ms: Numbers, own: Numbers) -> Joined:
        """Each line with its invocation; `own` is a line of each that certainly is its own."""
        numbers = np.arange(len(own))
        following = np.full(len(own), NONE)
        if len(own):
            same = self.streams[own][1:] == self.streams[own][:-1]
            following[:-1] = np.where(same, numbers[1:], NONE)
        by_id = self._by_id(begins_ms, own, report)
        of_line = np.where(
            self.ids == NONE, self._by_window(begins_ms, own, report, following), by_id
        )
        for rows in (start, report):
            of_line[rows[rows != NONE]] = numbers[rows != NONE]
        is_over = (report != NONE) | (following != NONE)
        ended = of_line[np.flatnonzero(self.kinds == "end")]
        is_over[ended[ended != NONE]] = True
        return Joined(of_line, start, report, begins_ms, is_over)

    def _by_id(self, begins_ms: Numbers, own: Numbers, report: Numbers) -> Numbers:
        """The last invocation of the line's request that had begun, and was not over for long."""
        rows = np.flatnonzero(self.ids != NONE)
        at_ms = self.times_ms[rows]
        found = _last_before(self.ids[own], begins_ms, self.ids[rows], at_ms)
        late = self._late_ms(found, at_ms, report)
        found = np.where(late > _AFTER_REPORT_MS, NONE, found)
        # Two clocks stamp START and what the handler prints: allow for a line just before it.
        soon = _last_before(self.ids[own], begins_ms, self.ids[rows], at_ms + _AFTER_REPORT_MS)
        of_line = np.full(len(self.ids), NONE)
        of_line[rows] = np.where(found == NONE, soon, found)
        again = self._late_ms(of_line[rows], at_ms, report) > _AFTER_REPORT_MS
        of_line[rows[again]] = NONE
        return of_line

    def _by_window(
        self, begins_ms: Numbers, own: Numbers, report: Numbers, following: Numbers
    ) -> Numbers:
        """The invocation from whose START to the next START of the stream the line was written."""
        if not len(own):
            return np.full(len(self.ids), NONE)
        streams = self.streams[own]
        found = _last_before(streams, begins_ms, self.streams, self.times_ms)
        first = np.searchsorted(streams, self.streams)
        has_any = (first < len(own)) & (streams[np.minimum(first, len(own) - 1)] == self.streams)
        before = found == NONE
        late_ms = np.where(before, _MOST_MS, self._late_ms(found, self.times_ms, report))
        after = np.where(before, np.where(has_any, first, NONE), following[found])
        begins_next_ms = np.where(after == NONE, _MOST_MS, begins_ms[after])
        is_nearer = begins_next_ms - self.times_ms <= late_ms
        # An environment that initialises, or does so again, writes before START, an error as well.
        moves = self._initialises(begins_next_ms) & (late_ms > 0)
        # Nobody else writes between two invocations, but for what is stamped late: so a line there
        # is one of an invocation that is not seen yet. Not so close to START: two clocks stamp.
        close = np.where(self.kinds == "error", 0, _AFTER_REPORT_MS)
        moves |= (late_ms > _AFTER_REPORT_MS) & (begins_next_ms - self.times_ms <= close)
        lost = late_ms > _AFTER_REPORT_MS
        stays = np.where(lost, NONE, found)
        return np.where(moves & is_nearer & (after != NONE), after, stays)

    def _late_ms(self, found: Numbers, at_ms: Numbers, report: Numbers) -> Numbers:
        """How long after the REPORT of its invocation each line was written; 0: not after it."""
        row = np.where(found == NONE, NONE, report[found] if len(report) else NONE)
        return np.where(row == NONE, 0, np.maximum(at_ms - self.times_ms[row], 0))

    def _initialises(self, until_ms: Numbers) -> "np.ndarray[Any, np.dtype[np.bool_]]":
        """Whether the line's environment tells of its initialisation from then until a moment."""
        inits = np.flatnonzero(self.kinds == "init")
        streams, times_ms = self.streams[inits], self.times_ms[inits]
        # Of the init lines up to that moment, is the last one no earlier than the line?
        until_ms = np.minimum(until_ms, self.times_ms.max())
        last = _last_before(streams, times_ms, self.streams, until_ms)
        is_later = np.zeros(len(last), dtype=np.bool_)
        known = last != NONE
        is_later[known] = times_ms[last[known]] >= self.times_ms[known]
        return is_later
