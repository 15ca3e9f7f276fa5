"""Log table -> one row per attempt. Pure pandas, no AWS."""

from typing import Any

import numpy as np
import pandas as pd

from workshop.errors import DataError
from workshop.evidence import joining, log_lines
from workshop.evidence.behind import carrying

COLUMNS = {
    "message_id": "str",
    "order_id": "str",
    "attempt": "Int64",
    "receive_count": "Int64",
    "started_at": "datetime64[ms, UTC]",
    "ended_at": "datetime64[ms, UTC]",
    "duration_ms": "Float64",
    "outcome": "str",
    "error_type": "str",
    "error_message": "str",
    "handler_outcome": "str",
    "batch_size": "Int64",
    "request_id": "str",
    "source": "str",
    "sent_at": "datetime64[ms, UTC]",
    "after_s": "Float64",
    "fault": "str",
    "cold_start": "boolean",
    "log_stream": "str",
}

# Of a message of a FIFO queue; a table carries it along.
_GROUP = "message_group_id"
# What the handler's own line may tell about a record; the rest of the line stays in the log.
_RECORD_FIELDS = (
    "message_id",
    "order_id",
    _GROUP,
    "source",
    "receive_count",
    "sent_at_ms",
    "outcome",
    "fault",
    "error_type",
    "error_message",
)
# What REPORT and the line of an unhandled exception tell -> the column of their invocation.
_REPORTED = {
    "duration_ms": "duration_ms",
    "init_duration_ms": "init_duration_ms",
    "status": "status",
    "error_type": "reported_type",
}
_RAISED = {"error_type": "raised_type", "error_message": "raised_message"}
# One number per invocation: comparing names of log streams would cost more than all the rest.
_INVOCATION = "invocation"
# Lines of the attempt that decide are not seen yet; and the outcomes of attempts without an end.
UNKNOWN = "not known yet"
OPEN = ("running", UNKNOWN)
# What a handler says of a record of its batch that it passed over: received, and no attempt.
NOT_TRIED = "not tried"


def attempts_table(logs: pd.DataFrame) -> pd.DataFrame:
    """One row per attempt at one message.

    Args:
        logs: as `Lab.logs` returns it; Text and JSON log formats, mixed if need be.

    Returns:
        Sorted by `message_id`, then `attempt`. An invocation with a batch of n messages gives n
        rows, less those that the handler says it did not try: these have no attempt, and the table
        carries them along (`behind`). No log events give the same columns without rows.

        ================== ==================== ================================================
        column             dtype                meaning
        ================== ==================== ================================================
        message_id         str                  SQS or SNS message id; the request id when the
                                                function was invoked directly, or when no
                                                attempt came as far as logging it
        order_id           str                  business key in the message, missing when none
        attempt            Int64                1, 2, ... in the order of the logs
        receive_count      Int64                SQS's ApproximateReceiveCount; missing for async
        started_at         datetime64[ms, UTC]  when the invocation started (START; while that is
                                                not seen yet, REPORT less its duration)
        ended_at           datetime64[ms, UTC]  started_at + duration_ms, at the latest REPORT:
                                                after a timeout the next attempt initialises its
                                                environment before START, within its duration;
                                                missing while it runs
        duration_ms        Float64              of the invocation (REPORT)
        outcome            str                  ok, error, timeout, crash, running (START is seen,
                                                and nothing that came after it) or "not known yet"
                                                (it is over, and a line that decides is not seen
                                                yet); a message shares the failure of its batch
        error_type         str                  e.g. ValueError; missing when ok
        error_message      str                  its message; missing when ok
        handler_outcome    str                  ok or error, as the handler logged for this
                                                message; missing when it did not get that far
        batch_size         Int64                messages in the invocation
        request_id         str                  shared by all attempts of an async event
        source             str                  sqs, sns or invoke, as the handler logged; missing
                                                when no attempt at the message got that far
        sent_at            datetime64[ms, UTC]  when the message was sent, missing when not logged
        after_s            Float64              from sent_at to started_at, to a tenth of a second
        fault              str                  the fault the message carried, missing when none
        cold_start         boolean              a new execution environment was made for it
        log_stream         str                  one per execution environment
        ================== ==================== ================================================

    Raises:
        DataError: `logs` lacks one of its columns.
    """
    missing = {"timestamp", "log_stream", "message"} - set(logs.columns)
    if missing:
        raise DataError(f"The log table has no {sorted(missing)}.", "Pass what lab.logs() returns.")
    if logs.empty:
        return empty_attempts()
    lines, invocations = _joined(logs)
    table = invocations.merge(_records(lines), how="left", on=_INVOCATION)
    table = _with_outcome(_with_message(table))
    is_passed = table["handler_outcome"] == NOT_TRIED
    grouped = table.dropna(subset=_GROUP)
    groups = dict(zip(grouped["message_id"], grouped[_GROUP].astype(str), strict=True))
    attempts = _finished(table[~is_passed])
    # Mostly there is none, and to finish no rows costs as much as to finish some.
    not_tried = _finished(table[is_passed]) if is_passed.any() else attempts.iloc[:0]
    nameless = attempts[attempts["order_id"].isna()]
    return carrying(attempts, logs=logs, not_tried=not_tried, nameless=nameless, groups=groups)


