"""Polls one queue for one enabled mapping: receives, filters, batches, hands to leases.

At all times:

- There are at most as many leases as `PollerScaling.capacity`. A lease is one batch, and has its
  place from before the first attempt until its end, while it waits out a throttle too: a poller
  that received on meanwhile would use up receives of messages that no function can take.
- Messages are received only while there is such a place. One that passes the filters is then in
  exactly one batch, or in `_collected`, waiting for its batching window; if its visibility timeout
  ends there it is dropped: the next receive gets it anew, and the function would see it twice.
- Nothing is polled by the clock. What wakes the poller is a message that can be received (the queue
  calls), a lease that ended, or a timer that exists only because a message is there: the end of a
  window, growth, a role that may not read. With one long poll after the other, as AWS makes them,
  there would always be something scheduled, and nobody could wait until nothing is.

The queue announces a message once. Whoever stops for want of capacity has used the announcement up,
so every end of a lease polls again; and whoever subscribes polls once, for what was there before.

Example: 6 messages, batches of 1, MaximumConcurrency 2, a function of 10 s. At 0 s two are received
and run; the poll stops, the other four stay in the queue, and no receive of them is counted. At
10 s both leases end and poll: two more run, and the last two at 20 s (`test_maximum_concurrency`).
"""

from collections.abc import Callable, Sequence

from localaws.lambda_.asynchronous.retry_policy import RECURSION_LIMIT
from localaws.lambda_.event_source_mappings import sqs_event
from localaws.lambda_.event_source_mappings.event_filter import matches_any
from localaws.lambda_.event_source_mappings.lease import Lease, ReceivedMessage, delete
from localaws.lambda_.event_source_mappings.mapping import MappingSettings
from localaws.lambda_.event_source_mappings.poller_scaling import PollerScaling
from localaws.lambda_.invocation import lineage
from localaws.lambda_.invocation.ports import InvocationPorts
from localaws.sqs import KeyUnusable, Message, Queue
from localaws.time.scheduler import Timer
from localaws.words.errors import AwsError

# The most that one ReceiveMessage returns.
MAX_RECEIVE = 10

# A refused poller asks again after the time of a long poll, for as long as there is a message.
REFUSED_POLL_S = 20.0

# A queue may be set to hide nothing at all; a poller that obeyed would receive one message forever.
SHORTEST_VISIBILITY_S = 1.0

# Added to window and function timeout where both together outlast the visibility timeout.
WINDOW_MARGIN_S = 30.0


