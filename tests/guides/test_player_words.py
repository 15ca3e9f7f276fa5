"""What is written on a player's timelines on a phone: nothing lies on anything else."""

import copy
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Locator, Page

from tests.browser import needs_chromium
from tests.guides.notebook import code, markdown, notebook
from tests.guides.test_player import first, player
from tests.unit.workshop.log_events import logs
from tests.unit.workshop.player.runs import SQS, moved, receive, three_orders
from workshop.evidence.arrivals import arrivals_table
from workshop.evidence.attempts import attempts_table
from workshop.evidence.lane_making import make_lanes
from workshop.guides.export import export
from workshop.player.facts import facts_of

pytestmark = needs_chromium

# Names that have no space of 8 px between them, and marks of which one lies on another.
COVERED = """view => {
    const gone = one => getComputedStyle(one).display === "none"
    const covered = (ones, least) => ones.flatMap((a, i) => ones.slice(i + 1).filter((b) => {
        const [p, q] = [a, b].map(one => one.getBoundingClientRect())
        return Math.min(p.right, q.right) - Math.max(p.left, q.left) > least
            && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 4
    }).map(b => [a, b].map(one => one.textContent || one.parentNode.parentNode.className.baseVal)))
    const all = selector => [...view.querySelectorAll(`svg.lanes ${selector}`)]
        .filter(one => !gone(one.closest(".mark") ?? one))
    const [names, marks] = ["text:is(.name, .end)", ".mark:not(.sent) .shape"].map(all)
    return [...covered(names, -8), ...covered(marks, 2)]
}"""
# Whether the corners of a number are within its diamond.
OUTSIDE = """view => [...view.querySelectorAll(".token.kept")].filter((token) => {
    const shape = token.querySelector(".shape").getBoundingClientRect()
    const text = token.querySelector("text").getBoundingClientRect()
    // A figure is as high as seven tenths of its letters' size, which its box is more than
    const size = parseFloat(getComputedStyle(token.querySelector("text")).fontSize)
    return text.width / 2 + 0.36 * size > shape.width / 2
}).map(token => token.textContent)"""


def at_its_end(page: Page, folder: Path, facts: dict[str, Any], width: int) -> Locator:
    guide = export(
        notebook(markdown("# A"), code("a", player(facts))), folder / "0.ipynb", folder
    ).path
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(guide.as_uri())
    view = first(page)
    view.get_by_role("slider", name="Time").press("End")
    return view


def renamed(name: str) -> dict[str, Any]:
    """The facts of an order that is given up, alone, and called so."""
    facts = copy.deepcopy(three_orders())
    [bad] = [one for one in facts["runs"][0]["messages"] if one["arrivals"]]
    bad["name"] = name
    facts["runs"][0]["messages"] = [bad]
    return facts


def given_up_at_once() -> dict[str, Any]:
    """The facts of an order that was given up right after its last attempt, among many others."""
    bad = [line for n in (1, 2, 3) for line in receive("bad", n, "error")]
    others = [line for n in range(20) for line in receive(f"g-{n}", 1, "ok", 2_900 * n)]
    attempts = attempts_table(logs(bad, others))
    arrivals = arrivals_table({"source queue's DLQ": [moved("bad", 4)]})
    at_once = attempts.loc[attempts["order_id"] == "bad", "started_at"].max() + pd.Timedelta("9ms")
    arrivals["arrived_at"] = at_once
    return facts_of({"": (make_lanes(attempts, arrivals, SQS, None), attempts, arrivals, SQS)})


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("name", ["bad", "good-090004-xbqp", "dependency-090004-xbqp"])
def test_no_name_runs_into_the_end_of_its_lane(
    page: Page, tmp_path: Path, name: str, width: int
) -> None:
    view = at_its_end(page, tmp_path, renamed(name), width)
    assert view.locator(".lanes .end").count() == 1
    assert view.evaluate(COVERED) == []


@pytest.mark.parametrize("width", [320, 390])
def test_an_end_covers_no_attempt_that_it_follows_at_once(
    page: Page, tmp_path: Path, width: int
) -> None:
    view = at_its_end(page, tmp_path, given_up_at_once(), width)
    assert view.locator(".lanes .arrived").count() == 1
    assert view.evaluate(COVERED) == []


def test_a_number_of_two_figures_stays_within_its_diamond(page: Page, tmp_path: Path) -> None:
    # Given the twelfth of twelve orders in the DLQ
    good = [line for n in range(11) for line in receive(f"g-{n:02}", 1, "ok", 100 + n)]
    bad = [line for n in (1, 2, 3) for line in receive("z", n, "error")]
    attempts = attempts_table(logs(good, bad))
    arrivals = arrivals_table({"source queue's DLQ": [moved("z", 4)]})
    facts = facts_of({"": (make_lanes(attempts, arrivals, SQS, None), attempts, arrivals, SQS)})
    view = at_its_end(page, tmp_path, facts, 390)
    assert view.locator(".token.kept").all_text_contents() == ["12"]
    assert view.evaluate(OUTSIDE) == []
