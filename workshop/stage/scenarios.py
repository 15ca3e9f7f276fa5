"""What an instructor shows, as functions: scenarios, and the way back to an empty stage.

Every scenario ends with a fact that was waited for, so it works at any speed and on an account.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from workshop.accounting.evidence import Evidence
from workshop.accounting.gathering import gather
from workshop.evidence.arrivals import SUCCESS
from workshop.evidence.expected import cause, most_s
from workshop.lab import Lab
from workshop.repair.redrive import Redrive, redrive
from workshop.sending import send_order
from workshop.stage.emptying import Emptied, empty
from workshop.target.repeatable import own_now_s
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
    orders.append(send_order(lab, pattern, "bad", name="poison")["order_id"])
    return Scene(
        "poison",
        "A message that can never be processed",
        "Trying again does not help this one. After the last attempt it is put aside, and the good "
        "ones have long been processed.",
        orders,
        lambda evidence: orders[-1] in _kept(evidence),
    )


def outage(lab: Lab, pattern: str) -> Scene:
    """Good orders while the function may not run: its reserved concurrency is 0.

    On a real account too this is the quickest way to make things fail: Lambda gives up
    asynchronous events at once, without a retry; messages of a queue use up their receives.
    """
    name = lab.outputs(pattern).FunctionName
    lab.client("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    orders = [send_order(lab, pattern, "good")["order_id"] for _ in range(3)]
    return Scene(
        "outage",
        "Good messages during an outage",
        "The function's reserved concurrency is 0: it may not run at all. These orders are good, "
        "and still they are given up. No log line tells of it.",
        orders,
        lambda evidence: set(orders) <= _kept(evidence),
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
    emptied: Emptied

    def __str__(self) -> str:
        told = f"Emptied {self.queues} queues in {self.seconds:.1f} s; the function may run again."
        if self.emptied.newer:
            told += f" Messages that came meanwhile stay: {self.emptied.newer}."
        if self.emptied.in_flight:
            told += f" Still held by the poller: {self.emptied.in_flight}."
        if self.is_virtual:
            return f"{told} The logs are kept: orders have new names each time."
        return (
            f"{told} On an account messages in flight are counted up to a minute late, and events "
            "in Lambda's event queue are still tried for about three minutes: what of them ends in "
            "a DLQ later is of before."
        )

    def __repr__(self) -> str:
        return str(self)


def reset(lab: Lab, pattern: str) -> Reset:
    """An empty stage: the function may run, and what was in the pattern's queues is gone."""
    started_s, outputs = own_now_s(), lab.outputs(pattern)
    _let_run(lab, pattern)
    if "EventSourceMappingId" in outputs:
        _enable(lab, outputs.EventSourceMappingId)
    elif lab.clock.is_virtual:
        # Nobody can empty Lambda's event queue: let what is in it come to its end.
        _skip(lab, _ALL_RETRIES_S, "events in Lambda's event queue come to their end")
    source, settings = outputs.get("SourceQueueUrl"), lab.settings(pattern)
    ends = [url for key, url in outputs.items() if key.endswith("Url") and url != source]
    receives_s = (settings.visibility_timeout_s or 0.0) * ((settings.max_receive_count or 0) + 1)
    emptied = empty(
        lab,
        source,
        ends,
        patience_s=receives_s,
        pause=lambda seconds: _skip(lab, seconds, "messages that are being tried show again"),
    )
    number = len(ends) + bool(source)
    return Reset(number, own_now_s() - started_s, lab.clock.is_virtual, emptied)


def _let_run(lab: Lab, pattern: str) -> None:
    """End an outage, should there be one."""
    name = lab.outputs(pattern).FunctionName
    lab.client("lambda").delete_function_concurrency(FunctionName=name)


def _enable(lab: Lab, mapping: str) -> None:
    client = lab.client("lambda")
    if client.get_event_source_mapping(UUID=mapping)["State"] in ("Disabled", "Disabling"):
        with suppress(ClientError):  # it is being changed by somebody else right now
            client.update_event_source_mapping(UUID=mapping, Enabled=True)


def _skip(lab: Lab, seconds: float, cause: str) -> None:
    """Let time pass, where it can be skipped at once, whatever the speed of the demonstration."""
    if not lab.clock.is_virtual:
        lab.clock.sleep(seconds, cause)
        return
    mode = lab.clock.mode
    lab.clock.set_mode("skip")
    lab.clock.sleep(seconds, cause)
    lab.clock.set_mode(mode)


def _kept(evidence: Evidence) -> set[str]:
    """Orders that lie where failed ones end, by their ids."""
    arrivals = evidence.arrivals
    return set(arrivals.loc[arrivals["reason"] != SUCCESS, "order_id"].dropna())


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

    settings = lab.settings(pattern)
    return lab.wait_until(
        watched,
        f"the scene {scene.name!r} is over",
        cause=cause(settings),
        timeout_s=_TIMEOUT_S,
        expected_s=most_s(settings),
        is_watched=True,
        shortcut="Shorter: the scene outage, in which reserved concurrency is 0",
    )
