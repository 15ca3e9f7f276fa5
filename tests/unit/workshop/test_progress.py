"""A line that says how far something is, in a terminal and in a log."""

import io
import re
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from tests.unit.workshop.fake_aws import fake_session
from tests.unit.workshop.test_waiting import FakeClock
from workshop.cli.progress import Progress
from workshop.evidence.look_line import look_line
from workshop.progress import ProgressLine
from workshop.target.clock import RealClock
from workshop.target.waiting import wait_briefly

LONG = "waiting until it is moved (" + "because of this, " * 12 + "and that): 30 s left"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_gets_a_text_every_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    log, now_s = io.StringIO(), [0.0]
    monkeypatch.setattr("sys.stderr", log)
    line = ProgressLine(lambda: now_s[0])
    for second in range(25):
        now_s[0] = float(second)
        line.update(f"{second} s")
    line.finish("done")
    assert log.getvalue().splitlines() == ["2 s", "12 s", "22 s", "done"]


def test_what_is_over_at_once_is_one_line_of_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    monkeypatch.setattr("sys.stderr", log)
    line = ProgressLine(lambda: 0.0)
    line.update("begun")
    line.finish("done")
    assert log.getvalue() == "done\n"


def test_a_terminal_shows_all_of_a_long_line_and_writes_over_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal, now_s = Terminal(), [0.0]
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("COLUMNS", "80")
    line = ProgressLine(lambda: now_s[0])
    line.update(LONG)
    rows = re.sub(r"\x1b\[\d*[AJ]|\r", "", terminal.getvalue()).splitlines()
    assert max(map(len, rows)) < 80
    # Then nothing of its causes is cut, and its end can be read
    assert " ".join(rows) == LONG
    now_s[0] = 1.0
    line.update("short")
    assert terminal.getvalue().endswith(f"\x1b[{len(rows) - 1}A\r\x1b[Jshort")


def test_ctrl_c_leaves_no_line_as_if_the_work_went_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", terminal := Terminal())
    line = ProgressLine()
    line.update("waiting: 20 s left")
    with pytest.raises(KeyboardInterrupt), line.ended():
        raise KeyboardInterrupt
    # Then it is written over, and what comes next has a row of its own
    assert terminal.getvalue().endswith("\r\x1b[Jinterrupted: waiting: 20 s left\n")
    # And where there is no line, or it has its end already, nothing is said
    before = terminal.getvalue()
    for over in (ProgressLine(), line):
        with pytest.raises(KeyboardInterrupt), over.ended():
            raise KeyboardInterrupt
    assert terminal.getvalue() == before


def test_an_error_is_no_interruption(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", terminal := Terminal())
    line = ProgressLine()
    line.update("comparing")
    with pytest.raises(KeyError), line.ended():
        raise KeyError
    assert terminal.getvalue().endswith("ended early: comparing\n")


def sleep() -> None:
    def pause(_: float) -> None:
        raise KeyboardInterrupt

    RealClock(pause).sleep(60, "so")


def wait() -> None:
    clock = FakeClock(is_virtual=False)

    def condition() -> bool:
        if clock.at_s > 5:
            raise KeyboardInterrupt
        return False

    wait_briefly(clock, condition, "it is Enabled")


def look() -> None:
    session = fake_session()
    session.clock = FakeClock(is_virtual=False)
    with look_line(session) as tell:
        tell("Q")
        raise KeyboardInterrupt


@pytest.mark.parametrize("interrupted", [sleep, wait, look])
def test_ctrl_c_ends_the_line_of_a_sleep_a_short_wait_and_a_look(
    monkeypatch: pytest.MonkeyPatch, interrupted: Callable[[], None]
) -> None:
    monkeypatch.setattr("sys.stderr", terminal := Terminal())
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(KeyboardInterrupt) as caught:
        interrupted()
    # In a notebook no traceback of the waiting itself comes below it
    assert caught.value._render_traceback_() == ["KeyboardInterrupt"]  # type: ignore[attr-defined]
    last = terminal.getvalue().rpartition("\x1b[J")[2]
    assert last.startswith("interrupted")
    assert last.endswith("\n")


def test_a_short_wait_whose_object_is_gone_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", terminal := Terminal())
    clock = FakeClock(is_virtual=False)

    def condition() -> bool:
        if clock.at_s > 5:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetFunction")
        return False

    with pytest.raises(ClientError):
        wait_briefly(clock, condition, "the function is ready")
    last = terminal.getvalue().rpartition("\x1b[J")[2]
    assert last == "cannot be seen any more, what it needs is gone: the function is ready\n"
    # But of one that nobody has seen there is nothing to say
    clock.at_s, before = 6, terminal.getvalue()
    with pytest.raises(ClientError):
        wait_briefly(clock, condition, "the function is ready")
    assert terminal.getvalue() == before


def test_a_command_shows_all_of_a_wait_too(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("COLUMNS", "80")
    progress = Progress()
    progress.step("running 02-lambda-destinations.ipynb")
    progress.wait(LONG)
    shown = terminal.getvalue().rpartition("\x1b[J")[2].splitlines()
    assert max(map(len, shown)) < 80
    assert " ".join(shown) == f"running 02-lambda-destinations.ipynb: {LONG}"
    # And what comes next is written over all of its rows
    progress.tell("something that stays")
    assert f"\x1b[{len(shown) - 1}A\r\x1b[Jsomething that stays\n" in terminal.getvalue()
    progress.done()
    assert "running 02-lambda-destinations.ipynb: done (" in terminal.getvalue()


def test_a_log_of_guides_tells_of_long_waits_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    log, now_s = io.StringIO(), [0.0]
    monkeypatch.setattr("sys.stderr", log)
    progress = Progress(lambda: now_s[0])
    progress.step("running 00")
    for second in range(25):
        now_s[0] = float(second)
        progress.wait(f"waiting: {25 - second} s left")
    assert log.getvalue().splitlines() == [
        "running 00",
        "  waiting: 15 s left",
        "  waiting: 5 s left",
    ]
