"""How events come in: PutLogEvents' rules, and the way that all events take."""

from collections.abc import Mapping, Sequence
from typing import Any

from localaws.logs.errors import InvalidParameterException
from localaws.logs.group import LogGroup
from localaws.logs.limits import (
    MAX_EVENT_AGE_MS,
    MAX_EVENT_LEAD_MS,
    MAX_PUT_BYTES,
    MAX_PUT_SPAN_MS,
)
from localaws.logs.stream import LogStream, bytes_of
from localaws.logs.subscription_filter import Subscriptions
from localaws.time.clock import Clock
from localaws.words.ports import MetricSink

Events = Sequence[tuple[int, str]]


class Ingestion:
    """Stores events and shows them to the group's metric and subscription filters."""

    def __init__(self, clock: Clock, metrics: MetricSink, subscriptions: Subscriptions) -> None:
        self._clock = clock
        self._metrics = metrics
        self._subscriptions = subscriptions
        self._serial = 1

    def take(self, group: LogGroup, stream: LogStream, events: Events) -> None:
        """Store events that nothing is wrong with."""
        now_ms = self._clock.now_ms()
        first = self._serial
        self._serial = stream.append(events, now_ms, first)
        if group.retention_days is not None:
            group.forget_expired(now_ms, (stream,))
        for metric_filter in group.metric_filters.values():
            metric_filter.count(events, self._metrics, now_ms)
        for subscription in group.subscription_filters.values():
            self._subscriptions.forward(subscription, group.arn, stream.name, events, first)

    def put(self, group: LogGroup, stream: LogStream, events: Events) -> Mapping[str, int]:
        """PutLogEvents: stores what is neither too old nor too new.

        Returns:
            `rejectedLogEventsInfo`, empty when everything was stored.

        Raises:
            InvalidParameterException: nothing was stored.
        """
        _check_batch(events)
        now_ms = self._clock.now_ms()
        too_old = _count_before(events, now_ms - MAX_EVENT_AGE_MS)
        expired = _count_before(events, group.expires_before_ms(now_ms))
        too_new = _count_before(events, now_ms + MAX_EVENT_LEAD_MS + 1)
        accepted = events[max(too_old, expired) : too_new]
        if accepted and accepted[-1][0] - accepted[0][0] > MAX_PUT_SPAN_MS:
            raise InvalidParameterException(
                "The batch of log events in a single PutLogEvents request cannot span more than "
                "24 hours."
            )
        if accepted:
            self.take(group, stream, accepted)
        return _rejected(too_old, expired, too_new, len(events))


def _rejected(too_old: int, expired: int, too_new: int, total: int) -> dict[str, int]:
    rejected = {}
    if too_new < total:
        rejected["tooNewLogEventStartIndex"] = too_new
    if too_old:
        rejected["tooOldLogEventEndIndex"] = too_old
    if expired > too_old:
        rejected["expiredLogEventEndIndex"] = expired
    return rejected


def _check_batch(events: Events) -> None:
    size = 0
    last_ms = 0
    for time_ms, message in events:
        if time_ms < last_ms:
            raise InvalidParameterException(
                "Log events in a single PutLogEvents request must be in chronological order."
            )
        last_ms = time_ms
        event_size = bytes_of(message)
        if event_size > MAX_PUT_BYTES:
            raise InvalidParameterException(
                f"Log event too large: {event_size} bytes exceeds limit of {MAX_PUT_BYTES}"
            )
        size += event_size
    if size > MAX_PUT_BYTES:
        raise InvalidParameterException(
            f"Upload too large: {size} bytes exceeds limit of {MAX_PUT_BYTES}"
        )


def _count_before(events: Events, time_ms: int) -> int:
    """How many of the first events are older; they are in order of time."""
    return next((i for i, event in enumerate(events) if event[0] >= time_ms), len(events))


def as_events(log_events: Sequence[Mapping[str, Any]]) -> list[tuple[int, str]]:
    """PutLogEvents' events as everything here takes them."""
    return [(event["timestamp"], event["message"]) for event in log_events]
