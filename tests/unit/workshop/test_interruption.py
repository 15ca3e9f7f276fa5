"""An interruption ends a command, also one that arrives where Python drops exceptions."""

import io
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from workshop.cli.interruption import Interruption
from workshop.stacks import deployment


class Response(io.BufferedIOBase):
    """Like an HTTP response that nobody refers to any more: Python closes it, and drops errors."""

    def close(self) -> None:
        signal.raise_signal(signal.SIGINT)


@pytest.fixture
def interruption() -> Iterator[Interruption]:
    kept = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    found = Interruption(look_every_s=0.01)
    found.install()
    yield found
    found.ended()
    for number, handler in kept.items():
        signal.signal(number, handler)


def work_until(seconds: float) -> None:
    """What takes time in the main thread: a sleep would be interrupted by nothing but a signal."""
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s:
        pass


def test_one_that_a_finalizer_swallows_is_told_again(interruption: Interruption) -> None:
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - when it comes is not known
        Response()
        work_until(10)


def test_clean_up_is_not_interrupted_once_more(interruption: Interruption) -> None:
    cleaned = False

    @contextmanager
    def cleaning() -> Iterator[None]:
        nonlocal cleaned
        try:
            yield
        finally:
            work_until(0.1)
            cleaned = True

    with pytest.raises(KeyboardInterrupt), cleaning():
        signal.raise_signal(signal.SIGTERM)
    assert cleaned
    assert not [one for one in threading.enumerate() if one.name == "interruption"]


def test_a_command_in_the_background_ends_too() -> None:
    kept = signal.signal(signal.SIGINT, signal.SIG_IGN)
    found = Interruption()
    try:
        found.install()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    finally:
        found.ended()
        signal.signal(signal.SIGINT, kept)


def test_an_interruption_is_passed_on_where_nobody_reads_what_is_said() -> None:
    def gone(text: str) -> None:
        raise BrokenPipeError

    with pytest.raises(KeyboardInterrupt), deployment._interruption_told(gone):
        raise KeyboardInterrupt
