"""`python -m benchmarks`: the embedded AWS beside ministack; medians and their ratio.

Absolute times depend on the machine; the ratios were measured on it in the same run.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from . import workloads
from .endpoints import Endpoint, embedded, ministack


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    title: str
    wanted: str
    run: Callable[[Endpoint], float]
    beside: bool = True


ROWS = (
    Row(
        "200 bad messages to the DLQ (3 receives, visibility 1 s)",
        "< 1 s",
        lambda e: workloads.bad_messages_to_dlq(e, messages=200, receives=3, visibility_s=1),
    ),
    Row(
        "the same with visibility 30 s and 6 receives (150 s of AWS time)",
        "<= 1 s",
        lambda e: workloads.bad_messages_to_dlq(e, messages=200, receives=6, visibility_s=30),
        beside=False,
    ),
    Row(
        "2,000 good messages in batches of 10",
        "no slower",
        lambda e: workloads.good_messages(e, messages=2000),
    ),
    Row(
        "one asynchronous failure, accepted to record (180 s of AWS time)",
        "< 1 s",
        workloads.asynchronous_failure,
    ),
)


@contextmanager
def _timed(open_endpoint: Callable[[], AbstractContextManager[Endpoint]]) -> Iterator[Endpoint]:
    """The endpoint, with its time from start to first answer printed."""
    started_s = time.perf_counter()
    with open_endpoint() as endpoint:
        endpoint.client("sts").get_caller_identity()
        _print(f"{endpoint.name}: start to first answer {time.perf_counter() - started_s:.2f} s")
        yield endpoint


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each workload (default 3)")
    runs = parser.parse_args().runs
    with _timed(embedded) as ours, _timed(ministack) as theirs:
        _print(f"resident memory: {ours.resident_mb():.0f} MB beside {theirs.resident_mb():.0f} MB")
        _print("\n| work | embedded | ministack | ratio | wanted |\n|---|---|---|---|---|")
        for row in ROWS:
            ours_s = statistics.median(row.run(ours) for _ in range(runs))
            theirs_s = _beside(row, theirs)
            ratio = f"{ours_s / theirs_s:.3f}" if theirs_s else "-"
            shown = f"{theirs_s:.2f} s" if theirs_s else "waits in real time"
            _print(f"| {row.title} | {ours_s:.2f} s | {shown} | {ratio} | {row.wanted} |")
        _print(f"\nresident memory at the end: {ours.resident_mb():.0f} MB")
    return 0


def _beside(row: Row, endpoint: Endpoint) -> float | None:
    # Once: the peer's waits are real, and a median of three would add minutes and no insight.
    return row.run(endpoint) if row.beside else None


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
