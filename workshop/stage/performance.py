"""One scene on AWS: what it has sent and set, and what AWS shows of that."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pandas as pd

from workshop.evidence.behind import chosen
from workshop.evidence.queues import QueueCounts
from workshop.evidence.retry_settings import RetrySettings
from workshop.lab import Lab
from workshop.player.places import QUEUE
from workshop.sending import ApiCall, call_to
from workshop.stage.live import SentMessage, live_facts
from workshop.stage.receives import FirstSeen, SeenOnPath, UnloggedReceives

# Attempts, arrivals, settings.
Found = tuple[pd.DataFrame, pd.DataFrame, RetrySettings]
# A queue's clock and ours differ a little: what was logged shortly before may be of this scene.
_BEFORE = timedelta(seconds=5)
# On an account what was allowed or forbidden a moment ago is not known everywhere yet.
_SPREADING = timedelta(seconds=10)


class SceneStoppedError(Exception):
    """A scene was stopped before all of it had begun; its settings are put back as ever."""


@dataclass(frozen=True)
class ScenePath:
    """One of the ways that a scene shows.

    Attributes:
        pattern: whose stack it is.
        hides: places that have nothing to do with it, where several ways share the screen.
        breaks: (from, to) of an arrow on which nothing goes any more.
        why: in a word or two, nothing goes there.
        told: place -> what the scene sets it to, in place of what the stack does.
    """

    pattern: str
    hides: tuple[str, ...] = ()
    breaks: tuple[str, str] | None = None
    why: str = ""
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Performance:
    """What belongs to one scene while it goes on.

    Attributes:
        lab: the target.
        paths: title -> the way.
        patience_s: how long a receive may wait for its log line.
        is_stopped: whether somebody has stopped the scene.
        code: the calls that were made, as one types them.
        sent: the messages of the scene.
        note: what was set, in a sentence.
        found: path -> attempts, arrivals and settings, as the last look showed them.
    """

    lab: Lab
    paths: Mapping[str, ScenePath]
    patience_s: float
    is_stopped: Callable[[], bool] = lambda: False
    code: list[str] = field(default_factory=list)
    sent: list[SentMessage] = field(default_factory=list)
    note: str = ""

    def __post_init__(self) -> None:
        self.begin = self.begun_at = self.lab.clock.now()
        self.found: dict[str, Found] = {}
        self._receives = {path: UnloggedReceives() for path in self.paths}
        self._arrived = {path: FirstSeen() for path in self.paths}
        self._settings: dict[str, RetrySettings] = {}

    @property
    def patterns(self) -> list[str]:
        """Those whose resources the scene uses."""
        return list(dict.fromkeys(path.pattern for path in self.paths.values()))

    def send(self, path: str, order: Mapping[str, Any] | str, *, group: str = "") -> None:
        """Send an order, or a text, to where a path begins.

        Args:
            path: its title.
            order: what is sent.
            group: the message group, of a FIFO queue.
        """
        out = self.lab.outputs(self.paths[path].pattern)
        call = call_to(out.source, order)
        if group:
            call = replace(call, arguments={**call.arguments, "MessageGroupId": group})
        at = self.lab.clock.now()
        message_id = call.made(self.lab)
        self._note(call)
        order_id = "" if isinstance(order, str) else str(order.get("order_id", ""))
        self.sent.append(SentMessage(path, message_id, order_id, at, group=group))

    def spread(self, cause: str) -> None:
        """Let what was changed be known everywhere, on an account, where that takes its time.

        Raises:
            SceneStoppedError: nobody waits for it any more.
        """
        clock = self.lab.clock
        end = clock.now() + _SPREADING
        while not clock.is_virtual and (left_s := (end - clock.now()).total_seconds()) > 0:
            if self.is_stopped():
                raise SceneStoppedError(cause)
            clock.sleep(min(left_s, 1.0), cause)

    def call(self, service: str, operation: str, **arguments: Any) -> Any:
        """Make another call of boto3, which is shown as well."""
        answer = getattr(self.lab.client(service), operation)(**arguments)
        self._note(ApiCall(service, operation, arguments))
        return answer

    def _note(self, call: ApiCall) -> None:
        names = {
            f"out.{name}": value
            for pattern in self.patterns
            for name, value in self.lab.outputs(pattern).items()
        }
        told = call.code(names)
        if told not in self.code:
            self.code.append(told)

    def look(self) -> dict[str, Any]:
        """The facts, as far as AWS shows them by now."""
        # Of what happens while one looks, not all may be seen.
        begun = self.lab.clock.now()
        seen = {pattern: self._seen(pattern) for pattern in self.patterns}
        found = {path: seen[one.pattern] for path, one in self.paths.items()}
        facts = live_facts(self.sent, found, self.begin, self._receives, self._arrived)
        self.found = {path: self._own(path, one) for path, one in found.items()}
        # What happened before that is known, and not shown again.
        facts["begun_s"] = (self.begun_at - self.begin).total_seconds()
        facts["now_s"] = max((begun - self.begin).total_seconds(), 0.0)
        facts["late_s"] = self.lab.session.lateness.logs_s
        for run, path in zip(facts["runs"], self.paths.values(), strict=True):
            as_shown(run, path)
            if len(self.paths) > 1:
                # Of a queue that two ways share nobody can say whose a message is.
                run["others"] = {}
        return facts

    def _own(self, path: str, seen: SeenOnPath) -> Found:
        """Of what AWS shows, what is about the messages of this scene."""
        sent = [one for one in self.sent if one.path == path]
        # A redriven message has a new id, and still its order's.
        ids, orders = {one.message_id for one in sent}, {one.order_id for one in sent} - {""}

        def are_own(rows: pd.DataFrame) -> "pd.Series[bool]":
            return rows["message_id"].isin(ids) | rows["order_id"].isin(orders)

        return chosen(seen.attempts, are_own), chosen(seen.arrivals, are_own), seen.settings

    def _seen(self, pattern: str) -> SeenOnPath:
        lab, out = self.lab, self.lab.outputs(pattern)
        urls = dict(out.end_queues)
        if "SourceQueueUrl" in out:
            urls[QUEUE] = out.SourceQueueUrl
        counts: dict[str, QueueCounts] = {name: lab.queue_counts(url) for name, url in urls.items()}
        with lab.waits.looking():
            # Where time runs meanwhile, nobody has arrived whose attempts are not known yet.
            arrivals: pd.DataFrame = lab.arrivals(pattern)
            attempts = lab.attempts(pattern, since=self.begin - _BEFORE)
        if pattern not in self._settings:
            self._settings[pattern] = lab.settings(pattern)
        settings = self._settings[pattern]
        return SeenOnPath(
            attempts,
            arrivals,
            settings,
            counts,
            lab.clock.now(),
            self._patience_s(settings),
            lab.session.lateness.counts_s,
        )

    def _patience_s(self, settings: RetrySettings) -> float:
        # What the mapping gathers for a batch is in flight, and not tried yet.
        return max(self.patience_s, 1.5 * settings.batching_window_s)

    def decides_within_s(self) -> float | None:
        """How soon a receive without a log line is believed to be one; None: there is none."""
        waiting = [
            self._patience_s(self._settings[one.pattern])
            for path, one in self.paths.items()
            if self._receives[path].is_undecided
        ]
        return min(waiting, default=None)


def as_shown(run: dict[str, Any], path: ScenePath) -> None:
    """A run's picture, as its scene has it."""
    _hide(run, path.hides)
    run["places"] = [
        {**place, "told": path.told.get(place["id"], place["told"])} for place in run["places"]
    ]
    for arrow in run["arrows"]:
        if (arrow["from"], arrow["to"]) == path.breaks:
            arrow |= {"kind": "broken", "why": path.why}


def _hide(run: dict[str, Any], places: Sequence[str]) -> None:
    run["places"] = [place for place in run["places"] if place["id"] not in places]
    run["arrows"] = [one for one in run["arrows"] if not {one["from"], one["to"]} & set(places)]
