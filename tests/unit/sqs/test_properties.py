"""Whatever happens: no message is lost, none is in two places, none is received too often.

A state machine sends, receives, deletes, hides, moves and skips time in random order, and keeps a
model of where every message must be.
"""

from contextlib import nullcontext, suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from localaws.sqs import Message, Queue
from localaws.sqs.errors import InvalidParameterValue
from tests.unit.sqs.world import SENDER, SqsWorld

GROUPS = ("a", "b", "c")
RETENTION_S = 1_209_600


class QueueMachine(RuleBasedStateMachine):
    """A source queue with a DLQ, and everything that can happen to both."""

    @initialize(fifo=st.booleans(), max_receives=st.integers(1, 4), timeout_s=st.integers(0, 60))
    def start(self, fifo: bool, max_receives: int, timeout_s: int) -> None:
        self.world = SqsWorld()
        self.fifo = fifo
        self.max_receives = max_receives
        self.queue, self.dlq = self.world.queue_with_dlq(
            max_receives,
            "q.fifo" if fifo else "q",
            VisibilityTimeout=timeout_s,
            MessageRetentionPeriod=RETENTION_S,
        )
        self.dlq.set_attributes({"MessageRetentionPeriod": str(RETENTION_S)})
        self.expected: set[str] = set()
        self.sent = 0
        self.held: list[tuple[Queue, Message]] = []

    @rule(delay_s=st.integers(0, 30), group=st.sampled_from(GROUPS))
    def send(self, delay_s: int, group: str) -> None:
        self.sent += 1
        body = f"m{self.sent}"
        if self.fifo:
            fifo = {"group_id": group, "deduplication_id": body}
            self.queue.send(body, sender_id=SENDER, **fifo)
        else:
            self.queue.send(body, sender_id=SENDER, delay_s=delay_s)
        self.expected.add(body)

    @rule(number=st.integers(1, 10), timeout_s=st.one_of(st.none(), st.integers(0, 60)))
    def receive(self, number: int, timeout_s: int | None) -> None:
        messages = self.queue.receive(number, visibility_timeout_s=timeout_s)
        assert len(messages) <= number
        assert len({m.message_id for m in messages}) == len(messages)
        self.held += [(self.queue, message) for message in messages]

    @rule(number=st.integers(1, 10))
    def receive_from_dlq(self, number: int) -> None:
        messages = self.dlq.receive(number)
        self.held += [(self.dlq, message) for message in messages]

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        queue, message = data.draw(st.sampled_from(self.held))
        before = sum(queue.counts())
        with suppress(InvalidParameterValue) if self.fifo else nullcontext():
            queue.delete(message.receipt_handle)
        gone = before - sum(queue.counts())
        assert gone in (0, 1)
        if gone:
            self.expected.discard(message.body)

    @precondition(lambda self: self.held)
    @rule(data=st.data(), timeout_s=st.integers(0, 100))
    def change_visibility(self, data: st.DataObject, timeout_s: int) -> None:
        queue, message = data.draw(st.sampled_from(self.held))
        total = sum(queue.counts())
        with suppress(InvalidParameterValue):  # the message is gone, or the handle has expired
            queue.change_visibility(message.receipt_handle, timeout_s)
        assert sum(queue.counts()) == total

    @rule(seconds=st.integers(0, 120))
    def pass_time(self, seconds: int) -> None:
        self.world.pass_time(seconds)

    @rule(rate=st.one_of(st.none(), st.integers(1, 5)))
    def redrive(self, rate: int | None) -> None:
        params = {} if rate is None else {"MaxNumberOfMessagesPerSecond": rate}
        start = self.world.operations["StartMessageMoveTask"]
        with suppress(InvalidParameterValue):  # a task is running already
            start({"SourceArn": self.dlq.arn, **params}, self.world.caller)

    @invariant()
    def every_message_is_in_exactly_one_place(self) -> None:
        if not hasattr(self, "queue"):
            return
        assert sum(self.queue.counts()) + sum(self.dlq.counts()) == len(self.expected)

    @invariant()
    def nothing_is_received_more_often_than_allowed(self) -> None:
        for queue, message in getattr(self, "held", []):
            if queue is self.queue:
                assert message.receive_count <= self.max_receives

    def teardown(self) -> None:
        """At the end everything is still there to be received, once each."""
        if not hasattr(self, "queue"):
            return
        self.world.pass_time(3600)
        found: list[str] = []
        for queue in (self.queue, self.dlq):
            queue.set_attributes({"RedrivePolicy": ""})
            while messages := queue.receive(10, visibility_timeout_s=600):
                found += [message.body for message in messages]
                for message in messages:
                    queue.delete(message.receipt_handle)
        assert sorted(found) == sorted(self.expected)


class FifoOrderMachine(RuleBasedStateMachine):
    """One FIFO queue: within a group, messages are done in the order in which they were sent."""

    @initialize()
    def start(self) -> None:
        self.world = SqsWorld()
        self.queue = self.world.queue("q.fifo", VisibilityTimeout=30)
        self.sent = 0
        self.todo: dict[str, list[str]] = {group: [] for group in GROUPS}

    @rule(group=st.sampled_from(GROUPS))
    def send(self, group: str) -> None:
        self.sent += 1
        body = f"m{self.sent}"
        self.queue.send(body, sender_id=SENDER, group_id=group, deduplication_id=body)
        self.todo[group].append(body)

    @rule(number=st.integers(1, 10), done=st.integers(0, 10))
    def work(self, number: int, done: int) -> None:
        messages = self.queue.receive(number)
        for group in GROUPS:
            bodies = [m.body for m in messages if m.group_id == group]
            assert bodies == self.todo[group][: len(bodies)]
        for message in messages[:done]:
            self.queue.delete(message.receipt_handle)
            self.todo[message.group_id].remove(message.body)

    @rule(seconds=st.sampled_from([1, 29, 30, 31]))
    def pass_time(self, seconds: int) -> None:
        self.world.pass_time(seconds)

    @invariant()
    def what_is_available_is_announced_as_such(self) -> None:
        if hasattr(self, "queue"):
            available, in_flight, delayed = self.queue.counts()
            assert available + in_flight + delayed == sum(map(len, self.todo.values()))
            if in_flight == 0:
                assert self.queue.has_available() == (available > 0)


TestQueueMachine = QueueMachine.TestCase
TestFifoOrderMachine = FifoOrderMachine.TestCase
TestQueueMachine.settings = TestFifoOrderMachine.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None
)