def empty_attempts() -> pd.DataFrame:
    """The attempts table without rows."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in COLUMNS.items()})


def lines_by_invocation(logs: pd.DataFrame) -> dict[tuple[str, int], list[tuple[int, str]]]:
    """The log lines of each invocation.

    Args:
        logs: as `Lab.logs` returns it.

    Returns:
        (log stream, its start in milliseconds) -> (time stamp in milliseconds, line) in order.
    """
    if logs.empty:
        return {}
    lines, invocations = _joined(logs)
    starts_ms = invocations["started_at"].astype("datetime64[ms, UTC]").astype("int64")
    streams = invocations["log_stream"].astype(str)
    keys = list(zip(streams.tolist(), starts_ms.tolist(), strict=True))
    found: dict[tuple[str, int], list[tuple[int, str]]] = {}
    at_ms = lines["timestamp"].astype("datetime64[ms, UTC]").astype("int64")
    for number, ms, line in zip(lines[_INVOCATION], at_ms, lines["message"], strict=True):
        if number != joining.NONE:
            found.setdefault(keys[number], []).append((int(ms), str(line)))
    return found


def _joined(logs: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lines with `kind`, `parsed` (JSON lines) and the number of their invocation; invocations."""
    codes, streams = pd.factorize(logs["log_stream"], sort=True)
    lines = pd.DataFrame({"timestamp": logs["timestamp"].array, "stream": codes})
    lines["message"] = logs["message"].to_numpy(dtype=object)
    # Stable: lines of the same millisecond stay in CloudWatch's order.
    lines = lines.sort_values(["stream", "timestamp"], kind="stable", ignore_index=True)
    kinds = log_lines.classify(lines["message"])
    is_json = kinds == "json"
    parsed = log_lines.parse_json(lines.loc[is_json, "message"])
    kinds[is_json] = pd.Series([log_lines.json_kind(line) for line in parsed], dtype=object).array
    lines["kind"], lines["parsed"] = kinds, parsed
    lines["request_id"] = log_lines.request_ids(lines)
    reported = log_lines.reports(*_split(lines, "report")[1:])
    found = joining.join(
        kinds,
        lines["stream"].to_numpy(dtype=np.int64),
        np.asarray(lines["timestamp"].astype("datetime64[ms, UTC]").astype("int64"), np.int64),
        lines["request_id"],
        reported["duration_ms"].reindex(lines.index),
    )
    lines[_INVOCATION] = found.of_line
    return lines, _invocations(lines, found, reported, streams)


def _split(lines: pd.DataFrame, kind: str) -> tuple[pd.DataFrame, Any, Any]:
    """The lines of a kind, and of these the text ones and the parsed JSON ones."""
    chosen = lines[lines["kind"] == kind]
    is_json = chosen["parsed"].notna()
    return chosen, chosen.loc[~is_json, "message"], chosen.loc[is_json, "parsed"]


def _invocations(
    lines: pd.DataFrame, found: joining.Joined, reported: pd.DataFrame, streams: Any
) -> pd.DataFrame:
    """One row per invocation of which START or REPORT can be seen."""
    is_started = found.start != joining.NONE
    own = pd.Series(found.start).where(is_started, found.report).to_numpy()
    table = pd.DataFrame(
        {
            "log_stream": pd.Categorical.from_codes(lines["stream"].to_numpy()[own], streams),
            "started_at": pd.to_datetime(found.begins_ms, unit="ms", utc=True),
            "reported_at": lines["timestamp"].reindex(found.report).array,
            "request_id": lines["request_id"].to_numpy(dtype=object)[own],
            "is_started": is_started,
            "is_over": found.is_over,
            _INVOCATION: range(len(own)),
        }
    )
    raised = log_lines.errors(*_split(lines, "error")[1:])
    # An environment that cannot be initialised reports its error twice: the last one counts.
    raised = raised.sort_index()
    for facts, names in ((reported, _REPORTED), (raised, _RAISED)):
        rows = _last_line(lines[_INVOCATION].reindex(facts.index), len(own))
        for name, column in names.items():
            table[column] = facts[name].reindex(rows).array
    return table


