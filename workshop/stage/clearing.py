"""An empty stage: settings as the stacks say, and nothing left in the queues of the scenes."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from workshop.counting import counted
from workshop.errors import NotDeployedError
from workshop.lab import Lab
from workshop.stage.emptying import Emptied, empty, side_by_side
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
    deployed = {}
    for pattern in patterns:
        with suppress(NotDeployedError):
            deployed[pattern] = lab.outputs(pattern)
    there = list(deployed.values())
    if deployed:
        lab.put_back(*deployed)
    under_way = 0
    if lab.clock.is_virtual:
        before = _lying(lab, there)
        _let_end(lab)
        under_way = max(before - _lying(lab, there), 0)
    done = sum(side_by_side(lab, lambda out: emptied(lab, out), there), Emptied(0, 0, 0))
    has_source = any("SourceQueueUrl" in out for out in there)
    counts_s = lab.session.lateness.counts_s if has_source else 0.0
    return told_of(done, own_now_s() - started_s, under_way, counts_s)


def _lying(lab: Lab, there: Sequence[Outputs]) -> int:
    return sum(lab.queue_counts(url).total for out in there for url in _queues(out))


def emptied(lab: Lab, out: Outputs) -> Emptied:
    """Empty the queues of one pattern; one that SQS counts as empty only where that may be old."""
    is_old = bool(lab.session.lateness.counts_s) and not lab.clock.is_virtual
    filled = [url for url in _queues(out) if is_old or lab.queue_counts(url).total]
    if not filled:
        return Emptied(0, 0, 0)
    source = out.get("SourceQueueUrl")
    return empty(
        lab, source if source in filled else None, [url for url in filled if url != source]
    )


def told_of(done: Emptied, own_s: float, processed: int = 0, counts_s: float = 0.0) -> str:
    """What a reset did, in how many seconds of whoever waited for it.

    Args:
        done: what was deleted, or could not be.
        own_s: how long it took.
        processed: what was under way and left its queue by itself before: nobody can delete what a
            poller holds.
        counts_s: how old SQS's count of what is in flight may be. What was deleted is known.
    """
    told = f"Reset: {counted(done.deleted, 'message')} deleted in {own_s:.1f} s."
    if processed:
        told += f" Under way, and processed first: {processed}."
    if done.newer:
        told += f" Sent meanwhile, so they stay: {done.newer}."
    if counts_s:
        told += (
            f" In flight, as SQS counted up to {counts_s:.0f} s ago: {done.in_flight}. What a "
            "poller holds shows again when it is visible."
        )
    elif done.in_flight:
        told += f" Held by a poller, to show again when visible: {done.in_flight}."
    return told


def _queues(out: Outputs) -> list[str]:
    source = out.get("SourceQueueUrl")
    return [*([source] if source else []), *out.end_queues.values()]


def _let_end(lab: Lab) -> None:
    """Nobody can empty Lambda's event queue, nor delete what a poller holds: let it end."""
    mode = lab.clock.mode
    lab.clock.set_mode("skip")
    try:
        end = lab.clock.now() + timedelta(seconds=_TO_THE_END_S)
        while (left_s := (end - lab.clock.now()).total_seconds()) > 0:
            if lab.clock.next_step(left_s).is_stuck:
                break
        lab.clock.settle()
    finally:
        lab.clock.set_mode(mode)
