"""Two commands at once: the second waits, and says so."""

import threading
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.unit.workshop.fake_aws import fake_session
from workshop.errors import WorkshopError
from workshop.stacks.alone import alone
from workshop.target import locks
from workshop.target.target import Target


def test_the_second_command_waits_for_the_first(tmp_path: Path) -> None:
    session = fake_session()
    session.state = tmp_path
    happened, says_that_it_waits = list[str](), threading.Event()

    def second() -> None:
        with alone(session, lambda text: (happened.append(text), says_that_it_waits.set())):
            happened.append("second")

    # Given a command at work, when another one begins
    with alone(session, happened.append):
        other = threading.Thread(target=second)
        other.start()
        assert says_that_it_waits.wait(60)
        happened.append("first")
    other.join(60)
    # Then it says why it waits, and has its turn afterwards
    assert happened == [
        "another deploy or destroy in this folder works on these stacks: waiting for its end",
        "first",
        "second",
    ]


def test_a_long_wait_gives_signs_of_life_and_ends_with_the_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given another command that is done 40 s later
    session, tries = fake_session(), [None, None, None, None, None, nullcontext()]
    session.state = tmp_path
    monkeypatch.setattr(locks, "try_acquire", lambda *_: tries.pop(0))
    happened = list[str]()
    with alone(session, happened.append, lambda: happened.append("turn")):
        pass
    # Then whoever reads a log sees every ten seconds that it still waits
    said = [f"waiting for its end: {seconds} s so far" for seconds in (10, 20, 30, 40)]
    assert happened[1:] == [*said, "turn"]


def test_the_lock_of_who_never_ends_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "try_acquire", lambda *_: None)
    told = list[float]()
    with pytest.raises(WorkshopError, match="for 25 s"):
        locks.acquire(tmp_path, 25, told.append)
    assert told == [10, 20, 25]


def test_others_stacks_are_nobodys_obstacle(tmp_path: Path) -> None:
    mine, hers = fake_session(), fake_session(Target(participant="ada"))
    mine.state = hers.state = tmp_path
    with alone(mine, pytest.fail), alone(hers, pytest.fail):
        pass
