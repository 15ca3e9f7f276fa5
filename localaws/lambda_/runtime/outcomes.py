"""What can happen to a child process while an environment waits for it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ready:
    """It asked for the next invocation."""


@dataclass(frozen=True)
class Responded:
    """The handler returned; `body` is the response."""

    body: bytes


@dataclass(frozen=True)
class Failed:
    """The handler raised; `body` is the error's payload."""

    body: bytes


@dataclass(frozen=True)
class InitFailed:
    """The handler's module could not be loaded."""

    body: bytes
    error_type: str


@dataclass(frozen=True)
class Exited:
    """The process ended by itself; a negative code is the number of a signal."""

    returncode: int


@dataclass(frozen=True)
class TimedOut:
    """The time that was allowed is over."""


@dataclass(frozen=True)
class OutOfMemory:
    """It used more memory than the function has."""


Outcome = Ready | Responded | Failed | InitFailed | Exited | TimedOut | OutOfMemory
