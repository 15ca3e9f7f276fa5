"""What an instructor shows, as functions: scenarios, and the way back to an empty stage.

Every scenario ends with a fact that was waited for, so it works at any speed and on an account.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from workshop.accounting.fates import Evidence
from workshop.accounting.gathering import gather
from workshop.lab import Lab
from workshop.repair.redrive import Redrive, redrive
from workshop.sending import send_order
from workshop.target.waiting import Waited

# Longer than both waits of an asynchronous event together.
_ALL_RETRIES_S = 400.0
_TIMEOUT_S = 900.0


@dataclass
class Scene:
    """One scenario on the stage.

    Attributes:
        name: of the scenario.
        title: the headline.
        say: what to tell the group.
        orders: the orders that it is about.
        ended: whether what it shows has happened, by what AWS shows.
        redrive: what was sent again, in scenarios that do.
    """

    name: str
    title: str
    say: str
    orders: list[str]
    ended: Callable[[Evidence], Any]
    redrive: Redrive | None = None


def flaky(lab: Lab, pattern: str) -> Scene:
    """An order that fails twice and succeeds at the third attempt."""
    _let_run(lab, pattern)
    order = send_order(lab, pattern, "flaky")["order_id"]
    return Scene(
        "flaky",
        "A fault that passes",
        "The function fails twice. Nobody does anything, and the order is processed.",
        [order],
        lambda evidence: order in _processed(evidence),
    )


def poison(lab: Lab, pattern: str) -> Scene:
    """Two good orders and one that can never be processed."""
    _let_run(lab, pattern)
    orders = [send_order(lab, pattern, "good")["order_id"] for _ in range(2)]
    before = _failed(lab, pattern)
    orders.append(send_order(lab, pattern, "bad", name="poison")["order_id"])
    return Scene(
        "poison",
        "A message that can never be processed",
        "Trying again does not help this one. After the last attempt it is put aside, and the good "
        "ones have long been processed.",
        orders,
        lambda _: _failed(lab, pattern) > before,
    )


def outage(lab: Lab, pattern: str) -> Scene:
    """Good orders while the function may not run: its reserved concurrency is 0.

    On a real account too this is the quickest way to make things fail: Lambda gives up
    asynchronous events at once, without a retry; messages of a queue use up their receives.
    """
    name = lab.outputs(pattern).FunctionName
    lab.client("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    before = _failed(lab, pattern)
    orders = [send_order(lab, pattern, "good")["order_id"] for _ in range(3)]
    return Scene(
        "outage",
        "Good messages during an outage",
        "The function's reserved concurrency is 0: it may not run at all. These orders are good, "
        "and still they are given up. No log line tells of it.",
        orders,
        lambda _: _failed(lab, pattern) >= before + len(orders),
    )


def recovery(lab: Lab, pattern: str) -> Scene:
    """The outage ends, and what was given up during it is sent again."""
    _let_run(lab, pattern)
    done = redrive(lab, pattern, False, lambda row: str(row["order_id"]).startswith("good-"))
    orders = list(done.table["order_id"])
    return Scene(
        "redrive",
        "Repair, then redrive",
        "The function may run again. A redrive sends the good orders once more, and only those: "
        "the poisonous one would come back.",
        orders,
        lambda evidence: set(orders) <= _processed(evidence),
        done,
    )


SCENARIOS: dict[str, Callable[[Lab, str], Scene]] = {
    "flaky": flaky,
    "poison": poison,
    "outage": outage,
    "redrive": recovery,
}


@dataclass(frozen=True, repr=False)
class Reset:
    """What a reset did, and how long it took."""

    queues: int
    seconds: float
    is_virtual: bool

    def __str__(self) -> str:
        told = f"Emptied {self.queues} queues in {self.seconds:.1f} s; the function may run again."
        if self.is_virtual:
            return f"{told} The logs are kept: orders have new names each time."
        return (
            f"{told} On an account a purge takes up to 60 s, and events in Lambda's event queue "
            "are still tried for about three minutes."
        )

    def __repr__(self) -> str:
        return str(self)


def reset(lab: Lab, pattern: str) -> Reset:
    """An empty stage: the function may run, all queues of the pattern are empty."""
    started_s, outputs = time.monotonic(), lab.outputs(pattern)
    _let_run(lab, pattern)
    if "EventSourceMappingId" in outputs:
        _enable(lab, outputs.EventSourceMappingId)
    elif lab.clock.is_virtual:
        # Nobody can empty Lambda's event queue: let what is in it come to its end.
        _skip(lab, _ALL_RETRIES_S)
    urls = [url for key, url in outputs.items() if key.endswith("Url")]
    for url in urls:
        # Purged within the last 60 seconds: it is empty, or about to be.
        with suppress(lab.client("sqs").exceptions.PurgeQueueInProgress):
            lab.client("sqs").purge_queue(QueueUrl=url)
    if lab.clock.is_virtual:
        # A purge takes up to 60 seconds of AWS's time.
        _skip(lab, 60.0)
    return Reset(len(urls), time.monotonic() - started_s, lab.clock.is_virtual)


def _let_run(lab: Lab, pattern: str) -> None:
    """End an outage, should there be one."""
    name = lab.outputs(pattern).FunctionName
    lab.client("lambda").delete_function_concurrency(FunctionName=name)


def _enable(lab: Lab, mapping: str) -> None:
    client = lab.client("lambda")
    if client.get_event_source_mapping(UUID=mapping)["State"] in ("Disabled", "Disabling"):
        with suppress(ClientError):  # it is being changed by somebody else right now
            client.update_event_source_mapping(UUID=mapping, Enabled=True)


def _skip(lab: Lab, seconds: float) -> None:
    """Let time pass at once, whatever the speed of the demonstration."""
    mode = lab.clock.mode
    lab.clock.set_mode("skip")
    lab.clock.sleep(seconds)
    lab.clock.set_mode(mode)


def _failed(lab: Lab, pattern: str) -> int:
    urls = lab.outputs(pattern).failure_queues.values()
    return sum(lab.queue_counts(url).total for url in urls)


def _processed(evidence: Evidence) -> set[str]:
    attempts = evidence.attempts
    return set(attempts.loc[attempts["outcome"] == "ok", "order_id"].dropna())


def finish(lab: Lab, pattern: str, scene: Scene, on_change: Callable[[Evidence], Any]) -> Waited:
    """Let time pass until what the scene shows has happened.

    Args:
        lab: the target.
        pattern: the pattern that the scene breaks.
        scene: what is on the stage.
        on_change: called whenever something may have happened, to redraw, with what AWS shows.
    """

    def watched() -> Any:
        evidence = gather(lab, pattern)
        on_change(evidence)
        return scene.ended(evidence)

    return lab.wait_until(watched, f"the scene {scene.name!r} is over", timeout_s=_TIMEOUT_S)
