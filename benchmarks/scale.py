"""`python -m benchmarks.scale`: cost against work, to see that it is linear and memory bounded."""

import argparse
import sys
from pathlib import Path

from matplotlib.figure import Figure

from . import workloads
from .endpoints import embedded

SIZES = (1_000, 10_000, 100_000)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="largest number of messages")
    parser.add_argument("--plot", type=Path, help="write the picture to this PNG file")
    options = parser.parse_args()
    sizes = [size for size in SIZES if size <= options.most]
    durations_s = []
    with embedded() as endpoint:
        _print("| messages | seconds | ms per message | resident MB |\n|---|---|---|---|")
        for size in sizes:
            duration_s = workloads.mixed_messages(endpoint, messages=size)
            durations_s.append(duration_s)
            per_message_ms = duration_s * 1000 / size
            _print(
                f"| {size:,} | {duration_s:.1f} | {per_message_ms:.2f} "
                f"| {endpoint.resident_mb():.0f} |"
            )
    if options.plot:
        _plot(sizes, durations_s).savefig(options.plot)
        _print(f"plot: {options.plot}")
    return 0


def _plot(sizes: list[int], durations_s: list[float]) -> Figure:
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    axes.loglog(sizes, durations_s, "o-", color="#0072b2", label="measured")
    linear_s = [durations_s[0] * size / sizes[0] for size in sizes]
    axes.loglog(sizes, linear_s, "--", color="#999999", label="in proportion to the first")
    axes.set_xlabel("messages (90 % good, 5 % flaky, 5 % bad)")
    axes.set_ylabel("seconds, from the first send to the last end")
    axes.legend()
    return figure


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
