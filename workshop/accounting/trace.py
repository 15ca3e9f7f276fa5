"""One message's life story, joined from everything that AWS shows."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from workshop import html
from workshop.accounting import insights, story
from workshop.errors import DataError
from workshop.evidence import late_logs
from workshop.evidence.attempts import attempts_table
from workshop.evidence.behind import of_messages
from workshop.evidence.believing import believed
from workshop.lab import Lab

_ARRIVAL_IDS = ("order_id", "message_id", "request_id", "queue_message_id")
_ATTEMPT_IDS = ("order_id", "message_id", "request_id")


@dataclass(frozen=True)
class _Found:
    """What one pattern shows of an id."""

    pattern: str
    log_group: str
    attempts: pd.DataFrame
    arrivals: pd.DataFrame
    lines: pd.DataFrame


class Trace:
    """A life story; shows itself as sentences, then the raw log lines, then the query.

    Attributes:
        pattern: where it happened.
        also_in: the other patterns whose logs know the id; `trace(..., pattern=...)` tells theirs.
        sentences: the story, in order of time, each with the time on AWS's clock and the time
            since the first send; "about" where AWS keeps no time stamp.
        events: the same as a table: `at` (datetime64[ms, UTC]), `after_s` (Float64, seconds since
            the first send), `message_id`, `what`, `detail`.
        attempts: the attempts, as `Lab.attempts` has them.
        arrivals: where it lies, as `Lab.arrivals` has them.
        lines: all log lines of these attempts: `timestamp`, `log_stream`, `message`. An unhandled
            error's line carries no id: only its place between START and REPORT tells whose it is.
        query: the equivalent CloudWatch Logs Insights query; finds the lines that name an id.
    """

    def __init__(self, lab: Lab, some_id: str, found: _Found, also_in: Sequence[str] = ()) -> None:
        self._lab, self._log_group = lab, found.log_group
        self.id, self.pattern, self.also_in = some_id, found.pattern, tuple(also_in)
        self.attempts, self.arrivals, self.lines = found.attempts, found.arrivals, found.lines
        events = story.events_of(
            found.attempts,
            found.arrivals,
            lab.settings(found.pattern),
            lab.session.logs_seen_until(),
        )
        self.sentences = story.sentences(events)
        self.events = story.events_table(events)
        self.query = insights.query_for(self._ids())

    def run_query(self) -> pd.DataFrame:
        """Run `query` on CloudWatch Logs Insights; its rows, all values text."""
        start = self.events["at"].min().to_pydatetime()
        last = [self.events["at"].max(), self.lines["timestamp"].max()]
        end = max(moment for moment in last if pd.notna(moment)).to_pydatetime()
        return insights.run(self._lab, self._log_group, self.query, start, end)

    def _ids(self) -> list[str]:
        ids = [self.id]
        for column in _ATTEMPT_IDS:
            ids += [str(value) for value in self.attempts[column].dropna()]
        return list(dict.fromkeys(ids))

    def __repr__(self) -> str:
        lines = [f"    {line.rstrip()}" for line in self.lines["message"]]
        parts = [f"{self._title()}", *(f"- {told}" for told in self.sentences)]
        parts += [f"Log lines in {self._log_group}:", *lines]
        return "\n".join([*parts, "The same with CloudWatch Logs Insights:", self.query])

    def _title(self) -> str:
        messages = self.events["message_id"].nunique()
        several = f", sent as {messages} messages" if messages > 1 else ""
        others = "".join(f"; {name} knows it too: pattern={name!r}" for name in self.also_in)
        return f"The story of {self.id} in {self.pattern}{several}{others}"

    def _repr_html_(self) -> str:
        raw = "\n".join(
            f"{at:%H:%M:%S}.{at.microsecond // 1000:03d}  {message.rstrip()}"
            for at, message in zip(self.lines["timestamp"], self.lines["message"], strict=True)
        )
        lines = f"{len(self.lines)} log lines in {self._log_group}"
        run = ("The same with CloudWatch Logs Insights (", html.code(".run_query()"), ")")
        return html.joined(
            html.paragraph(html.strong(self._title())),
            html.items(self.sentences, is_ordered=True),
            html.details(lines, html.block(raw)),
            html.details(html.joined(*run), html.block(self.query), is_open=True),
        )


def trace(lab: Lab, some_id: str, *, pattern: str | None = None) -> Trace:
    """Everything that AWS shows about one message, as one story.

    Joins logs, attempts, receives without a log line, and the messages and records in DLQs and
    destinations. Looking into these raises their receive count by one, so only those of the
    pattern are looked into whose log knows the id.

    Args:
        lab: the target.
        some_id: an order id, a message id (SQS or SNS) or a request id.
        pattern: where to look; default the first deployed pattern that knows the id, and the
            others that know it are named.

    Raises:
        DataError: nothing that AWS shows carries this id.
    """
    patterns = [pattern] if pattern else list(lab.deployed())
    seen_until = lab.session.logs_seen_until()
    groups = {name: lab.outputs(name).LogGroupName for name in patterns}
    read = late_logs.logs(lab.session, groups.values())
    logs = {name: read[group] for name, group in groups.items()}
    attempts = {name: attempts_table(logs[name]) for name in patterns}
    if seen_until is not None:
        batches = {name: lab.settings(name).batch_size for name in patterns}
        attempts = {name: believed(attempts[name], seen_until, batches[name]) for name in patterns}
    known = [name for name in patterns if _related(attempts[name], _ATTEMPT_IDS, some_id)]
    for name in known or patterns:
        found = _look(lab, name, some_id, logs[name], attempts[name])
        if len(found.attempts) or len(found.arrivals):
            return Trace(lab, some_id, found, [other for other in known if other != name])
    raise DataError(
        f"No log line, no DLQ and no destination of {', '.join(patterns)} names {some_id!r}.",
        "Look whether it was sent at all, and wait until it was tried: lab.wait_until(...). "
        "A message that nobody has received yet cannot be looked at without receiving it.",
    )


def _look(
    lab: Lab, pattern: str, some_id: str, logs: pd.DataFrame, attempts: pd.DataFrame
) -> _Found:
    arrivals = lab.arrivals(pattern)
    ids = _related(attempts, _ATTEMPT_IDS, some_id) + _related(arrivals, _ARRIVAL_IDS, some_id)
    orders = pd.concat([attempts[["message_id", "order_id"]], arrivals[["message_id", "order_id"]]])
    # A redrive gives the order another message id: that is part of its story too.
    order_ids = orders.loc[orders["message_id"].isin(ids), "order_id"].dropna()
    ids += list(orders.loc[orders["order_id"].isin(order_ids), "message_id"].dropna())
    attempts, arrivals = of_messages(attempts, ids), of_messages(arrivals, ids)
    group = lab.outputs(pattern).LogGroupName
    return _Found(pattern, group, attempts, arrivals, _lines(logs, attempts))


def _related(table: pd.DataFrame, columns: Sequence[str], some_id: str) -> list[str]:
    """The message ids of the rows that carry this id."""
    is_it = (table[list(columns)] == some_id).any(axis=1)
    return list(table.loc[is_it, "message_id"].dropna())


def _lines(logs: pd.DataFrame, attempts: pd.DataFrame) -> pd.DataFrame:
    """All lines of the attempts' invocations, from START to REPORT."""
    picked: Sequence[pd.DataFrame] = [
        logs[
            (logs["log_stream"] == row["log_stream"])
            & (logs["timestamp"] >= row["started_at"])
            & (logs["timestamp"] <= _until(logs, row["log_stream"], row["request_id"]))
        ]
        for row in attempts.to_dict("records")
    ]
    if not picked:
        return logs.iloc[:0]
    lines = pd.concat(picked)
    return lines[~lines.index.duplicated()].sort_values("timestamp", kind="stable")


def _until(logs: pd.DataFrame, log_stream: str, request_id: str) -> pd.Timestamp:
    """When the last line of an invocation was written (its REPORT, or what there is so far)."""
    own = logs[(logs["log_stream"] == log_stream)]
    of_it = own[own["message"].str.contains(request_id, regex=False)]
    return pd.Timestamp(of_it["timestamp"].max())
