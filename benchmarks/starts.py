"""`python -m benchmarks.starts`: from nothing to the first figure, cold and warm, step by step.

Warm is what a person meets every day: packages, templates and byte code are there. Each run has a
folder of its own, so an embedded AWS of its own: the first notebook starts it, the second one finds
it. `processor` is what the process itself computed (`lab`: with all that it started): on a machine
that others use, it says more than the time by the clock. `--cold` measures a fresh copy of the
project, too, with its packages from wherever pip finds them; `--busy` gives all of it one core that
another program uses as well.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil  # type: ignore[import-untyped]

from benchmarks.fresh_copy import copied, told_by
from benchmarks.output import show
from workshop.cli.jupyter import jupyter_environment
from workshop.cli.prepare import compile_modules
from workshop.stacks import cloud_assembly
from workshop.target.folders import HOME_VARIABLE, PROJECT, STATE
from workshop.target.target import Target

# Seconds by the clock, and of the processor, where that is known.
Taken = tuple[float, float]
Steps = dict[str, Taken]

# Step -> how long it may take on a machine with two cores that nobody else uses.
WANTED_S = {
    "JupyterLab answers, patterns deployed": 5.0,
    "connect() to an AWS that runs": 1.0,
    "first figure": 1.0,
    "fresh copy to first figure": 60.0,
}
_COMMAND_LIMIT_S = 900
# A notebook's first cells, each with what it took; the waits between them are skipped by the clock.
_NOTEBOOK = """
import json, time
began = time.perf_counter(), 0.0
def step(name):
    global began
    now = time.perf_counter(), time.process_time()
    print(json.dumps([name, now[0] - began[0], now[1] - began[1]]), flush=True)
    began = now
