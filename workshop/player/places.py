"""Places and arrows of the pattern that a run went through. Pure.

They are read off the evidence: what the settings say, where messages were received from, where
they lie. So a pattern of somebody's own has its picture without being known here.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from workshop.counting import counted
from workshop.evidence.lanes import spoken_s
from workshop.evidence.retry_settings import RetrySettings

YOU, TOPIC, QUEUE, EVENTS, FUNCTION, DONE, LOST = (
    "you",
    "topic",
    "queue",
    "events",
    "function",
    "done",
    "lost",
)
ON_SUCCESS, SUBSCRIPTION = "on-success destination", "subscription's DLQ"
_OUTPUTS = {
    QUEUE: "SourceQueueUrl",
    TOPIC: "TopicArn",
    FUNCTION: "FunctionName",
    "source queue's DLQ": "SourceQueueDlqUrl",
    ON_SUCCESS: "OnSuccessQueueUrl",
    "on-failure destination": "OnFailureQueueUrl",
    "function's DLQ": "FunctionDlqUrl",
    SUBSCRIPTION: "SubscriptionDlqUrl",
}


def places_of(
    settings: RetrySettings | None,
    *,
    is_sqs: bool,
    has_topic: bool,
    ends: Iterable[str],
    outputs: Mapping[str, str],
) -> list[dict[str, Any]]:
    """The cards of the picture: `id`, `kind`, `name`, `told` (a setting or two) and AWS's name.

    Args:
        settings: of the pattern, when known.
        is_sqs: a queue and its pollers, not an event queue of Lambda's.
        has_topic: SNS brought the messages.
        ends: where messages lie in the end, in AWS's words; what is configured comes along.
        outputs: the pattern's names, as far as somebody told them.
    """
    known = [name for name in _OUTPUTS if _OUTPUTS[name] in outputs]
    configured = [settings.failure_target] if settings and settings.failure_target else []
    # Nothing of what a topic keeps can be reached without it.
    inner = {QUEUE, TOPIC, FUNCTION} | (set() if has_topic else {SUBSCRIPTION})
    kept = dict.fromkeys([*configured, *ends, *(name for name in known if name not in inner)])
    found = [_place(YOU, "sender", "You", "send")]
    if has_topic:
        found.append(_place(TOPIC, "topic", "Topic", "SNS"))
    found.append(_source(settings, is_sqs))
    timeout = f"timeout {spoken_s(settings.function_timeout_s)}" if settings else ""
    found.append(_place(FUNCTION, "function", "Function", timeout))
    receives = settings.max_receive_count if settings and is_sqs else None
    limits = {"source queue's DLQ": f"after {counted(receives, 'receive')}" if receives else ""}
    found += [_place(name, _kind(name), _capital(name), limits.get(name, "")) for name in kept]
    if ON_SUCCESS not in kept:
        told = "message deleted" if is_sqs else ""
        found.append(_place(DONE, "done", "Processed", told))
    return [place | _aws_name(place["id"], outputs) for place in found]


def arrows_of(places: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Where messages can go: `from`, `to`, `kind` (forward, back, failed or success)."""
    ids = [place["id"] for place in places]
    source = QUEUE if QUEUE in ids else EVENTS
    first = TOPIC if TOPIC in ids else source
    arrows = [(YOU, first, "forward")]
    arrows += [(TOPIC, source, "forward")] if first == TOPIC else []
    arrows += [(source, FUNCTION, "forward"), (FUNCTION, source, "back")]
    for place in places:
        if place["kind"] in ("done", "success"):
            arrows.append((FUNCTION, place["id"], "success"))
        elif place["kind"] == "failure":
            begin = TOPIC if place["id"] == SUBSCRIPTION and TOPIC in ids else source
            arrows.append((begin, place["id"], "failed"))
    return [{"from": begin, "to": end, "kind": kind} for begin, end, kind in arrows]


def _source(settings: RetrySettings | None, is_sqs: bool) -> dict[str, Any]:
    if is_sqs:
        hidden_s = settings.visibility_timeout_s if settings else None
        told = f"visibility timeout {spoken_s(hidden_s)}" if hidden_s else ""
        return _place(QUEUE, "queue", "Source queue", told)
    retries = (settings.maximum_attempts or 1) - 1 if settings else None
    told = "" if retries is None else f"retries: {retries}"
    return _place(EVENTS, "queue", "Lambda's event queue", told)


def _place(name: str, kind: str, title: str, told: str) -> dict[str, Any]:
    return {"id": name, "kind": kind, "name": title, "told": told}


def _kind(name: str) -> str:
    return "success" if name == ON_SUCCESS else "failure"


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _aws_name(place: str, outputs: Mapping[str, str]) -> dict[str, str]:
    """The last part of its address: what the console lists it by."""
    address = outputs.get(_OUTPUTS.get(place, ""), "")
    name = address.rpartition("/")[2].rpartition(":")[2]
    return {"aws_name": name} if name else {}
