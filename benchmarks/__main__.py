"""`python -m benchmarks`: the embedded AWS beside ministack; medians and their ratio.

Absolute times depend on the machine; the ratios were measured on it in the same run. `processor`
is what the embedded AWS and its handlers' processes computed: on a machine that others use too,
it says more than the time by the clock.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import scale, workloads
from benchmarks.endpoints import MeasuredAws, embedded, ministack, prepare
from benchmarks.output import show

START_WANTED_S = 0.8


@dataclass(frozen=True)
class Benchmark:
    """A workload, and its line of the table.

    Attributes:
        wanted_s: how long it may take on a machine with two cores that nobody else uses.
        beside: it is measured on ministack too, which waits in real time.
    """

    title: str
    wanted_s: float
    run: Callable[[MeasuredAws], float]
    beside: bool = True


BENCHMARKS = (
    Benchmark(
        "200 bad messages to the DLQ (3 receives, visibility 1 s)",
        0.5,
        lambda e: workloads.bad_messages_to_dlq(e, messages=200, receives=3, visibility_s=1),
    ),
    Benchmark(
        "the same with visibility 30 s and 6 receives (150 s of AWS time)",
        1.0,
        lambda e: workloads.bad_messages_to_dlq(e, messages=200, receives=6, visibility_s=30),
        beside=False,
    ),
    Benchmark(
        "2,000 good messages in batches of 10",
        1.5,
        lambda e: workloads.good_messages(e, messages=2000),
    ),
    Benchmark(
        "one asynchronous failure, accepted to record (180 s of AWS time)",
        0.3,
        workloads.asynchronous_failure,
    ),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each workload (default 3)")
    parser.add_argument(
        "--plot", type=Path, help="draw cost against work, too, into this PNG file (some minutes)"
    )
    options = parser.parse_args()
    # A start is measured as people meet it, with the modules compiled by an earlier one.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    prepare()
    show("| work | embedded | processor | ministack | ratio | wanted |\n|---|---|---|---|---|---|")
    _compare_starts(options.runs)
    with embedded() as ours, ministack() as theirs:
        memory = f"{ours.resident_mb():.0f} MB | - | {theirs.resident_mb():.0f} MB"
        ratio = ours.resident_mb() / theirs.resident_mb()
        show(f"| resident memory after the start | {memory} | {ratio:.2f} | - |")
        for benchmark in BENCHMARKS:
            _compare(benchmark, ours, theirs, options.runs)
        show(f"\nresident memory at the end: {ours.resident_mb():.0f} MB")
    if options.plot:
        scale.report(scale.SIZES, options.plot)
    return 0


def _compare_starts(runs: int) -> None:
    for opened in (embedded, ministack):  # Compiles modules, and warms the file cache.
        _start(opened)
    ours = statistics.median_low(_start(embedded) for _ in range(runs))
    theirs = statistics.median_low(_start(ministack) for _ in range(runs))
    _line("start to first answer", ours, theirs[0], START_WANTED_S)


def _start(opened: Callable[[], AbstractContextManager[MeasuredAws]]) -> tuple[float, float]:
    """Seconds, and those of the processor, from nothing to the first answer."""
    started_s = time.perf_counter()
    with opened() as endpoint:
        endpoint.client("sts").get_caller_identity()
        return time.perf_counter() - started_s, endpoint.processor_s()


def _compare(benchmark: Benchmark, ours: MeasuredAws, theirs: MeasuredAws, runs: int) -> None:
    # Once for the peer: its waits are real, and a median of three would add minutes, no insight.
    theirs_s = benchmark.run(theirs) if benchmark.beside else None
    measured = statistics.median_low(_measured(benchmark, ours) for _ in range(runs))
    _line(benchmark.title, measured, theirs_s, benchmark.wanted_s)


def _measured(benchmark: Benchmark, endpoint: MeasuredAws) -> tuple[float, float]:
    """Seconds, and those of the processor with the set-up of the workload."""
    before_s = endpoint.processor_s()
    return benchmark.run(endpoint), endpoint.processor_s() - before_s


def _line(title: str, ours: tuple[float, float], theirs_s: float | None, wanted_s: float) -> None:
    seconds, processor_s = ours
    peer = f"{theirs_s:.2f} s" if theirs_s else "waits in real time"
    ratio = f"{seconds / theirs_s:.3f}" if theirs_s else "-"
    wanted = f"<= {wanted_s} s: {'yes' if seconds <= wanted_s else 'NO'}"
    show(f"| {title} | {seconds:.2f} s | {processor_s:.2f} s | {peer} | {ratio} | {wanted} |")


if __name__ == "__main__":
    sys.exit(main())
