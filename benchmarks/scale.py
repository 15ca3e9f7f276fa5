"""`python -m benchmarks.scale`: cost against work, to see that it is linear and memory bounded.

Each number of messages gets an embedded AWS of its own. What it keeps of a message is what AWS
keeps: the log events of its invocations, CloudWatch's points, and itself if it ended in the DLQ.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks import workloads
from benchmarks.endpoints import embedded
from benchmarks.output import show

SIZES = (1_000, 10_000, 100_000)


@dataclass(frozen=True)
class Cost:
    """What a number of mixed messages took.

    Attributes:
        processor_s: of the embedded AWS and its handlers' processes.
        resident_mb: of the embedded AWS, when all was done.
        grown_mb: how much of that came with the messages.
    """

    messages: int
    seconds: float
    processor_s: float
    resident_mb: float
    grown_mb: float


def measure(messages: int) -> Cost:
    """Run the mixed messages once, on a fresh embedded AWS."""
    with embedded() as endpoint:
        workloads.mixed_messages(endpoint, messages=20)  # what the first messages load
        before_mb, before_s = endpoint.resident_mb(), endpoint.processor_s()
        seconds = workloads.mixed_messages(endpoint, messages=messages)
        resident_mb = endpoint.resident_mb()
        processor_s = endpoint.processor_s() - before_s
    return Cost(messages, seconds, processor_s, resident_mb, resident_mb - before_mb)


def report(sizes: Sequence[int], plot: Path | None) -> None:
    """Measure and print each size; draw them if a file is given."""
    show("\n| mixed messages | seconds | processor | ms per message | memory | grown by |")
    show("|---|---|---|---|---|---|")
    costs = []
    for messages in sizes:
        costs.append(cost := measure(messages))
        show(
            f"| {messages:,} | {cost.seconds:.1f} s | {cost.processor_s:.1f} s "
            f"| {1000 * cost.seconds / messages:.2f} | {cost.resident_mb:.0f} MB "
            f"| {cost.grown_mb:.0f} MB |"
        )
    if plot:
        draw(costs).savefig(plot)
        show(f"plot: {plot}")


def draw(costs: Sequence[Cost]) -> Figure:
    """Seconds and megabytes against messages, with lines of exactly proportional growth."""
    figure = Figure(figsize=(9, 4), layout="constrained")
    time_axes, memory_axes = figure.subplots(1, 2)
    sizes = [cost.messages for cost in costs]
    seconds = [cost.seconds for cost in costs]
    _curve(time_axes, sizes, seconds, "by the clock", "#0072b2")
    _curve(time_axes, sizes, [cost.processor_s for cost in costs], "processor", "#d55e00")
    _proportional(time_axes, sizes, seconds[-1])
    time_axes.set_ylabel("seconds, from the first send to the last end")
    memory = [cost.resident_mb for cost in costs]
    grown = [max(cost.grown_mb, 0.1) for cost in costs]
    _curve(memory_axes, sizes, memory, "resident", "#0072b2")
    _curve(memory_axes, sizes, grown, "grown by", "#d55e00")
    _proportional(memory_axes, sizes, grown[-1])
    memory_axes.set_ylabel("MB of the embedded AWS")
    for axes in (time_axes, memory_axes):
        axes.set_xlabel("messages (90 % good, 5 % flaky, 5 % bad)")
        axes.legend()
    return figure


def _curve(axes: Axes, x: Sequence[float], y: Sequence[float], label: str, color: str) -> None:
    axes.loglog(x, y, "o-", color=color, label=label)


def _proportional(axes: Axes, sizes: Sequence[int], last: float) -> None:
    line = [last * size / sizes[-1] for size in sizes]
    axes.loglog(sizes, line, "--", color="#999999", label="in proportion to the last")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="largest number of messages")
    parser.add_argument("--plot", type=Path, help="write the picture to this PNG file")
    options = parser.parse_args()
    report([size for size in SIZES if size <= options.most], options.plot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
