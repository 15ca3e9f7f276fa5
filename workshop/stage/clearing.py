"""An empty stage: settings as the stacks say, and nothing left in the queues of the scenes."""

from collections.abc import Sequence
from datetime import timedelta

from workshop.errors import NotDeployedError
from workshop.lab import Lab
from workshop.stage.emptying import empty
from workshop.target.outputs import Outputs
from workshop.target.repeatable import own_now_s

# Longer than both waits of an asynchronous event together, or three receives of a message.
_TO_THE_END_S = 400.0


def clear(lab: Lab, patterns: Sequence[str]) -> str:
    """Put back settings, let what is on its way come to its end where that costs no time, delete.

    Only the queues in which something lies are emptied.

    Returns:
        What was done, in a sentence.
    """
    started_s = own_now_s()
    there = []
    for pattern in patterns:
        try:
            there.append(lab.outputs(pattern))
        except NotDeployedError:
            continue
    lab.put_back(*patterns)
    if lab.clock.is_virtual:
        _let_end(lab)
    deleted = held = 0
    for out in there:
        filled = [url for url in _queues(out) if lab.queue_counts(url).total]
        source = out.get("SourceQueueUrl")
        if not filled:
            continue
        done = empty(
            lab,
            source if source in filled else None,
            [url for url in filled if url != source],
            patience_s=0.0,
            pause=lambda seconds: None,
        )
        deleted, held = deleted + done.deleted, held + done.in_flight
    told = f"Reset: {deleted} messages deleted in {own_now_s() - started_s:.1f} s."
    if held:
        told += f" {held} are still held by a poller; they show again when they are visible."
    return told


def _queues(out: Outputs) -> list[str]:
    source = out.get("SourceQueueUrl")
    return [*([source] if source else []), *out.end_queues.values()]


def _let_end(lab: Lab) -> None:
    """Nobody can empty Lambda's event queue, nor delete what a poller holds: let it end."""
    mode = lab.clock.mode
    lab.clock.set_mode("skip")
    end = lab.clock.now() + timedelta(seconds=_TO_THE_END_S)
    while (left_s := (end - lab.clock.now()).total_seconds()) > 0:
        if lab.clock.next_step(left_s).is_stuck:
            break
    lab.clock.settle()
    lab.clock.set_mode(mode)
