"""How often a function ran already in a chain of events that trigger each other. Pure.

Lambda carries it in the `Lineage` of the X-Ray trace header, which SQS and SNS pass on.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
"""

import hashlib
import re
import uuid

_KEY = "Lineage="

_PRINTABLE = re.compile(r"[ -~]+")
_COUNT = re.compile(r"[0-9]{1,9}")


def runs_in_chain(trace_header: str | None, function_arn: str) -> int:
    """How often the function ran before in the header's chain; 0 for an unknown header."""
    runs = _runs(trace_header)
    return runs.get(_digest(function_arn), 0) if runs else 0


def trace_of(trace_header: str | None, now_s: float) -> str:
    """The trace that a request belongs to: the one it names, or a new one."""
    return ";".join(_parts(trace_header) or _new_trace(now_s))


def next_header(trace_header: str | None, function_arn: str, now_s: float) -> str:
    """The trace header for a run of the function: the one given, this run added.

    Without a header a new trace begins.
    """
    runs = _runs(trace_header)
    runs[_digest(function_arn)] = runs.get(_digest(function_arn), 0) + 1
    base = [part for part in _parts(trace_header) if not part.startswith(_KEY)]
    lineage = "|".join(f"1:{digest}:{count}" for digest, count in runs.items())
    return ";".join([*(base or _new_trace(now_s)), _KEY + lineage])


def _parts(trace_header: str | None) -> list[str]:
    """What there is to pass on: senders may write anything, and it ends in an HTTP header."""
    return [part for part in (trace_header or "").split(";") if _PRINTABLE.fullmatch(part)]


def _runs(trace_header: str | None) -> dict[str, int]:
    runs: dict[str, int] = {}
    for part in _parts(trace_header):
        if part.startswith(_KEY):
            for entry in part.removeprefix(_KEY).split("|"):
                fields = entry.split(":")
                if len(fields) == 3 and _COUNT.fullmatch(fields[2]):
                    runs[fields[1]] = int(fields[2])
    return runs


def _digest(function_arn: str) -> str:
    return hashlib.sha256(function_arn.encode()).hexdigest()[:8]


def _new_trace(now_s: float) -> list[str]:
    root = f"Root=1-{int(now_s):08x}-{uuid.uuid4().hex[:24]}"
    return [root, f"Parent={uuid.uuid4().hex[:16]}", "Sampled=0"]
