"""Notebooks 10 and 11 as numbers, twice in a kernel; their exercises, done well and badly."""

import re
from collections.abc import Callable

import pytest
from nbformat import NotebookNode

from tests.notebooks.plans import NO_RETRIERS
from tests.notebooks.running import shown

ORDER, CHOICES = "10-order-and-idempotency", "11-when-not-lambdas-retries"


@pytest.fixture(scope="module")
def order(rehearsed: Callable[[str], NotebookNode]) -> NotebookNode:
    return rehearsed(ORDER)


@pytest.fixture(scope="module")
def choices(rehearsed: Callable[[str], NotebookNode]) -> NotebookNode:
    return rehearsed(CHOICES)


def test_order_and_copies_are_as_aws_has_them(order: NotebookNode) -> None:
    for again in ("", "-again"):
        for name, seen in {"behind": 90, "dead": 1, "again": 3, "redrive": 6}.items():
            assert f"observed: {seen}." in shown(order, f"compare-{name}{again}")[0]
        assert "id of the first message" in "".join(shown(order, f"again{again}"))
        lives = shown(order, f"after-window{again}")[-1]
        assert re.findall(r"\+00:00 +(\d) ", lives) == ["3"] * 3


def test_once_is_once_where_a_record_tells_so(order: NotebookNode) -> None:
    for again in ("", "-again"):
        table = shown(order, f"once-table{again}")[0]
        paid = dict(re.findall(r"^(\w+) +2 +(\d) ", table, re.MULTILINE))
        once, twice = ("again", "after", "meanwhile", "changed"), ("inside", "late")
        assert paid == dict.fromkeys(once, "1") | dict.fromkeys(twice, "2")
        assert "INPROGRESS" in shown(order, f"tweak-record{again}")[0]
        forgotten, stuck = shown(order, f"tweak-compare{again}")
        assert "observed: 1." in forgotten
        assert "observed: source queue's DLQ" in stuck


def test_the_checks_and_the_exercise_pass_and_nothing_is_left(order: NotebookNode) -> None:
    assert "4 of 5 checks pass" in shown(order, "check")[-1]
    for again in ("", "-again"):
        assert shown(order, f"own-check{again}")[-1].startswith("passed")
        assert shown(order, f"clear{again}")[-1].endswith(" 0 left'")
    assert "all 5 checks pass" in shown(order, "check-again")[-1]


def test_a_longer_record_does_not_help_who_hangs_inside(order: NotebookNode) -> None:
    told = shown(order, "own-check-longer")[-1]
    assert told.startswith("not yet: paid once. Expected [1], seen [2]")
    assert "nudge: Which payment does your switch prevent" in told


def test_choices_are_judged_by_documents(choices: NotebookNode) -> None:
    for again in ("", "-again"):
        for name, known in {"retrier": 7, "bus": 0, "stream": 24}.items():
            assert f"documented: {known}." in shown(choices, f"compare-{name}{again}")[0]
        assert shown(choices, f"own-check{again}")[-1].startswith("passed")
    assert "all 3 checks pass" in shown(choices, "check-again")[-1]


@pytest.mark.parametrize("wrong", NO_RETRIERS)
def test_a_retry_that_does_not_do_is_told_why(choices: NotebookNode, wrong: str) -> None:
    told = shown(choices, f"own-check-{wrong}")[-1]
    assert told.startswith("not yet")
    _, seen = NO_RETRIERS[wrong]
    assert seen in told
    assert "nudge: " in told
