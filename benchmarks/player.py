"""`python -m benchmarks.player`: what a frame of the player costs, with a crowd of messages.

Measured in a headless Chromium, which has no graphics card to help it: the scripts and the layout
of each frame, drawn as fast as it can be, and beside it the same with one message. Wanted: under
16 ms of the processor a frame with 1,000 messages, which is all of a frame where nobody else works.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
import pandas as pd
from playwright.sync_api import CDPSession, Page, sync_playwright

from benchmarks.output import show
from workshop.evidence.attempts import attempts_table
from workshop.evidence.lane_making import make_lanes
from workshop.evidence.retry_settings import RetrySettings
from workshop.guides.export import export
from workshop.player.facts import facts_of
from workshop.player.widget import FACTS

WANTED_MS = 16.0
_START_MS = 1_700_000_000_000
_HIDDEN_MS, _RECEIVES = 30_000, 3
_SETTINGS = RetrySettings("sqs", 5, visibility_timeout_s=30, max_receive_count=_RECEIVES)
# Each frame is forced to be laid out, as a browser does before it paints.
_FRAMES = """
view => {
  const slider = view.querySelector("input[type=range]");
  const taken = [];
  const go = place => {
    const began = performance.now();
    slider.value = place;
    slider.dispatchEvent(new Event("input"));
    view.getBoundingClientRect();
    view.querySelector(".token")?.getBBox();
    taken.push(performance.now() - began);
  };
  const end = Number(slider.max);
  for (let i = 0; i < 600; i += 1) go(end * i / 600);
  return taken;
}
"""


def crowd(messages: int) -> dict[str, Any]:
    """The facts of messages that fail at three receives, a few milliseconds after each other."""
    rows = [
        line
        for number in range(messages)
        for count in range(1, _RECEIVES + 1)
        for line in _invocation(number, count)
    ]
    table = pd.DataFrame(rows, columns=["timestamp", "log_stream", "message"])
    table["timestamp"] = pd.to_datetime(table["timestamp"], unit="ms", utc=True)
    attempts = attempts_table(table)
    lanes = make_lanes(attempts, None, _SETTINGS, None)
    return facts_of({"": (lanes, attempts, None, _SETTINGS)})


def _invocation(number: int, count: int) -> list[tuple[int, str, str]]:
    at_ms = _START_MS + 3 * number + (count - 1) * _HIDDEN_MS + 100
    request = f"{number:04}-{count}"
    told = {
        "message_id": f"m-{number}",
        "order_id": f"A-{number:04}",
        "receive_count": count,
        "sent_at_ms": _START_MS + number,
        "outcome": "error",
    }
    lines = (
        f"START RequestId: {request} Version: 1",
        json.dumps(told),
        "[ERROR] ValueError: no",
        f"END RequestId: {request}",
        f"REPORT RequestId: {request}\tDuration: 3.00 ms\t",
    )
    return [(at_ms, f"stream-{number}", line) for line in lines]


def frames_ms(page: Page, messages: int, folder: Path) -> tuple[list[float], float, int]:
    """How long each of 600 frames of a replay took, the processor's mean, and the facts' letters.

    The processor's part is that of the page's own thread: others on the machine do not change it.
    """
    facts = crowd(messages)
    output = nbformat.v4.new_output("display_data", data={FACTS: facts})
    cells = [nbformat.v4.new_code_cell("crowd", outputs=[output])]
    notebook = nbformat.v4.new_notebook(cells=cells)
    page.goto(export(notebook, folder / "crowd.ipynb", folder).path.as_uri())
    view = page.locator(".workshop-player")
    view.evaluate(_FRAMES)  # compiles, and warms the caches
    metrics = page.context.new_cdp_session(page)
    metrics.send("Performance.enable", {"timeDomain": "threadTicks"})
    before_s = _task_s(metrics)
    taken: list[float] = view.evaluate(_FRAMES)
    processor_ms = 1000 * (_task_s(metrics) - before_s) / len(taken)
    return sorted(taken), processor_ms, len(json.dumps(facts))


def _task_s(metrics: CDPSession) -> float:
    found = metrics.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in found if one["name"] == "TaskDuration"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.player", description=__doc__)
    parser.add_argument("--messages", type=int, default=1000, help="default 1,000")
    options = parser.parse_args()
    browser_path = shutil.which("chromium") or shutil.which("chrome")
    head = ("messages", "median", "95 of 100", "longest", "processor", "facts", "wanted")
    show(f"| {' | '.join(head)} |\n{'|---' * len(head)}|")
    means = []
    with sync_playwright() as playwright, TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=browser_path)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        for messages in (1, options.messages):
            taken, processor_ms, letters = frames_ms(page, messages, Path(folder))
            median, most, longest = (taken[int(part * (len(taken) - 1))] for part in (0.5, 0.95, 1))
            means.append(processor_ms)
            wanted = f"<= {WANTED_MS:g} ms: {'yes' if processor_ms <= WANTED_MS else 'NO'}"
            times = f"{median:.2f} ms | {most:.2f} ms | {longest:.2f} ms | {processor_ms:.2f} ms"
            show(f"| {messages:,} | {times} | {letters / 1000:,.0f} kB | {wanted} |")
        browser.close()
    ratio = means[1] / means[0]
    show(f"\na frame with {options.messages:,} messages takes {ratio:.1f} times one with 1")
    return 0


if __name__ == "__main__":
    sys.exit(main())
