"""Notebooks 04 to 06, in another order than a reader's: each leaves things as it found them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode

from tests.notebooks.running import run, shown


def number_after(words: str, text: str) -> list[int]:
    """The numbers of a table's row as text: those behind the row's name."""
    [line] = [line for line in text.splitlines() if line.startswith(words)]
    return [int(number) for number in re.findall(r"\d+", line.removeprefix(words))]


@pytest.fixture(scope="module")
def compared(rehearsed: Callable[[str], NotebookNode]) -> NotebookNode:
    return rehearsed("04-compare-the-patterns")


@pytest.fixture(scope="module")
def batches(rehearsed: Callable[[str], NotebookNode]) -> NotebookNode:
    return rehearsed("05-partial-batches")


def test_repair_pays_twice_naively_and_once_idempotently(
    rehearsed: Callable[[str], NotebookNode],
) -> None:
    notebook = rehearsed("06-redrive-and-repair")
    [payments] = shown(notebook, "payments")
    paid = re.findall(r"-(good|comma|hopeless)\d? +(\d)", payments)
    assert paid == [*[("good", "1")] * 2, *[("comma", "2")] * 2, ("hopeless", "0")]
    assert "observed: 1" in shown(notebook, "tweak-compare")[0]
    assert "sent 2 = processed 2" in shown(notebook, "tweak-wait")[-1]


def test_batches_repeat_good_work_only_when_nothing_is_reported(batches: NotebookNode) -> None:
    [side] = shown(batches, "side-show")
    assert number_after("needless runs of good orders", side) == [18, 0]
    assert number_after("good orders in the DLQ", side) == [9, 0]
    assert number_after("invocations that failed", side) == [3, 0]
    for again in ("", "-again"):
        # And in order, the good ones behind the bad one share its fate, those of another group too
        assert "observed: 8" in shown(batches, f"fifo-compare{again}")[0]
        # Unless the function answers per group
        assert "observed: 4" in shown(batches, f"groups-compare{again}")[0]
    # And a report that nobody reads loses the message
    assert "lost 1" in shown(batches, "tweak-ledger")[-1]


def test_four_paths_end_where_aws_ends_them(compared: NotebookNode) -> None:
    [seconds] = shown(compared, "compare-first")
    ended_s = [int(number) for number in re.findall(r": (\d+)", seconds)]
    assert ended_s == pytest.approx([90, 180, 180, 0], abs=5)
    [words] = shown(compared, "timeline")
    assert "subscription's DLQ" in words
    # Lines about waits, should there be some, apart
    ledgers = [told for told in shown(compared, "ledger") if told.startswith("sent ")]
    assert ledgers
    assert all(" lost 0" in ledger for ledger in ledgers)


def test_a_handler_that_was_not_made_idempotent_is_seen(project: Path) -> None:
    # Given a learner who deployed the code as it was
    notebook = run(project, "06-redrive-and-repair", {"tweak-morning": "once = source"})
    # Then the check says what it saw, and helps; the others pass
    naive, once, empty = shown(notebook, "check")
    assert naive.startswith("passed")
    assert empty.startswith("passed")
    assert once.startswith("not yet: pay_once took one payment per order. Expected [1, 1]")
    assert "seen [2, 2]" in once
    assert "nudge: Which code is deployed?" in once


def test_seven_receives_are_not_enough_and_eight_are(compared: NotebookNode) -> None:
    # Given nobody who guessed, then the common guess is tried and nobody is accused of it
    told = "".join(shown(compared, "tweak-compare"))
    assert "7 receives: the last attempt came at 180 s" in told
    assert "is not survived" in told
    assert "you said" not in told
    # When the solution is written, then the comparison tells them apart
    told = "".join(shown(compared, "tweak-compare-solved"))
    assert "is survived" in told
    assert "you said 8, observed: 8; right." in told


def test_they_run_twice_in_one_kernel(compared: NotebookNode, batches: NotebookNode) -> None:
    for notebook in (compared, batches):
        checks = shown(notebook, "check-again")
        assert checks
        assert [check for check in checks if not check.startswith("passed")] == []
        assert not [text for text in checks if "not yet" in text]
