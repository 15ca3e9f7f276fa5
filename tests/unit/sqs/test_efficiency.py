"""The work per message does not grow with the queue.

Operations are counted, not timed, where that is possible; the one timed test has a wide margin.
"""

import sys
import time

import pytest

from tests.unit.sqs.world import SENDER, SqsWorld


def lines_executed(work):
    """How many lines of Python a call executes: a machine-independent measure of work."""
    count = 0

    def tracer(frame, event, _arg):
        nonlocal count
        count += event == "line"
        return tracer

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def filled(fifo, size):
    world = SqsWorld()
    queue = world.queue("q.fifo" if fifo else "q", VisibilityTimeout=30)
    queue.subscribe(lambda: None)
    for n in range(size):
        params = {"group_id": f"g{n % 10}", "deduplication_id": str(n)} if fifo else {}
        queue.send(str(n), sender_id=SENDER, **params)
    return world, queue


@pytest.mark.parametrize("fifo", [False, True])
def test_a_receive_and_a_delete_cost_the_same_in_a_large_queue(fifo):
    def cost(size):
        world, queue = filled(fifo, size)
        while len(queue.receive(10)) == 10:  # most in flight, as after a burst
            pass
        world.pass_time(30)

        def work():
            for message in queue.receive(10):
                queue.delete(message.receipt_handle)

        work()
        return lines_executed(lambda: [work() for _ in range(10)])

    # A heap's depth, nothing else, may tell the sizes apart
    assert cost(4_000) < 1.5 * cost(200)


@pytest.mark.parametrize(("fifo", "size"), [(False, 100_000), (True, 20_000)])
def test_a_hundred_thousand_messages_in_seconds(fifo, size):
    started_s = time.process_time()
    _, queue = filled(fifo, size)
    done = 0
    while messages := queue.receive(10):
        for message in messages:
            queue.delete(message.receipt_handle)
        done += len(messages)
    assert done == size
    assert queue.counts() == (0, 0, 0)
    # About 5 s of this process alone; anything that scans the queue takes hours.
    assert time.process_time() - started_s < 60


def test_what_is_done_is_not_kept():
    world, queue = filled(False, 5_000)
    while messages := queue.receive(10):
        for message in messages:
            queue.delete(message.receipt_handle)
    store = queue._mailbox._store
    assert len(store) == 0
    assert len(store._timers) < 200
    assert len(store._enqueued) < 200
    world.pass_time(0)