class Poller:
    """The pollers that AWS runs for one mapping, taken together."""

    def __init__(
        self,
        ports: InvocationPorts,
        mapping_uuid: str,
        settings: MappingSettings,
        queue: Queue,
        queue_deleted: Callable[[], None],
    ) -> None:
        self._ports = ports
        self._uuid = mapping_uuid
        self._settings = settings
        self._queue = queue
        self._queue_deleted = queue_deleted
        self._scaling = PollerScaling(settings)
        self._collected: list[ReceivedMessage] = []
        self._window_ends_s = 0.0
        self._timers: dict[str, Timer] = {}
        self._leases: set[Lease] = set()
        self._running = True
        self._unsubscribe = queue.subscribe(self.poll)

    def stop(self) -> None:
        """Receive no more. Running invocations end as they would; other messages show again."""
        self._running = False
        self._unsubscribe()
        for timer in self._timers.values():
            timer.cancel()
        for lease in list(self._leases):
            lease.let_go()
        self._collected.clear()

    def poll(self) -> None:
        """Receive and invoke as much as there is capacity for."""
        if not self._running:
            return
        if self._queue.deleted:
            self._queue_deleted()
            return
        while len(self._leases) < self._scaling.capacity:
            batch = self._next_batch()
            if not batch:
                # A place is free and nothing to take: the queue, a window or a timer calls next.
                self._scaling.relaxed(len(self._leases))
                self._cancel_timer("growth")
                return
            self._start(batch)
        self._grow_while_saturated()

    def _start(self, batch: Sequence[ReceivedMessage]) -> None:
        lease = Lease(
            self._ports, self._uuid, self._settings, self._queue, batch, self._lease_ended
        )
        self._leases.add(lease)
        lease.start()

    def _lease_ended(self, lease: Lease) -> None:
        self._leases.discard(lease)
        self.poll()

    def _grow_while_saturated(self) -> None:
        backlog = bool(self._collected) or self._queue.has_available()
        # More pollers would not help a function that has no concurrency left.
        if not backlog or any(lease.throttled for lease in self._leases):
            return
        self._scaling.saturated(self._ports.time.now_s())
        if (grows_at_s := self._scaling.grows_at_s) is not None:
            self._set_timer("growth", grows_at_s)
        if len(self._leases) < self._scaling.capacity:
            self.poll()

    def _next_batch(self) -> list[ReceivedMessage]:
        """The next batch that is complete; nothing while its window is open."""
        self._collect()
        now_s = self._ports.time.now_s()
        self._collected = [one for one in self._collected if one.expires_at_s > now_s]
        if not self._collected:
            return []
        # Of a FIFO queue a batch may mix message groups, each in its order:
        # https://github.com/aws-powertools/powertools-lambda-python/issues/2981
        sizes_bytes = [received.size_bytes for received in self._collected]
        count = sqs_event.how_many_fit(sizes_bytes, self._settings.batch_size)
        full = count == self._settings.batch_size or count < len(self._collected)
        if not full and now_s < self._window_ends_s:
            self._set_timer("window", self._window_ends_s)
            return []
        batch, self._collected = self._collected[:count], self._collected[count:]
        self._window_ends_s = now_s + self._settings.window_s
        return batch

    def _collect(self) -> None:
        """Receive until a batch is full or nothing is left to receive."""
        while (room := self._settings.batch_size - len(self._collected)) > 0:
            messages = self._receive(min(room, MAX_RECEIVE))
            if not messages:
                return
            self._count("PolledEventCount", len(messages))
            if not self._collected:
                self._window_ends_s = self._ports.time.now_s() + self._settings.window_s
            self._collected += self._wanted(messages)

    def _receive(self, max_number: int) -> list[Message]:
        if not self._queue.has_available() or not self._may_receive():
            return []
        try:
            return self._queue.receive(
                max_number,
                visibility_timeout_s=self._visibility_s(),
                receiver=self._settings.function.arn,
            )
        except KeyUnusable:
            self._set_timer("refused", self._ports.time.now_s() + REFUSED_POLL_S)
            return []
        except AwsError:
            # The queue is gone, or too much of it is in flight.
            return []

    def _wanted(self, messages: Sequence[Message]) -> list[ReceivedMessage]:
        """Those for the function; what the filters drop is deleted, as if it had been processed."""
        expires_at_s = self._ports.time.now_s() + self._visibility_s()
        wanted, unwanted = [], []
        for message in messages:
            record = sqs_event.record(
                message, self._queue.arn, windowed=self._settings.window_s > 0
            )
            if not matches_any(self._settings.parsed_patterns, record):
                unwanted.append(message)
            elif not self._loops(message):
                text = sqs_event.record_text(record)
                size_bytes = len(text.encode())
                wanted.append(ReceivedMessage(message, text, size_bytes, expires_at_s))
        for message in unwanted:
            delete(self._queue, message)
        if unwanted:
            self._count("FilteredOutEventCount", len(unwanted))
        return wanted

    def _loops(self, message: Message) -> bool:
        """Whether the function went on triggering itself; such a message stays for the DLQ."""
        function = self._settings.function
        runs = lineage.runs_in_chain(message.aws_trace_header, function.arn)
        if runs < RECURSION_LIMIT:
            return False
        if not self._ports.functions.terminates_recursion(function.name):
            return False
        self._ports.metrics.count("RecursiveInvocationsDropped", 1, function.name)
        return True

    def _may_receive(self) -> bool:
        """Whether the role may read the queue; without a function nobody is left to refuse."""
        function = self._settings.function
        try:
            resolved = self._ports.functions.resolve(function.name, function.qualifier)
        except AwsError:
            return True
        role_arn = resolved.version.role_arn
        if self._ports.permissions.role_allows(role_arn, "sqs:ReceiveMessage", self._queue.arn):
            return True
        self._set_timer("refused", self._ports.time.now_s() + REFUSED_POLL_S)
        return False

    def _visibility_s(self) -> float:
        """The queue's visibility timeout, made longer where a window would use it up."""
        queue_s = max(self._queue.settings.visibility_timeout_s, SHORTEST_VISIBILITY_S)
        if self._settings.window_s == 0:
            return queue_s
        function = self._settings.function
        try:
            resolved = self._ports.functions.resolve(function.name, function.qualifier)
        except AwsError:
            return queue_s
        needed_s = self._settings.window_s + resolved.version.timeout_s
        return needed_s + WINDOW_MARGIN_S if needed_s > queue_s else queue_s

    def _set_timer(self, name: str, when_s: float) -> None:
        """Poll again at that time; one timer per reason."""
        timer = self._timers.get(name)
        if timer is not None and not timer.cancelled:
            if timer.when_s == when_s:
                return
            timer.cancel()
        self._timers[name] = self._ports.time.call_at(when_s, self.poll)

    def _cancel_timer(self, name: str) -> None:
        if timer := self._timers.pop(name, None):
            timer.cancel()

    def _count(self, name: str, events: int) -> None:
        if self._settings.counts_events:
            self._ports.metrics.count_events(name, events, self._uuid)