def _last_line(invocation: "pd.Series[int]", count: int) -> Any:
    """For each invocation the last of these lines that is its own, or `NONE`."""
    last = np.full(count, joining.NONE)
    own = invocation[invocation != joining.NONE]
    last[own.to_numpy()] = own.index
    return last


def _records(lines: pd.DataFrame) -> pd.DataFrame:
    """The handler's lines, one row per record and invocation: the last word on each field."""
    chosen = lines[lines["kind"] == "record"]
    parsed = chosen["parsed"].tolist()
    fields = {name: [line.get(name) for line in parsed] for name in _RECORD_FIELDS}
    table = pd.DataFrame(fields, index=chosen.index, dtype=object)
    table = table.rename(columns={"outcome": "handler_outcome"})
    table[_INVOCATION] = chosen[_INVOCATION]
    keys = [_INVOCATION, "message_id"]
    if not table.duplicated(keys).any():
        return table
    return table.groupby(keys, dropna=False, sort=False, as_index=False).last()


def _with_message(table: pd.DataFrame) -> pd.DataFrame:
    """Fill in the message of invocations whose handler could not say which it was."""
    table["batch_size"] = np.bincount(table[_INVOCATION])[table[_INVOCATION]]
    if not table["message_id"].isna().any():
        return table
    # The attempts of an asynchronous event share a request id, so another attempt knows.
    known = table.dropna(subset="message_id").drop_duplicates("request_id").set_index("request_id")
    for column in ("message_id", "order_id", "source", "sent_at_ms", "fault"):
        table[column] = table[column].fillna(table["request_id"].map(known[column]))
    table["message_id"] = table["message_id"].fillna(table["request_id"])
    return table


def _with_outcome(table: pd.DataFrame) -> pd.DataFrame:
    """The outcome of each row, with the error that explains it."""
    raised = table["raised_type"].notna()
    outcome = pd.Series("ok", index=table.index, dtype=object)
    outcome[table["handler_outcome"] == "error"] = "error"
    outcome[raised] = "error"
    outcome[table["status"] == "error"] = "crash"
    outcome[table["status"] == "timeout"] = "timeout"
    # Without START other lines may not be seen yet either, that of an error among them.
    outcome[(outcome == "ok") & ~table["is_started"]] = UNKNOWN
    is_open = table["duration_ms"].isna()
    outcome[is_open] = "running"
    outcome[is_open & table["is_over"]] = UNKNOWN
    table["outcome"] = outcome
    error_type = table["raised_type"].fillna(table["reported_type"]).fillna(table["error_type"])
    message = table["raised_message"].fillna(table["error_message"])
    # "Sandbox.Timedout" is what a caller is answered; the log has the status of REPORT alone.
    timed_out = outcome == "timeout"
    error_type = error_type.mask(timed_out)
    message = message.mask(timed_out, "Status: timeout")
    failed = ~outcome.isin(["ok", *OPEN])
    table["error_type"] = error_type.where(failed)
    table["error_message"] = message.where(failed)
    return table


def _finished(table: pd.DataFrame) -> pd.DataFrame:
    """Attempt numbers, documented columns, dtypes and order."""
    table = table.sort_values(["message_id", "started_at"], kind="stable", ignore_index=True)
    table["attempt"] = table.groupby("message_id").cumcount() + 1
    took = pd.to_timedelta(table["duration_ms"].astype("float64"), unit="ms")
    reported_at = table["reported_at"].mask(table["reported_at"] < table["started_at"])
    is_later = table["started_at"] + took > reported_at
    table["ended_at"] = (table["started_at"] + took).mask(is_later, reported_at)
    sent_ms = pd.to_numeric(table["sent_at_ms"]).astype("float64")
    table["sent_at"] = pd.to_datetime(sent_ms, unit="ms", utc=True)
    # Two services stamp, and a table shows no minus zero.
    table["after_s"] = (table["started_at"] - table["sent_at"]).dt.total_seconds().round(1) + 0.0
    table["cold_start"] = table["init_duration_ms"].notna()
    for name in ("receive_count", "duration_ms"):
        table[name] = pd.to_numeric(table[name])
    return table[list(COLUMNS)].astype(COLUMNS)
