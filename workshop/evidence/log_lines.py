"""What single CloudWatch log lines of a function say. Pure pandas, Text and JSON log formats.

The shapes are AWS's: START and REPORT lines, `[ERROR] Type: message` of an unhandled exception,
`platform.*` events of the JSON format, and the handler's own line, one JSON object per record.
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
"""

import json
import re
from collections.abc import Callable
from typing import Any

import pandas as pd

# One REPORT line holds tab-separated `Name: value` parts; Status and Error Type only when abnormal.
_REPORT_PART = re.compile(r"\t(Duration|Init Duration|Status|Error Type): ([\w.]+)")
_START = "START RequestId: "
_REPORT = "REPORT RequestId: "
_END = "END RequestId: "
_INIT = "INIT_"
# `[ERROR] Type: text` is an unhandled exception; `[ERROR]\t...` is a call of logging.error.
_ERROR = "[ERROR] "
# `[LEVEL]\ttime\trequest id\ttext` is what Python's logging writes in the Text format.
_LOGGED = re.compile(r"\[\w+\]\t[^\t]*\t([0-9a-f-]{36})\t")
# Lambda's own names for it, then those of the handler's line and of Powertools' logger.
_ID_FIELDS = ("requestId", "request_id", "aws_request_id", "AWSRequestId", "function_request_id")

# Events of the platform in the JSON format.
_PLATFORM = {
    "platform.start": "start",
    "platform.runtimeDone": "end",
    "platform.report": "report",
    "platform.initStart": "init",
    "platform.initRuntimeDone": "init",
    "platform.initReport": "init",
}


def classify(messages: "pd.Series[str]") -> "pd.Series[str]":
    """Name each line: start, end, report, init, error, json (to be looked into) or other."""
    # As a list: a column of texts, gone through one by one, costs more than looking at them.
    return pd.Series([_kind(one) for one in messages.tolist()], index=messages.index, dtype=object)


def _kind(message: str) -> str:
    # A plain function over slices: at a million lines this is five times faster than chained
    # `str.startswith` masks.
    first = message[:1]
    if first == "{":
        return "json"
    if first == "S" and message.startswith(_START):
        return "start"
    if first == "R" and message.startswith(_REPORT):
        return "report"
    if first == "E" and message.startswith(_END):
        return "end"
    if first == "[" and message.startswith(_ERROR):
        return "error"
    if first == "I" and message.startswith(_INIT):
        return "init"
    return "other"


def parse_json(messages: "pd.Series[str]") -> "pd.Series[Any]":
    """The JSON lines as dicts; a line that only looks like JSON becomes {}."""
    texts = messages.tolist()
    try:
        # One call for all lines: the usual case, and much faster than one call each.
        values = json.loads("[" + ",".join(texts) + "]")
    except ValueError:
        values = []
    if len(values) != len(texts):
        values = [_loads(text) for text in texts]
    dicts = [value if isinstance(value, dict) else {} for value in values]
    return pd.Series(dicts, index=messages.index, dtype=object)


def _loads(message: str) -> Any:
    try:
        return json.loads(message)
    except ValueError:
        return {}


def json_kind(line: dict[str, Any]) -> str:
    """Name a parsed line: start, end, report, init, error, record (the handler's) or other."""
    if "message_id" in line or "order_id" in line:
        return "record"
    if (kind := _PLATFORM.get(str(line.get("type")))) is not None:
        return kind
    # The managed runtime writes `log_level`, the open-source client `level`. Errors that a handler
    # logs itself carry `logger`; the unhandled one does not.
    level = line.get("log_level", line.get("level"))
    return "error" if level == "ERROR" and "errorType" in line and "logger" not in line else "other"


def request_ids(lines: pd.DataFrame) -> "pd.Series[Any]":
    """The request id that each line carries, missing where it carries none.

    Args:
        lines: `kind`, `message`, and `parsed` for lines of JSON.
    """
    columns = (lines[name].tolist() for name in ("kind", "message", "parsed"))
    found = [_request_id(*line) for line in zip(*columns, strict=True)]
    return pd.Series(found, index=lines.index, dtype=object)


def _request_id(kind: str, message: str, parsed: Any) -> str | None:
    if isinstance(parsed, dict):
        known = [_record(parsed).get("requestId"), *(parsed.get(name) for name in _ID_FIELDS)]
        return next((value for value in known if value and isinstance(value, str)), None)
    if kind in ("start", "end", "report"):
        return message.split(" ", 3)[2].split("\t", 1)[0].strip()
    logged = _LOGGED.match(message) if message[:1] == "[" else None
    return logged[1] if logged else None


def reports(text: "pd.Series[str]", parsed: "pd.Series[Any]") -> pd.DataFrame:
    """REPORT lines -> `duration_ms, init_duration_ms, status, error_type`."""
    columns = ["duration_ms", "init_duration_ms", "status", "error_type"]
    table = _table(columns, (text, _text_report), (parsed, _json_report))
    for name in columns[:2]:
        table[name] = pd.to_numeric(table[name]).astype("Float64")
    return table


def errors(text: "pd.Series[str]", parsed: "pd.Series[Any]") -> pd.DataFrame:
    """Unhandled exceptions -> `error_type, error_message`."""
    return _table(
        ["error_type", "error_message"],
        (text, _text_error),
        (parsed, lambda line: (line.get("errorType"), line.get("errorMessage"))),
    )


def _text_report(line: str) -> tuple[Any, ...]:
    parts = dict(_REPORT_PART.findall(line))
    return tuple(parts.get(name) for name in ("Duration", "Init Duration", "Status", "Error Type"))


def _json_report(line: dict[str, Any]) -> tuple[Any, ...]:
    record, metrics = _record(line), _metrics(line)
    durations = metrics.get("durationMs"), metrics.get("initDurationMs")
    return *durations, record.get("status"), record.get("errorType")


def _text_error(line: str) -> tuple[Any, ...]:
    name, _, message = line[len(_ERROR) :].split("\n", 1)[0].partition(": ")
    return name, message or None


def _record(line: dict[str, Any]) -> dict[str, Any]:
    record = line.get("record")
    return record if isinstance(record, dict) else {}


def _metrics(line: dict[str, Any]) -> dict[str, Any]:
    metrics = _record(line).get("metrics")
    return metrics if isinstance(metrics, dict) else {}


def _table(
    columns: list[str], *parts: "tuple[pd.Series[Any], Callable[[Any], tuple[Any, ...]]]"
) -> pd.DataFrame:
    """The lines of both log formats, each read by its own function, as columns."""
    rows = [read(line) for lines, read in parts for line in lines.tolist()]
    index = parts[0][0].index.append([lines.index for lines, _ in parts[1:]])
    return pd.DataFrame(rows, columns=columns, index=index, dtype=object)
