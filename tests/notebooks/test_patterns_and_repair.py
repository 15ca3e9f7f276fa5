"""Notebooks 04 to 06, in another order than a reader's: each leaves things as it found them."""

import re
from pathlib import Path

import pytest

from .running import run, shown


def number_after(words: str, text: str) -> list[int]:
    """The numbers of a table's row as text: those behind the row's name."""
    [line] = [line for line in text.splitlines() if line.startswith(words)]
    return [int(number) for number in re.findall(r"\d+", line.removeprefix(words))]


def test_repair_pays_twice_naively_and_once_idempotently(project: Path) -> None:
    notebook = run(project, "06-redrive-and-repair")
    [payments] = shown(notebook, "payments")
    paid = re.findall(r"-(good|comma|hopeless)\d? +(\d)", payments)
    assert paid == [*[("good", "1")] * 2, *[("comma", "2")] * 2, ("hopeless", "0")]
    assert "observed: 1" in shown(notebook, "tweak-compare")[0]
    assert "sent 2 = processed 2" in shown(notebook, "tweak-wait")[-1]


def test_batches_repeat_good_work_only_when_nothing_is_reported(project: Path) -> None:
    notebook = run(project, "05-partial-batches")
    [side] = shown(notebook, "side-show")
    assert number_after("good orders processed again", side) == [18, 0]
    assert number_after("good orders in the DLQ", side) == [9, 0]
    assert number_after("invocations that failed", side) == [3, 0]
    # And in order, the good ones behind the bad one share its fate
    assert "observed: 4" in shown(notebook, "fifo-compare")[0]
    # And a report that nobody reads loses the message
    assert "lost 1" in shown(notebook, "tweak-ledger")[0]


def test_four_paths_end_where_aws_ends_them(project: Path) -> None:
    notebook = run(project, "04-compare-the-patterns")
    [seconds] = shown(notebook, "compare-first")
    ended_s = [int(number) for number in re.findall(r": (\d+)", seconds)]
    assert ended_s == pytest.approx([90, 180, 180, 0], abs=3)
    [words] = shown(notebook, "timeline")
    assert "subscription's DLQ" in words
    assert all(" lost 0" in ledger for ledger in shown(notebook, "ledger"))
