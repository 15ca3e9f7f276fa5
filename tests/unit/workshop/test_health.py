"""How the embedded AWS fares: stopped is neither busy nor ended."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from workshop.cli import health_lines
from workshop.errors import EndpointError
from workshop.target import embedded, health
from workshop.target.clock import EmbeddedClock
from workshop.target.health import Health
from workshop.target.run_state import NO_OTHER_VARIABLE, RunState
from workshop.target.target import Target

INFO = {"clock_url": "http://127.0.0.1:9/_clock", "aws_secret_access_key": "secret"}
ENDPOINT = 2**31 - 1


class Machine:
    """What the operating system says of processes."""

    def __init__(self) -> None:
        self.states = {ENDPOINT: "sleeping", os.getpid(): "running"}

    def look(self, pid: int) -> str:
        return self.states[pid]


@pytest.fixture
def state(tmp_path: Path) -> RunState:
    state = RunState(tmp_path)
    state.write(INFO, ENDPOINT)
    return state


@pytest.mark.parametrize(
    ("pid", "stopped"),
    [
        (ENDPOINT, f"The embedded AWS is stopped (process {ENDPOINT}): it answers nobody. "),
        (os.getpid(), f"The keeper of the embedded AWS is stopped (process {os.getpid()}): "),
    ],
    ids=["endpoint", "keeper"],
)
def test_each_stop_and_each_going_on_is_told_once(
    state: RunState, tmp_path: Path, pid: int, stopped: str
) -> None:
    machine = Machine()
    with state.keeping():
        fares = Health(tmp_path, machine.look)
        assert fares.news() == []
        for _ in range(2):
            machine.states[pid] = "stopped"
            (told,) = fares.news()
            assert told.startswith(stopped)
            assert told.endswith(f"`kill -CONT {pid}` lets it go on.")
            assert fares.news() == []
            machine.states[pid] = "sleeping"
            (told,) = fares.news()
            assert told.endswith(f"goes on (process {pid}).")
            assert fares.news() == []
        assert not fares.has_ended()


@pytest.mark.parametrize("busy", ["running", "sleeping", "disk-sleep", "tracing-stop", ""])
def test_a_busy_one_is_not_taken_for_stopped(state: RunState, tmp_path: Path, busy: str) -> None:
    machine = Machine()
    machine.states[ENDPOINT] = busy
    with state.keeping():
        fares = Health(tmp_path, machine.look)
        assert fares.news() == []
        assert not fares.has_ended()
        assert health.stopped(tmp_path, machine.look) == ""


def leave(state: RunState) -> None:
    state.info_file.unlink()


def replace(state: RunState) -> None:
    state.write({**INFO, "clock_url": "http://127.0.0.1:10/_clock"}, ENDPOINT)


@pytest.mark.parametrize("end", [leave, replace])
def test_one_that_is_gone_or_replaced_has_ended(
    state: RunState, tmp_path: Path, end: Callable[[RunState], None]
) -> None:
    with state.keeping():
        fares = Health(tmp_path, Machine().look)
        end(state)
        assert fares.has_ended()


def test_the_end_of_an_endpoint_is_seen_though_its_keeper_is_stopped(
    state: RunState, tmp_path: Path
) -> None:
    machine = Machine()
    with state.keeping():
        fares = Health(tmp_path, machine.look)
        machine.states = {ENDPOINT: "zombie", os.getpid(): "stopped"}
        assert fares.has_ended()


def test_one_without_a_keeper_has_ended(state: RunState, tmp_path: Path) -> None:
    assert Health(tmp_path, Machine().look).has_ended()


def test_the_system_tells_of_this_process_and_of_none() -> None:
    assert health.state_of_process(os.getpid()) == "running"
    assert health.state_of_process(ENDPOINT) == "zombie"


def test_what_is_stopped_is_neither_used_nor_replaced(
    state: RunState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EmbeddedClock, "answers", lambda _: False)
    monkeypatch.setattr(embedded, "stopped", lambda _: "It is stopped.")
    with state.keeping():
        with pytest.raises(EndpointError, match="It is stopped"):
            embedded.find_or_start(tmp_path)
        with pytest.raises(EndpointError, match="It is stopped"), embedded.own(tmp_path):
            pass


def test_where_no_other_may_be_none_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NO_OTHER_VARIABLE, "1")
    with pytest.raises(EndpointError, match="The embedded AWS has ended"):
        embedded.find_or_start(tmp_path)


def test_what_cannot_go_on_without_it_is_told_and_ended(
    state: RunState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine, lines = Machine(), list[str]()
    monkeypatch.setattr(health_lines, "Health", lambda: Health(tmp_path, machine.look))
    with state.keeping():
        look = health_lines.needing(Target(), lines.append, "Start again.")
        look()
        machine.states[ENDPOINT] = "stopped"
        look()
        assert [line.partition(" (")[0] for line in lines] == ["The embedded AWS is stopped"]
        machine.states[ENDPOINT] = "zombie"
        with pytest.raises(EndpointError, match=r"has ended.*\nStart again\."):
            look()
