"""Notebooks 08 and 09: what they show, and that AWS does what is foretold."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from tests.copied_project import environment_of
from tests.notebooks.running import executed, shown

# Settings whose endings differ: survived or not, by receives, by retries, by age.
PLANS = (
    {},
    {"outage_s": 60},
    {"outage_s": 61, "retries": 0},
    {"visibility_s": 10, "receives": 8, "outage_s": 75, "retries": 1},
    {"visibility_s": 60, "receives": 2, "outage_s": 200, "age_s": 90},
    {"visibility_s": 300, "receives": 4, "outage_s": 1800, "age_s": 60},
    {"visibility_s": 20, "receives": 1, "outage_s": 30},
)
AGREEMENT = """
import json
import workshop
from workshop import bench, outage
lab = workshop.connect()
temporary = bench.Bench(lab, "agree")
for settings in {plans}:
    plan = outage.Plan(**settings)
    measured = outage.measured(lab, temporary, plan)
    endings = [story.ending for story in measured.values()]
    print(json.dumps([settings, endings, outage.differences(plan, measured)]))
print(temporary.clear())
"""


@pytest.fixture(scope="module")
def backing_off(rehearsed: Callable[[str], NotebookNode]) -> NotebookNode:
    return rehearsed("08-backing-off")


@pytest.fixture(scope="module")
def designing(rehearsed: Callable[[str], NotebookNode]) -> NotebookNode:
    return rehearsed("09-designing-it")


def test_aws_does_what_is_foretold(project: Path) -> None:
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(AGREEMENT.format(plans=PLANS), id="agree")]
    done = executed(project, "agreement", notebook, environment_of(project))
    told = "".join(shown(done, "agree"))
    found = [json.loads(line) for line in re.findall(r"\[\{.*\]$", told, re.MULTILINE)]
    assert [settings for settings, _, _ in found] == list(PLANS)
    assert [differences for _, _, differences in found] == [[]] * len(PLANS)
    # And the table has every ending
    assert {ending for _, endings, _ in found for ending in endings} == {
        "processed",
        "source queue's DLQ",
        "RetriesExhausted",
        "EventAgeExceeded",
    }
    assert told.rstrip().endswith(" 0 left")


@pytest.mark.parametrize("again", ["", "-again"])
def test_backing_off_shows_what_each_means_does(backing_off: NotebookNode, again: str) -> None:
    def answer(cell: str) -> str:
        return shown(backing_off, f"{cell}{again}")[-1]

    assert "observed: source queue's DLQ" in answer("compare-steady")
    assert "observed: 280" in answer("compare-doubled")
    assert "observed: 30" in answer("compare-crowd")
    # With jitter the crowd is parted; by chance, but never nearly as close together
    crowds = picture_of(backing_off, f"crowd{again}")
    [most] = re.findall(r'aria-label="[^"]*with jitter up to (\d+)\."', crowds)
    assert int(most) <= 20
    assert "visible=3, in_flight=0" in answer("breaker-run")
    assert "observed: 1" in answer("breaker-compare")
    assert "observed: 50" in answer("slow-compare")
    # What is overloaded costs good orders, and the limit saves them
    assert re.search(r"orders processed\s+6\s+12\b", answer("slow-table"))
    assert re.search(r"good orders in the DLQ\s+6\s+0\b", answer("slow-table"))
    # And the picture says when nothing could succeed
    assert "down for 240 s" in picture_of(backing_off, f"timeline-draw{again}")
    assert "observed: 1" in answer("pollers-compare")
    assert "observed: 310" in answer("tweak-compare")
    assert answer("clear").endswith(" 0 left'")
    assert "3 of 4 checks pass, 1 was not made yet" in answer("check")


def picture_of(notebook: NotebookNode, cell_id: str) -> str:
    """A picture, with what it says to those who cannot see it."""
    [cell] = [cell for cell in notebook.cells if cell.id == cell_id]
    pages = [output["data"].get("text/html", "") for output in cell.outputs if "data" in output]
    return str(next(filter(None, pages)))


@pytest.mark.parametrize("again", ["", "-again"])
def test_designing_foretells_what_aws_does(designing: NotebookNode, again: str) -> None:
    def answer(cell: str) -> str:
        return shown(designing, f"{cell}{again}")[-1]

    for way, end in (
        ("queue", "source queue's DLQ at 90 s, after 3 attempts"),
        ("queue, waits doubled", "source queue's DLQ at 210 s, after 3 attempts"),
        ("asynchronous", "processed at 180 s, attempt 3"),
    ):
        assert f"{way}: foretold {end}." in answer("run-it")
        assert f"{way}: measured {end}." in answer("run-it")
        # The panel shows what is foretold, also where nothing is alive
        assert f"{way}: foretold {end}." in answer("panel")
        assert "measured" not in answer("panel")
    assert "observed: 6" in answer("tweak-search")
    assert "queue, waits doubled: measured source queue's DLQ at 930 s" in answer("tweak-run")
    assert answer("clear").endswith(" 0 left'")
    assert "2 of 3 checks pass, 1 was not made yet" in answer("check")


def test_exercises_are_asked_and_then_judged(designing: NotebookNode) -> None:
    assert shown(designing, "own-check-solved")[0].startswith(
        "passed: the queue survives 20 minutes"
    )


def test_nobody_is_told_what_they_did_not_say(
    backing_off: NotebookNode, designing: NotebookNode
) -> None:
    for notebook in (backing_off, designing):
        [asked] = shown(notebook, "recall")
        assert asked.count("? ") >= 5
        assert "You said" not in asked
        assert shown(notebook, "own-check")[0].startswith("yours to do")
