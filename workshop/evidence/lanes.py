"""What is drawn for one message. Pure.

Times are seconds since the message was sent, so that messages sent at different moments can be
compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workshop.evidence.attempts import OPEN

# Two services stamp: what one says happened first may have been a little later.
CLOCKS_APART_S = 1.0
Prediction = int | Sequence[float]


@dataclass(frozen=True)
class Attempt:
    """One attempt; `outcome` is ok, error, shared, timeout, crash, running or "not known yet".

    `shared`: the handler did this message's work, and the invocation failed for another one.

    `batch` is the request id of an invocation that had more messages than this one, else "".

    `start_s` is that of START. Where an environment initialises again, after a timeout, that is
    within the duration and before START: `before_start_s` of it.
    """

    number: int
    start_s: float
    duration_s: float
    outcome: str
    error_type: str
    error_message: str
    batch: str = ""
    before_start_s: float = 0.0

    @property
    def at_s(self) -> float:
        """When it began, as of every mark."""
        return self.start_s

    @property
    def end_s(self) -> float:
        """When it ended."""
        return self.start_s + self.duration_s - self.before_start_s


@dataclass(frozen=True)
class Wait:
    """Nothing happens, for a reason; `length_s` is as AWS counts it, `cause` names it."""

    start_s: float
    end_s: float
    length_s: float
    cause: str


@dataclass(frozen=True)
class Phantom:
    """A receive without an attempt: no log line tells of it, the receive count rose all the same.

    Or the line of a batch tells of it, that the function stopped before this message: `batch` is
    then the request id, and `batch_size` how many messages it had.
    """

    at_s: float
    receive_count: int
    batch: str = ""
    batch_size: int = 0
    # How long that invocation took; None while it runs, and of a receive that left no line.
    duration_s: float | None = None

    @property
    def end_s(self) -> float:
        """When the batch had ended; when it was received, where none is known."""
        return self.at_s + (self.duration_s or 0.0)

    @property
    def told(self) -> str:
        """Why there is no attempt."""
        return "not tried" if self.batch else "no log line"


@dataclass(frozen=True)
class Arrival:
    """Where the message ended; `is_derived` when AWS keeps no time stamp of it."""

    at_s: float
    target: str
    reason: str
    is_success: bool
    is_derived: bool


@dataclass(frozen=True)
class Lane:
    """One message, or several with the same story.

    `turn` tells the messages of one order apart: 1 for the one that was sent first; 0 for an order
    of one message. `messages` is how many; of several, this is a typical one, and `spread_s` holds
    for each of its attempts between which times nine in ten of them started. `sent_at` is when its
    time began. `unmarked` is what was guessed where no mark can be drawn for it, and why not.
    `group` is its message group in a FIFO queue, else "". `is_gone`: it was looked for wherever it
    could be, and is not there. `is_end_sought`: the queues in which messages end were looked into.
    """

    message_id: str
    order_id: str
    attempts: tuple[Attempt, ...]
    waits: tuple[Wait, ...]
    phantoms: tuple[Phantom, ...]
    arrival: Arrival | None
    predicted_s: tuple[float, ...]
    turn: int = 0
    messages: int = 1
    spread_s: tuple[tuple[float, float], ...] = ()
    sent_at: datetime | None = None
    unmarked: str = ""
    is_gone: bool = False
    group: str = ""
    is_end_sought: bool = True

    @property
    def label(self) -> str:
        """The business key, else the start of the message id; of several their number.

        Of an order that was sent more than once also which message it is, in front: the end of a
        long name is cut.
        """
        if self.messages > 1:
            return f"{self.messages:,} messages"
        return f"{_ordinal(self.turn)} {self.name}" if self.turn else self.name

    @property
    def name(self) -> str:
        """The business key of the message that is drawn, else the start of its id."""
        return self.order_id or self.message_id[:8]

    @property
    def caption(self) -> str:
        """What stands below the label, in small letters."""
        if self.messages > 1:
            return f"such as {self.name}"
        return self.message_id[:8] if self.order_id else ""

    @property
    def is_processed(self) -> bool:
        """Whether an attempt succeeded."""
        return any(attempt.outcome == "ok" for attempt in self.attempts)

    @property
    def is_unsought(self) -> bool:
        """Whether it may lie where messages end, and nobody looked."""
        is_running = bool(self.attempts) and self.attempts[-1].outcome in OPEN
        return not (self.is_end_sought or self.arrival or self.is_processed or is_running)

    @property
    def open_end(self) -> str:
        """Where it is, in words, while no end of it is known."""
        if self.is_unsought:
            return "its end was not looked for"
        return "still on its way" if self.attempts or self.phantoms else "not received yet"

    @property
    def in_time(self) -> tuple[Attempt, ...]:
        """The attempts until it arrived; what was tried after that was delivered once more."""
        if self.arrival is None:
            return self.attempts
        last_s = self.arrival.at_s + CLOCKS_APART_S
        return tuple(attempt for attempt in self.attempts if attempt.start_s <= last_s)

    def has_reached(self, limit: int | None) -> bool:
        """Whether it was received in vain as often as a limit allows; more or fewer had another."""
        used = len(self.attempts) + len(self.phantoms)
        return used > 0 and not self.is_processed and used == limit

    @property
    def tracks(self) -> tuple[int, ...]:
        """For each attempt its track: 0, or another one while an earlier attempt still runs."""
        ends_s: list[float] = []
        tracks = []
        for attempt in self.attempts:
            free = (n for n, end_s in enumerate(ends_s) if end_s <= attempt.start_s)
            track = next(free, len(ends_s))
            ends_s[track : track + 1] = [attempt.end_s]
            tracks.append(track)
        return tuple(tracks)

    @property
    def end_s(self) -> float:
        """The last thing that happened."""
        ends = [0.0, *(attempt.end_s for attempt in self.attempts)]
        return max([*ends, self.arrival.at_s] if self.arrival else ends)


def _ordinal(number: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    ending = "th" if 10 < number % 100 < 14 else endings.get(number % 10, "th")
    return f"{number}{ending}"


def spoken_s(seconds: float) -> str:
    """A length of time for reading: "30 s", "0.4 s", "2 h 5 min"."""
    if seconds < 9.95:
        return f"{seconds:z.1f} s".replace(".0 s", " s")
    if seconds < 600:
        return f"{seconds:z.0f} s"
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    return f"{minutes} min" if not hours else f"{hours} h" + (f" {rest} min" if rest else "")
