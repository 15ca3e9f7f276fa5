"""The director: commands are accepted or dropped, scenes end, stop and fail as they should."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from tests.unit.workshop.stage.fakes import LIMIT_S, MOMENTS, FakeScene, FakeTheatre
from workshop.errors import EndpointError
from workshop.stage.director import Director
from workshop.stage.moments import moments_of
from workshop.stage.scripts import after, scripts, steps


@pytest.fixture
def theatre() -> FakeTheatre:
    return FakeTheatre()


@pytest.fixture
def director(theatre: FakeTheatre) -> Iterator[Director]:
    made = Director(theatre, pause_s=0.0)
    yield made
    if theatre.may_go_on:
        theatre.may_go_on.set()
    made.close()


def until(holds: Callable[[], bool]) -> None:
    """Let the director's thread work."""
    end_s = time.monotonic() + LIMIT_S
    while not holds():
        assert time.monotonic() < end_s
        threading.Event().wait(0.002)


def is_at(director: Director, phase: str) -> bool:
    return bool(director.state()["phase"] == phase)


def test_a_scene_comes_to_its_end_moment_by_moment(
    director: Director, theatre: FakeTheatre
) -> None:
    seen: list[int] = []
    director.listen(lambda state: seen.append(state["shown"]))
    assert director.state()["facts"] is None
    assert director.press("scene", name="sqs")
    until(lambda: is_at(director, "over"))
    # Then no moment was passed over, and everything was put back
    assert sorted({*seen} - {0}) == list(range(1, len(MOMENTS) + 1))
    assert theatre.did == ["sqs", "begin", "run at skip", "end"]
    assert [number for _, number, _ in director.state()["payoff"]] == [3, 2, 1, 0, 0]


def test_a_second_press_and_a_wrong_key_are_dropped(
    director: Director, theatre: FakeTheatre
) -> None:
    theatre.may_go_on = threading.Event()
    assert director.press("scene", name="sqs")
    assert not director.press("scene", name="sqs")
    assert not director.press("scene", name="outage")
    assert not director.press("scene", name="nonsense")
    assert not director.press("nonsense")
    assert not director.press("speed", speed="1000")
    theatre.may_go_on.set()
    until(lambda: is_at(director, "over"))
    # And nothing of it was kept for later
    assert theatre.did.count("begin") == 1


def test_a_space_bar_that_is_pressed_once_more_at_the_end_begins_nothing(
    theatre: FakeTheatre,
) -> None:
    # Given a scene that has ended this moment
    now_s = [100.0]
    director = Director(theatre, pause_s=0.0, now_s=lambda: now_s[0])
    director.press("scene", name="sqs")
    until(lambda: is_at(director, "over"))
    director.wait()
    # Then the press that was meant for it is dropped, and one that is meant is not
    assert not director.press("next")
    now_s[0] += 1.0
    assert director.press("next")
    director.close()


def test_a_scene_that_is_asked_for_as_soon_as_the_end_is_told_begins(
    director: Director, theatre: FakeTheatre
) -> None:
    accepted: list[bool] = []

    def ask(state: dict[str, Any]) -> None:
        if state["phase"] == "over" and not accepted:
            accepted.append(director.press("scene", name="outage"))

    director.listen(ask)
    director.press("scene", name="sqs")
    until(lambda: theatre.did.count("end") == 2)
    assert accepted == [True]


def test_what_is_heard_last_is_the_latest_whichever_thread_tells_it(director: Director) -> None:
    # Given somebody who is slow to hear what a key did, until the step that it asked for has come
    director.press("freeze")
    director.press("scene", name="sqs")
    until(lambda: director.state()["shown"] == 1)
    heard: list[int] = []

    def hear(state: dict[str, Any]) -> None:
        if threading.current_thread() is threading.main_thread():
            until(lambda: director.state()["shown"] == 2)
        heard.append(state["shown"])

    director.listen(hear)
    director.press("next")
    # Then the step is heard after the key
    until(lambda: heard[-1:] == [2])


