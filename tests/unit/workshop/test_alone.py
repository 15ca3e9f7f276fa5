"""Two commands at once: the second waits, and says so."""

import threading
from pathlib import Path

import pytest

from tests.unit.workshop.fake_aws import fake_session
from workshop.stacks.alone import alone
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


def test_others_stacks_are_nobodys_obstacle(tmp_path: Path) -> None:
    mine, hers = fake_session(), fake_session(Target(participant="ada"))
    mine.state = hers.state = tmp_path
    with alone(mine, pytest.fail), alone(hers, pytest.fail):
        pass
