"""`python -m benchmarks.starts`: from nothing to the first figure, cold and warm, step by step.

Warm is what a person meets every day: packages, templates and byte code are there. Each run has a
folder of its own, so an embedded AWS of its own: the first notebook starts it, the second one finds
it. `--cold` measures a fresh copy of the project, too, with its packages from wherever pip finds
them; `--busy` gives all of it one core that another program uses as well.
"""

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.output import show
from workshop.cli.jupyter import jupyter_environment
from workshop.cli.prepare import compile_modules
from workshop.stacks import cloud_assembly
from workshop.target.folders import HOME_VARIABLE, PROJECT, STATE
from workshop.target.target import Target

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
began = time.perf_counter()
def step(name):
    global began
    now = time.perf_counter()
    print(json.dumps([name, now - began]), flush=True)
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
    show("| start | step | seconds | share | wanted |\n|---|---|---|---|---|")
    with _busy_core() if options.busy else nullcontext():
        runs = [_warm() for _ in range(options.runs)]
        for start in runs[0]:
            _show(
                start,
                {
                    step: statistics.median(run[start][step] for run in runs)
                    for step in runs[0][start]
                },
            )
        if options.cold:
            _show("cold", _cold())
    return 0


def _show(start: str, steps: Mapping[str, float]) -> None:
    whole_s = sum(steps.values())
    for step, seconds in steps.items():
        part, wanted = f"{seconds / whole_s:.0%}", _wanted(start, step, seconds)
        show(f"| {start} | {step} | {seconds:.2f} | {part} | {wanted} |")
    total = "fresh copy to first figure" if start == "cold" else "all of it"
    show(f"| {start} | **{total}** | {whole_s:.2f} | | {_wanted(start, total, whole_s)} |")


def _wanted(start: str, step: str, seconds: float) -> str:
    key = (
        "connect() to an AWS that runs"
        if (start, step) == ("second notebook", "connect()")
        else step
    )
    limit_s = WANTED_S.get(key)
    return "" if limit_s is None else f"<= {limit_s:g} s: {'yes' if seconds <= limit_s else 'NO'}"


def _warm() -> dict[str, dict[str, float]]:
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


def _lab(variables: Mapping[str, str]) -> dict[str, float]:
    """What `lab` says while it starts, until JupyterLab answers."""
    command = [sys.executable, "-P", "-m", "workshop", "lab", "--no-browser", "--port", "0"]
    began_s, steps = time.perf_counter(), dict[str, float]()
    with subprocess.Popen(
        command, env=dict(variables), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as lab:
        assert lab.stdout is not None
        for line in lab.stdout:
            if not steps:
                steps["first line"] = time.perf_counter() - began_s
            if "http://127.0.0.1" in line:
                break
        steps["JupyterLab answers, patterns deployed"] = (
            time.perf_counter() - began_s - steps.get("first line", 0.0)
        )
        lab.send_signal(signal.SIGINT)
        lab.communicate(timeout=_COMMAND_LIMIT_S)
    return steps


@contextmanager
def _notebook(python: list[str], variables: Mapping[str, str]) -> Iterator[dict[str, float]]:
    """The steps of a notebook, which stays open."""
    began_s, steps = time.perf_counter(), dict[str, float]()
    with subprocess.Popen(
        [*python, "-c", _NOTEBOOK],
        env=dict(variables),
        cwd=PROJECT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as kernel:
        assert kernel.stdout is not None
        while "first figure" not in steps:
            line = kernel.stdout.readline()
            if not line:
                raise RuntimeError("the notebook ended before its figure")
            if line.startswith('["'):
                name, seconds = json.loads(line)
                steps[name] = seconds
        steps = {"Python": time.perf_counter() - began_s - sum(steps.values()), **steps}
        yield steps
        kernel.communicate(timeout=_COMMAND_LIMIT_S)


def _cold() -> dict[str, float]:
    """A fresh copy of the project: what `prepare` says, step by step, then the first notebook."""
    with TemporaryDirectory() as folder:
        copy = Path(folder, "workshop")
        tracked = subprocess.check_output(["git", "ls-files", "-z"], cwd=PROJECT, text=True)
        for name in tracked.rstrip("\0").split("\0"):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, copy / name)
        variables = {name: v for name, v in os.environ.items() if name != "PYTHONPATH"}
        variables |= {"HOME": folder, HOME_VARIABLE: str(copy)}
        steps = _told_by([sys._base_executable, "start.py", "prepare"], copy, variables)  # type: ignore[attr-defined]
        python = copy / ".venv" / "bin" / "python"
        with _notebook([str(python), "-P"], variables) as first:
            steps |= {f"notebook: {step}": seconds for step, seconds in first.items()}
        _end_embedded(copy)
    return steps


def _told_by(command: list[str], folder: Path, variables: Mapping[str, str]) -> dict[str, float]:
    """Between one line that a command prints and the next one: what that line tells."""
    steps, last, last_s = dict[str, float](), "start.py", time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=folder,
        env=dict(variables),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            now_s = time.perf_counter()
            steps[last] = steps.get(last, 0.0) + now_s - last_s
            # A sign of life belongs to what it is one of.
            if "so far" not in line:
                last = line.strip().partition(" (")[0].partition(":")[0]
            last_s = now_s
    if running.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed: {last}")
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