def test_frozen_it_stops_at_every_event_and_goes_back(director: Director) -> None:
    director.press("freeze")
    director.press("scene", name="sqs")
    until(lambda: director.state()["shown"] == 1)
    for number in range(2, len(MOMENTS) + 1):
        assert director.press("next")
        until(lambda number=number: director.state()["shown"] == number)  # type: ignore[misc]
    assert director.press("back")
    state = director.state()
    assert state["shown"] == len(MOMENTS) - 1
    # What was gone back from is not known on the screen
    assert len(moments_of(state["facts"])) == len(MOMENTS) - 1
    assert director.press("next")
    assert director.state()["shown"] == len(MOMENTS)


def test_stop_ends_a_scene_and_puts_back_what_it_set(
    director: Director, theatre: FakeTheatre
) -> None:
    director.press("freeze")
    director.press("scene", name="outage")
    until(lambda: director.state()["shown"] == 1)
    assert director.press("stop")
    assert not director.press("stop")
    until(lambda: is_at(director, "stopped"))
    assert theatre.did[-1] == "end"
    # And a scene that came to no end has no answer
    assert director.state()["note"].startswith("Stopped. Three orders were sent. Space: ")


def test_a_reset_works_during_a_scene_and_leaves_an_empty_stage(
    director: Director, theatre: FakeTheatre
) -> None:
    director.press("freeze")
    director.press("scene", name="outage")
    until(lambda: director.state()["shown"] == 1)
    assert director.press("reset")
    until(lambda: is_at(director, "empty"))
    state = director.state()
    assert theatre.did[-2:] == ["end", "clear"]
    assert (state["facts"], state["payoff"], state["scene"]) == (None, [], None)
    assert state["note"] == "Reset: 3 messages deleted."
    assert not state["is_frozen"]


@pytest.mark.parametrize(
    "error",
    [
        EndpointError("The embedded AWS does not answer any more.", "Connect again."),
        EndpointConnectionError(endpoint_url="http://127.0.0.1:1"),
    ],
    ids=["ours", "boto3's"],
)
def test_an_endpoint_that_is_gone_is_told_in_a_sentence(
    director: Director, theatre: FakeTheatre, error: Exception
) -> None:
    theatre.error = error
    director.press("scene", name="sqs")
    until(lambda: is_at(director, "failed"))
    note = director.state()["note"]
    # Then the way back is one that there is: nothing can be emptied where nothing answers
    assert note.startswith("AWS does not answer any more. End the stage")
    assert "Press R" not in note
    # And so it is while nothing runs
    theatre.error = None
    assert director.press("reset")
    until(lambda: is_at(director, "empty"))
    theatre.is_there = False
    director.check()
    assert director.state()["note"] == note


