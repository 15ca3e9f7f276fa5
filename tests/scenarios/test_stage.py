"""The stage in a real browser, on an embedded AWS: one screen, keys without focus, a sentence."""

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Witness, needs_chromium
from workshop.lab import Lab
from workshop.stage.director import Director
from workshop.stage.server import StageServer
from workshop.stage.theatre import LiveTheatre

pytestmark = needs_chromium

SIZES = [(1920, 1080), (1280, 720)]
# Nothing scrolls, nothing is beside the screen, no letter is smaller than 24 units of 1920.
FITS = """() => {
  const unit = Math.min(innerWidth / 1920, innerHeight / 1080)
  const page = document.documentElement
  const letters = [...document.querySelectorAll('#stage *')].filter((node) =>
    [...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim())
    && node.getClientRects().length && getComputedStyle(node).display !== 'none')
  const size = (node) => parseFloat(getComputedStyle(node).fontSize)
    * (node.ownerSVGElement ? node.ownerSVGElement.getScreenCTM().a : 1) / unit
  return { scrolls: page.scrollHeight > innerHeight || page.scrollWidth > innerWidth,
    small: letters.filter((node) => size(node) < 23.9).map((node) => node.textContent),
    beside: letters.filter((node) => {
      const { left, right, top, bottom } = node.getBoundingClientRect()
      return right > innerWidth + 1 || bottom > innerHeight + 1 || left < -1 || top < -1
    }).map((node) => node.textContent) }
}"""
GOOD = {"scrolls": False, "small": [], "beside": []}


@pytest.fixture
def stage(lab: Lab) -> Iterator[StageServer]:
    server = StageServer(Director(LiveTheatre(lab), pause_s=0.05))
    yield server
    server.stop()


def phase(page: Page, name: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-phase", name, timeout=60_000)


@pytest.mark.punctual("the stage shows counts and logs as they are")
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
@pytest.mark.parametrize(("key", "told"), [("1", "3"), ("a", "4"), ("5", "6")])
def test_a_scene_is_one_screen_from_its_key_to_its_end(
    stage: StageServer, page: Page, size: tuple[int, int], key: str, told: str
) -> None:
    witness = Witness(page)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(stage.address)
    expect(page.locator(".menu")).to_be_visible()
    assert page.evaluate(FITS) == GOOD
    page.keyboard.press(key)
    phase(page, "over")
    expect(page.locator("#payoff dd").first).to_have_text(told)
    assert page.evaluate(FITS) == GOOD
    # And R empties the stage
    page.keyboard.press("r")
    phase(page, "empty")
    expect(page.locator("#scenery svg")).to_have_count(0)
    assert witness.problems == []


@pytest.mark.punctual("the stage shows counts and logs as they are")
def test_an_outage_is_stopped_and_redriven(stage: StageServer, lab: Lab, page: Page) -> None:
    page.goto(stage.address)
    expect(page.locator(".menu")).to_be_visible()
    page.keyboard.press("8")
    phase(page, "over")
    page.keyboard.press("0")
    expect(page.locator("#title")).to_have_text("Repair, then redrive")
    phase(page, "over")
    expect(page.locator("#payoff dd").nth(1)).to_have_text("3")
    expect(page.locator(".arrow.redrive")).to_have_count(1)
    # And a scene that is stopped leaves no outage behind
    page.keyboard.press("z")
    page.keyboard.press("8")
    phase(page, "running")
    expect(page.locator("#scenery svg.lanes")).to_be_visible()
    page.keyboard.press("s")
    phase(page, "stopped")
    assert not lab.changed("SqsDlq").differences


def test_a_stage_whose_program_has_ended_says_so(lab: Lab, page: Page) -> None:
    server = StageServer(Director(LiveTheatre(lab)))
    page.goto(server.address)
    expect(page.locator(".menu")).to_be_visible()
    server.stop()
    expect(page.locator("#sentence")).to_contain_text("has ended or was restarted")


@pytest.mark.parametrize("change", ["no token", "another host"])
def test_nobody_else_gets_the_page(stage: StageServer, change: str) -> None:
    address, host = stage.address, stage.address.split("/")[2]
    if change == "no token":
        address = address.partition("?")[0]
    else:
        host = f"example.com:{host.rpartition(':')[2]}"
    request = urllib.request.Request(address, headers={"Host": host})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request)
