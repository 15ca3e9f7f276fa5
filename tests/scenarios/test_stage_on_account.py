"""The stage on an account: an embedded AWS that is used as one, late; each poll moves its time."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from localaws import EndpointInfo, launch
from tests.browser import needs_chromium
from workshop.lab import Lab
from workshop.stacks import deployment
from workshop.stage.director import Director
from workshop.stage.opening import OpenStage
from workshop.stage.theatre import LiveTheatre
from workshop.target.account import open_session
from workshop.target.clock import EmbeddedClock, RealClock
from workshop.target.session import Session
from workshop.target.target import Target

ACCOUNT = "482913057716"
USED = ("SqsDlq", "LambdaDestinations", "LambdaDlq")
SECONDS_OF_A_LOG = 30.0

State = dict[str, Any]


@pytest.fixture(scope="module")
def info() -> Iterator[EndpointInfo]:
    with launch(account_id=ACCOUNT, lateness=7) as running:
        yield running.info


@pytest.fixture(scope="module")
def on_account(info: EndpointInfo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab that cannot skip time; each second that it waits passes at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", info.aws_access_key_id)
        patch.setenv("AWS_SECRET_ACCESS_KEY", info.aws_secret_access_key)
        session = open_session(
            Target(
                "aws",
                profile="environment",
                region=info.region,
                account=ACCOUNT,
                endpoint_url=info.endpoint_url,
            )
        )
        clock = EmbeddedClock(info.clock_url, info.aws_secret_access_key)
        # Made as on the embedded AWS, without the CDK CLI.
        state = tmp_path_factory.mktemp("state")
        maker = Session(Target(), session.client, clock, state=state, lateness=session.lateness)
        deployment.deploy(maker, USED, on_progress=lambda told: None)
        session.clock = RealClock(pause=clock.sleep, read=clock.now)
        yield Lab(session)


@pytest.fixture
def director(on_account: Lab) -> Iterator[Director]:
    made = Director(
        LiveTheatre(on_account),
        pause_s=0.0,
        now_s=lambda: on_account.clock.now().timestamp(),
    )
    yield made
    made.close()


def played(director: Director, scene: str) -> list[State]:
    """All that was shown of a scene, until it was over."""
    states: list[State] = []
    director.listen(states.append)
    assert director.press("scene", name=scene)
    director.wait()
    assert director.state()["phase"] == "over", director.state()["note"]
    return [one for one in states if one["facts"]]


def ends(states: list[State]) -> list[int]:
    return [number for _, number, _ in states[-1]["payoff"]]


@pytest.mark.parametrize(
    ("scene", "told"),
    [("sqs", [3, 2, 1, 0, 0]), ("destinations", [3, 2, 1, 0, 0]), ("fourth-path", [1, 0, 1, 0, 0])],
)
def test_a_scene_is_shown_as_it_is_polled_and_tells_what_came_late(
    director: Director, on_account: Lab, scene: str, told: list[int]
) -> None:
    states = played(director, scene)
    assert ends(states) == told
    running = [one for one in states if one["phase"] == "running"]
    # Nothing is skipped, and nothing is shown before it has happened
    assert {one["rate"] for one in running} == {1.0}
    for one in running:
        messages = [message for run in one["facts"]["runs"] for message in run["messages"]]
        steps_s = [step[0] for message in messages for step in message["steps"]]
        assert max(steps_s) <= one["t_s"] + 0.001
    # AWS's clock never goes back, though what it brings is of earlier
    shown_s = [one["t_s"] for one in running]
    assert shown_s == sorted(shown_s)
    # What a log showed late is told as late, by no more than logs, counts and a look are
    late = [one["late_s"] for one in running if one["late_s"]]
    assert late
    assert all(3 <= one <= 2 * SECONDS_OF_A_LOG + 5 for one in late)
    # And when all has ended it is said until when a line may still come
    assert any(one["sure_s"] for one in running)
    assert on_account.changed("LambdaDlq").differences == ()


def test_an_outage_is_redriven_stopped_and_reset(
    director: Director, on_account: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given an outage of which no log line tells, but counts that are a minute old
    assert ends(played(director, "outage")) == [3, 0, 3, 0, 0]
    assert ends(played(director, "redrive")) == [3, 3, 0, 0, 0]
    # When another one is stopped as soon as something of it is seen
    director.listen(lambda state: state["facts"] and director.press("stop"))
    director.press("scene", name="outage")
    director.wait()
    state = director.state()
    # Then its settings are back, and a reset tells what it could not delete
    assert state["phase"] == "stopped"
    assert on_account.changed("SqsDlq").differences == ()
    director.press("reset")
    director.wait()
    note = director.state()["note"]
    assert re.match(r"Reset: \d+ messages? deleted in [\d.]+ s\.", note)
    # And of what is counted late, until when it may have been so
    assert re.search(r"In flight, as SQS counted up to 60 s ago: \d+\. What a poller holds", note)


def test_a_scene_that_waits_for_a_permission_to_spread_is_stopped_at_once(
    on_account: Lab,
) -> None:
    # Given the fourth path, which lets a permission spread before it sends
    director = Director(LiveTheatre(on_account), pause_s=0.0)
    slept: list[float] = []

    def stop(seconds: float, cause: str = "") -> None:
        slept.append(seconds)
        director.press("stop")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(on_account.clock, "sleep", stop)
        director.press("scene", name="fourth-path")
        director.wait()
    # Then within a second it waits no longer, has sent nothing, and SNS may invoke again
    assert slept == [1.0]
    assert director.state()["phase"] == "stopped"
    assert director.state()["facts"] is None
    assert on_account.changed("LambdaDlq").differences == ()


@needs_chromium
def test_no_id_of_the_account_reaches_the_page(
    on_account: Lab, info: EndpointInfo, page: Page
) -> None:
    # Given a way that is broken, of whose message AWS names the topic by its ARN
    told: list[str] = []
    page.on("websocket", lambda line: line.on("framereceived", lambda one: told.append(str(one))))
    stage = OpenStage(on_account)
    try:
        page.goto(stage.server.address)
        expect(page.locator(".menu")).to_be_visible()
        stage.show("fourth-path")
        expect(page.locator("body")).to_have_attribute("data-phase", "over")
        shown = page.content()
    finally:
        stage.close()
    # Then the page is told of it, with an alias in the place of the id
    everything = shown + "".join(told)
    assert "ACCOUNT-1" in everything
    for secret in (ACCOUNT, info.aws_access_key_id, info.aws_secret_access_key, info.endpoint_url):
        assert secret not in everything
    assert json.loads(told[0]).keys() == {"scenes"}