def test_a_stopped_scene_keeps_the_time_that_it_had_reached(
    director: Director, theatre: FakeTheatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a wait in which time runs on
    looked = FakeScene.look
    monkeypatch.setattr(FakeScene, "look", lambda scene: {**looked(scene), "now_s": 21.0})
    director.press("freeze")
    director.press("scene", name="sqs")
    until(lambda: director.state()["shown"] == 1)
    assert director.state()["t_s"] == 21.0
    director.press("stop")
    until(lambda: is_at(director, "stopped"))
    assert director.state()["t_s"] == 21.0


def test_the_script_goes_through_every_scene_once() -> None:
    names, name = [], None
    for _ in range(len(scripts()) - 1):
        name = after(name, steps()).name
        names.append(name)
    assert names == [name for name in scripts() if name != "own"]
    keys = [one.key for one in scripts().values()]
    assert len(set(keys)) == len(keys)


def test_the_space_bar_keeps_to_the_order_that_it_was_given(theatre: FakeTheatre) -> None:
    # Given a talk of three scenes
    director = Director(theatre, pause_s=0.0, order=("sqs", "poison", "outage"))
    told = [director.state()["next"]["name"]]
    for name in ("sqs", "fifo", "poison", "outage"):
        # When they are shown, and one that a listener asks for in between
        assert director.press("scene", name=name)
        director.wait()
        told.append(director.state()["next"]["name"])
        # And what the scene has set, and its answer, stay before it
        kept = "Three orders were sent. The bad one is given up after 90 s."
        closing = f"{kept} Space: {scripts()[told[-1]].title}."
        assert director.state()["note"] == closing
        # But not to who goes back: there the space bar is the next moment, and no answer is known
        assert director.press("back")
        assert director.state()["note"] == "Three orders were sent."
        assert director.press("next")
        assert director.state()["note"] == closing
    # Then the presenter is told what the space bar does, and the talk goes on where it was
    assert told == ["sqs", "poison", "poison", "outage", "sqs"]
    # And begins anew after a reset
    director.press("scene", name="sqs")
    director.wait()
    director.press("reset")
    director.wait()
    assert director.state()["next"]["name"] == "sqs"
    director.close()


@pytest.mark.parametrize("late_s", [0.0, 5.0])
def test_a_clock_that_has_run_past_the_end_does_not_turn_back(
    theatre: FakeTheatre, monkeypatch: pytest.MonkeyPatch, late_s: float
) -> None:
    # Given an AWS whose time runs on while one looks: each look is 25 s behind it
    looked = FakeScene.look
    monkeypatch.setattr(
        FakeScene,
        "look",
        lambda scene: {
            **looked(scene),
            "now_s": theatre.moments[scene.reached].until_s + 25.0,
            "late_s": late_s,
        },
    )
    director = Director(theatre, pause_s=0.0, now_s=lambda: 100.0)
    heard: list[dict[str, Any]] = []
    director.listen(heard.append)
    director.press("speed", speed="60")
    director.press("scene", name="sqs")
    director.wait()
    shown_s = [state["t_s"] for state in heard if state["facts"]]
    assert shown_s == sorted(shown_s)
    # Then at the end it stands at the last moment, or where AWS tells late as far as it had come
    last_s = MOMENTS[-1].until_s
    assert shown_s[-1] == pytest.approx(last_s + (25.0 if late_s else 0.0), abs=0.01)
    assert bool(late_s) == (shown_s[-1] > last_s)
    director.close()


def test_a_key_that_cannot_be_obeyed_is_answered_and_one_pressed_twice_is_not(
    director: Director, theatre: FakeTheatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a scene that goes on, and takes its time to put back what it set
    theatre.may_go_on, is_put_back = threading.Event(), threading.Event()
    monkeypatch.setattr(FakeScene, "end", lambda _: is_put_back.wait(LIMIT_S))
    assert director.refusal("scene", name="time-out") == ""
    director.press("scene", name="function-dlq")
    assert director.refusal("scene", name="time-out") == "Scene 3 is running: S stops it."
    assert director.refusal("scene", name="function-dlq") == ""
    assert director.refusal("scene", name="nonsense") == director.refusal("next") == ""
    # And one that is being stopped, or emptied, has to be waited for
    director.press("stop")
    assert director.refusal("scene", name="sqs").startswith("Scene 3 is being stopped.")
    director.press("reset")
    assert director.refusal("scene", name="sqs").startswith("The stage is being emptied.")
    theatre.may_go_on.set()
    is_put_back.set()
    until(lambda: is_at(director, "empty"))
    assert director.refusal("scene", name="sqs") == ""


def test_a_clock_that_runs_goes_on_between_two_looks(theatre: FakeTheatre) -> None:
    # Given a scene at ten times AWS's speed, whose next look takes its time, while orders wait
    # for the end of their visibility timeouts
    now_s = [100.0]
    theatre.may_go_on, theatre.moments = threading.Event(), MOMENTS[2:]
    director = Director(theatre, pause_s=0.0, now_s=lambda: now_s[0])
    director.press("speed", speed="10")
    director.press("scene", name="sqs")
    until(lambda: director.state()["shown"] == 3)
    at_s = director.state()["t_s"]
    now_s[0] += 2.0
    # Then who opens the page now sees where AWS's time is, and how fast it runs
    assert director.state()["t_s"] == pytest.approx(at_s + 20.0)
    assert director.state()["rate"] == 10.0
    # But no further than to the end of the wait, until what happens then is known
    now_s[0] += 100.0
    assert director.state()["t_s"] == director.state()["until_s"] == pytest.approx(30.0, abs=0.2)
    # And where it is frozen it stands
    director.press("freeze")
    assert (director.state()["t_s"], director.state()["rate"]) == (at_s, 0.0)
    theatre.may_go_on.set()
    director.close()
