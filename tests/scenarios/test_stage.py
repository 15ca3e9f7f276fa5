"""The stage in a real browser, on an embedded AWS: one screen, keys without focus, a sentence."""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Witness, needs_chromium
from workshop.errors import WorkshopError
from workshop.lab import Lab
from workshop.stage import emptying
from workshop.stage.clearing import clear
from workshop.stage.director import Director
from workshop.stage.opening import OpenStage
from workshop.stage.server import StageServer
from workshop.stage.theatre import LiveTheatre

pytestmark = needs_chromium

# A scene looks at AWS some fifty times; how long that takes is the machine's business.
LIMIT_MS = 600_000
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
    expect(page.locator("body")).to_have_attribute("data-phase", name, timeout=LIMIT_MS)


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
def test_a_broken_way_is_drawn_and_a_reset_tells_of_what_was_under_way(
    stage: StageServer, page: Page
) -> None:
    page.goto(stage.address)
    expect(page.locator(".menu")).to_be_visible()
    page.keyboard.press("4")
    phase(page, "over")
    expect(page.locator(".arrow.broken")).to_have_count(1)
    page.keyboard.press("r")
    phase(page, "empty")
    # Given an outage that is reset while its good orders are under way
    page.keyboard.press("z")
    page.keyboard.press("8")
    expect(page.locator("#payoff dd").first).to_have_text("3")
    page.keyboard.press("r")
    phase(page, "empty")
    # Then who is looking hears that they were processed, and not deleted
    expect(page.locator("#note")).to_contain_text("Under way, and processed first: 3.")


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


@pytest.mark.punctual("the stage shows counts and logs as they are")
def test_the_script_by_code_keeps_what_it_showed(lab: Lab) -> None:
    stage = OpenStage(lab)
    try:
        # Given an empty stage, when the scenes of the script are played one after the other
        script = ("sqs", "poison", "outage", "redrive")
        ends = {name: list(stage.show(name).counts.values()) for name in script}
        # Then each shows its own messages (sent, processed, in the DLQ, in flight, lost), and a
        # redrive the good ones that were given up
        assert ends["sqs"] == ends["poison"] == [3, 2, 1, 0, 0]
        assert ends["outage"] == [3, 0, 3, 0, 0]
        assert ends["redrive"] == [3, 3, 0, 0, 0]
        # And the poisonous one is still there, until the stage is emptied
        out = lab.outputs("SqsDlq")
        assert lab.queue_counts(out.SourceQueueDlqUrl).total == 2
        assert re.fullmatch(r"Reset: 2 messages deleted in [0-9.]+ s\.", stage.reset())
        assert lab.queue_counts(out.SourceQueueDlqUrl).total == 0
        assert not lab.changed("SqsDlq").differences
        with pytest.raises(WorkshopError, match="sqs, destinations"):
            stage.show("earthquake")
        with pytest.raises(WorkshopError, match="Show an outage"):
            stage.show("redrive")
    finally:
        stage.close()


def test_a_reset_takes_what_was_there_before_and_nothing_that_comes_meanwhile(lab: Lab) -> None:
    # Given a dead letter, and an order that somebody else sends while it is deleted
    sqs, url = lab.client("sqs"), lab.outputs("SqsDlq").SourceQueueDlqUrl
    clear(lab, ["SqsDlq"])
    sqs.send_message(QueueUrl=url, MessageBody="before")
    asked: list[str] = []

    def send_one(model: Any, **_: Any) -> None:
        if model.name == "DeleteMessage" and "DeleteMessage" not in asked:
            lab.clock.sleep(1)
            sqs.send_message(QueueUrl=url, MessageBody="meanwhile")
        asked.append(model.name)

    sqs.meta.events.register("before-call", send_one, "meanwhile")
    try:
        told = clear(lab, ["SqsDlq"])
    finally:
        sqs.meta.events.unregister("before-call", unique_id="meanwhile")
    # Then theirs is there, can be received at once, and ours is gone, without a purge
    [left] = lab.messages(url)
    assert left["Body"] == "meanwhile"
    assert told.startswith("Reset: 1 message deleted")
    assert told.endswith("Sent meanwhile, so they stay: 1.")
    assert "PurgeQueue" not in asked


def test_a_clock_of_this_machine_that_is_wrong_spares_nothing_and_takes_nothing_more(
    lab: Lab,
) -> None:
    # Given an account (whose time nobody skips) that is an hour ahead of this machine
    ahead = lab.clock.now() + timedelta(hours=1)
    sqs = SimpleNamespace(
        get_queue_attributes=lambda **_: {
            "ResponseMetadata": {"HTTPHeaders": {"date": format_datetime(ahead)}}
        }
    )
    account = SimpleNamespace(
        clock=SimpleNamespace(is_virtual=False, now=lab.clock.now), client=lambda _: sqs
    )
    # Then what counts is the time by which messages are stamped
    assert emptying._now(account, "url") == ahead.replace(microsecond=0)  # type: ignore[arg-type]


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