import workshop
workshop.connect
step("import workshop")
lab = workshop.connect()
step("connect()")
panel = workshop.send_panel(lab, "SqsDlq")
panel.send("bad", 1)
lab.wait_for_end("SqsDlq", [one["order_id"] for one in panel.sent])
step("a bad order, sent and waited for")
attempts, arrivals = lab.attempts("SqsDlq"), lab.arrivals("SqsDlq")
step("attempts and arrivals")
workshop.timeline(attempts, arrivals, settings=lab.settings("SqsDlq"))._repr_html_()
step("first figure")
import sys; sys.stdin.read()
"""


def main() -> int:
    """Measure, and show each step's seconds and share."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3, help="runs, of which medians are shown")
    parser.add_argument("--cold", action="store_true", help="a fresh copy as well: minutes")
    parser.add_argument("--busy", action="store_true", help="on one core, with another program")
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    cloud_assembly.synthesized(Target(), PROJECT, lambda _: None)
    compile_modules(lambda _: None)
    show(f"load of this machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    show("| start | step | seconds | share | processor | wanted |\n|---|---|---|---|---|---|")
    with _busy_core() if options.busy else nullcontext():
        runs = [_warm() for _ in range(options.runs)]
        for start in runs[0]:
            _show(
                start,
                {step: _median([run[start][step] for run in runs]) for step in runs[0][start]},
            )
        if options.cold:
            _show("cold", _cold())
    return 0


def _median(taken: Sequence[Taken]) -> Taken:
    return statistics.median_low(taken)


def _show(start: str, steps: Steps) -> None:
    whole_s, processor_s = (sum(taken[one] for taken in steps.values()) for one in (0, 1))
    total = "fresh copy to first figure" if start == "cold" else "all of it"
    for step, (seconds, computed_s) in [*steps.items(), (total, (whole_s, processor_s))]:
        told = [
            f"{seconds:.2f}",
            f"{seconds / whole_s:.0%}",
            f"{computed_s:.2f}" if computed_s else "",
        ]
        show(f"| {start} | {step} | {' | '.join(told)} | {_wanted(start, step, seconds)} |")


def _wanted(start: str, step: str, seconds: float) -> str:
    key = (
        "connect() to an AWS that runs"
        if (start, step) == ("second notebook", "connect()")
        else step
    )
    limit_s = WANTED_S.get(key)
    return "" if limit_s is None else f"<= {limit_s:g} s: {'yes' if seconds <= limit_s else 'NO'}"


def _warm() -> dict[str, Steps]:
    """The steps of three starts, in a folder of nobody's."""
    with TemporaryDirectory() as home:
        variables = {**jupyter_environment(), HOME_VARIABLE: home}
        with (
            _notebook([sys.executable, "-P"], variables) as first,
            _notebook([sys.executable, "-P"], variables) as second,
        ):
            found = {"first notebook": first, "second notebook": second}
        _end_embedded(Path(home))
    with TemporaryDirectory() as home:
        return {"lab": _lab({**os.environ, HOME_VARIABLE: home}), **found}


def _lab(variables: Mapping[str, str]) -> Steps:
    """What `lab` says while it starts, until JupyterLab answers."""
    command = [sys.executable, "-P", "-m", "workshop", "lab", "--no-browser", "--port", "0"]
    began_s, steps = time.perf_counter(), Steps()
    with subprocess.Popen(
        command, env=dict(variables), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as lab:
        assert lab.stdout is not None
        for line in lab.stdout:
            if not steps:
                steps["first line"] = time.perf_counter() - began_s, _computed_s(lab.pid)
            if "http://127.0.0.1" in line:
                break
        first_s, first_computed_s = steps["first line"]
        steps["JupyterLab answers, patterns deployed"] = (
            time.perf_counter() - began_s - first_s,
            _computed_s(lab.pid) - first_computed_s,
        )
        lab.send_signal(signal.SIGINT)
        lab.communicate(timeout=_COMMAND_LIMIT_S)
    return steps


def _computed_s(pid: int) -> float:
    """By a process and all that it has started."""
    process = psutil.Process(pid)
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return float(
        sum(one.user + one.system + one.children_user + one.children_system for one in times)
    )


@contextmanager
def _notebook(python: list[str], variables: Mapping[str, str]) -> Iterator[Steps]:
    """The steps of a notebook, which stays open."""
    began_s, steps = time.perf_counter(), Steps()
    with subprocess.Popen(
        [*python, "-c", _NOTEBOOK],
        env=dict(variables),
        cwd=PROJECT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as kernel:
        assert kernel.stdout is not None
        while "first figure" not in steps:
            line = kernel.stdout.readline()
            if not line:
                raise RuntimeError("the notebook ended before its figure")
            if line.startswith('["'):
                name, *taken = json.loads(line)
                steps[name] = taken[0], taken[1]
        steps_s = sum(seconds for seconds, _ in steps.values())
        steps = {"Python": (time.perf_counter() - began_s - steps_s, 0.0), **steps}
        yield steps
        kernel.communicate(timeout=_COMMAND_LIMIT_S)


def _cold() -> Steps:
    """A fresh copy of the project: what `prepare` says, step by step, then the first notebook."""
    with copied() as (copy, variables):
        prepare = [sys._base_executable, "start.py", "prepare"]  # type: ignore[attr-defined]
        told_s = told_by(prepare, copy, variables)
        steps = {step: (seconds, 0.0) for step, seconds in told_s.items()}
        python = copy / ".venv" / "bin" / "python"
        with _notebook([str(python), "-P"], variables) as first:
            steps |= {f"notebook: {step}": taken for step, taken in first.items()}
        _end_embedded(copy)
    return steps


def _end_embedded(home: Path) -> None:
    """An AWS that nobody uses any more would wait for two minutes."""
    info = json.loads((home / STATE / "embedded.json").read_text(encoding="utf-8"))
    os.kill(info["keeper_pid"], signal.SIGTERM)
    while (home / STATE / "embedded.json").exists() and Path(
        f"/proc/{info['keeper_pid']}"
    ).exists():
        time.sleep(0.05)


@contextmanager
def _busy_core() -> Iterator[None]:
    """One core for all of it, and a program on it that never waits."""
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(everywhere)})
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as other:
        try:
            yield
        finally:
            other.kill()
            os.sched_setaffinity(0, everywhere)


if __name__ == "__main__":
    sys.exit(main())
