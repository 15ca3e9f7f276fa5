"""`python -m benchmarks.tables`: 1,000,000 log events become the attempts table.

Wanted: under 5 s and 1.5 GB, and linear: the seconds per event of the largest run are those of the
smallest.
"""

import argparse
import json
import resource
import sys
import time

import pandas as pd

from benchmarks.output import show
from workshop.evidence.attempts import attempts_table

_EVENTS_PER_INVOCATION = 5
_START_MS = 1_700_000_000_000
_ENVIRONMENTS = 50
_TIMES = 3
WANTED_S, WANTED_MB, WANTED_RATIO = 5.0, 1536, 1.5


def log_table(events: int) -> pd.DataFrame:
    """The log of a function that fails: START, its own line, the error, END, REPORT."""
    rows = [
        line for number in range(events // _EVENTS_PER_INVOCATION) for line in _invocation(number)
    ]
    table = pd.DataFrame(rows, columns=["timestamp", "log_stream", "message"])
    table["timestamp"] = pd.to_datetime(table["timestamp"], unit="ms", utc=True)
    return table


def _invocation(number: int) -> list[tuple[int, str, str]]:
    request_id = f"{number:08x}-0000-4000-8000-000000000000"
    order = number // 3
    record = {
        "record": 0,
        "source": "sqs",
        "message_id": f"{order:08x}-1111-4000-8000-000000000000",
        "sent_at_ms": _START_MS + order,
        "receive_count": number % 3 + 1,
        "attempt": number % 3 + 1,
        "request_id": request_id,
        "order_id": f"A-{order}",
        "fault": None,
        "outcome": "error",
        "error_type": "OrderRejectedError",
        "error_message": f"order A-{order} says pass: false",
    }
    stream = f"2026/11/01/[$LATEST]{number % _ENVIRONMENTS:032x}"
    report = "Duration: 3.21 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB"
    lines = (
        f"START RequestId: {request_id} Version: 1\n",
        json.dumps(record) + "\n",
        f"[ERROR] OrderRejectedError: order A-{order} says pass: false\nTraceback ...\n",
        f"END RequestId: {request_id}\n",
        f"REPORT RequestId: {request_id}\t{report}\t\n",
    )
    return [(_START_MS + 20 * number + i, stream, line) for i, line in enumerate(lines)]


def seconds(table: pd.DataFrame) -> float:
    """How long the attempts table takes: processor time of this one thread, the best of three.

    On a machine that nothing else uses, that is the time by the clock.
    """
    taken = []
    for _ in range(_TIMES):
        started_s = time.process_time()
        attempts = attempts_table(table)
        taken.append(time.process_time() - started_s)
        assert len(attempts) == len(table) // _EVENTS_PER_INVOCATION
    return min(taken)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tables", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    largest = parser.parse_args().events
    show("| events | seconds | microseconds per event | peak memory |\n|---|---|---|---|")
    each = []
    for events in (largest // 4, largest // 2, largest):
        taken_s = seconds(log_table(events))
        each.append(1e6 * taken_s / events)
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        show(f"| {events:,} | {taken_s:.2f} | {each[-1]:.2f} | {peak_mb:.0f} MB |")
    is_good = taken_s < WANTED_S and peak_mb < WANTED_MB and each[-1] < WANTED_RATIO * each[0]
    show(f"wanted: {WANTED_S:g} s, {WANTED_MB} MB, linear: {'yes' if is_good else 'NO'}")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
