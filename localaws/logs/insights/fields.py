"""Fields that CloudWatch Logs finds in events by itself: Lambda's own, and JSON's.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from localaws.logs.insights.values import Measured, Value
from localaws.logs.limits import MAX_DISCOVERED_FIELDS

LAMBDA_GROUPS = "/aws/lambda/"

_PLATFORM = re.compile(r"(START|END|REPORT) RequestId: ([0-9a-f-]{36})")
_REPORT_PART = re.compile(r"\t([A-Z][A-Za-z ]+): ([\d.]+) (?:ms|MB)")
_TRACE = re.compile(r"\t?XRAY TraceId: (\S+)\tSegmentId: (\S+)")
_REQUEST_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DECODER = json.JSONDecoder()

# Parts of a REPORT line: the field's name, and the bytes or milliseconds of one unit.
_MEASURES: Mapping[str, tuple[str, float]] = {
    "Duration": ("@duration", 1.0),
    "Billed Duration": ("@billedDuration", 1.0),
    "Init Duration": ("@initDuration", 1.0),
    "Memory Size": ("@memorySize", 1e6),
    "Max Memory Used": ("@maxMemoryUsed", 1e6),
}


def lambda_fields(message: str) -> dict[str, Value]:
    """The fields of one line of a function's log in Text format."""
    if message[:1] in "SER" and (match := _PLATFORM.match(message)):
        kind, request_id = match.groups()
        fields: dict[str, Value] = {"@type": kind, "@requestId": request_id}
        return fields | _report_fields(message) if kind == "REPORT" else fields
    # `[INFO]\t<time>\t<request id>\t...` in Python, `<time>\t<request id>\t...` in Node.js.
    if "\t" in message:
        for part in message.split("\t", 3)[:3]:
            if _REQUEST_ID.fullmatch(part):
                return {"@requestId": part}
    return {}


def _report_fields(message: str) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    for name, number in _REPORT_PART.findall(message):
        if name in _MEASURES:
            field, unit = _MEASURES[name]
            fields[field] = Measured(float(number) * unit)
    if trace := _TRACE.search(message):
        fields["@xrayTraceId"], fields["@xraySegmentId"] = trace.groups()
    return fields


def json_fields(message: str, *, embedded: bool) -> dict[str, Value]:
    """The properties of a JSON message, nested ones as `a.b` and `a.0`.

    Args:
        embedded: look for the first JSON object inside of the message too.
    """
    start = message.find("{")
    if start < 0 or (message[:start].strip() and not embedded):
        return {}
    try:
        document, _ = _DECODER.raw_decode(message, start)
    except (ValueError, RecursionError):
        return {}
    fields: dict[str, Value] = {}
    for name, value in _flat(document, ""):
        if len(fields) == MAX_DISCOVERED_FIELDS:
            break
        # A name of its own with an @ is told from CloudWatch's by another one.
        fields[f"@{name}" if name.startswith("@") else name] = value
    return fields


def _flat(value: Any, path: str) -> Iterator[tuple[str, Value]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _flat(inner, f"{path}.{place}")
    elif value is not None:
        yield path, value
