"""What the player asks before it shows: questions at moments of a run. Pure.

A question is a dict of the facts (docs/player.md). These functions make the usual ones from a
drawn timeline's facts; whoever wants another one writes the dict.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from workshop.errors import DataError
from workshop.evidence.attempts import OPEN
from workshop.player.places import QUEUE

# How far beside the truth an answer in seconds may be: a cold start, a poll.
_WITHIN_S = 5.0


def what_next(facts: Mapping[str, Any], order_id: str = "") -> list[dict[str, Any]]:
    """ "It failed. What happens next?" and "When?", after the first attempt that failed.

    Args:
        facts: of a run (`Timeline.facts`).
        order_id: of which message; default the first one that failed.

    Returns:
        The two questions; none when the message's story does not go on after its failure.

    Raises:
        DataError: no message of that name failed.
    """
    index, message, failed = _first_failure(facts["runs"][0]["messages"], order_id)
    later = [one for one in message["waits"] if one["start_s"] >= failed["end_s"] - 0.01]
    if not later:
        return []
    wait, name = later[0], message["name"]
    is_sqs = message["source"] == QUEUE
    at = {"run": 0, "message": index, "at_s": failed["end_s"], "from_s": failed["start_s"]}
    return [
        {
            **at,
            "id": f"next-{name}",
            "text": f"{name}: attempt {failed['number']} failed. What happens next?",
            "choices": _of_queue() if is_sqs else _of_events(),
        },
        {
            **at,
            "id": f"when-{name}",
            "text": f"How many seconds after the start of this attempt does {name} move on?",
            "unit": "s",
            "answer": round(wait["end_s"] - failed["start_s"], 1),
            "within": _WITHIN_S,
            "told": f"The cause: {wait['cause']}.",
        },
    ]


def _first_failure(
    messages: Sequence[Mapping[str, Any]], order_id: str
) -> tuple[int, Mapping[str, Any], Mapping[str, Any]]:
    for index, message in enumerate(messages):
        if order_id in ("", message["order_id"], message["name"]):
            for attempt in message["attempts"]:
                if attempt["outcome"] not in ("ok", *OPEN):
                    return index, message, attempt
    raise DataError(
        f"No attempt at {order_id or 'any message'} failed in this run.",
        "Name a message of the run that failed.",
    )


def _of_queue() -> list[dict[str, Any]]:
    return [
        _choice("It is sent again by the sender.", "Nobody sends it again: the queue has it."),
        _choice("Lambda runs it again at once.", "Lambda has to wait until SQS shows it."),
        _choice(
            "It stays in the queue, hidden, and is received again later.",
            "It was never taken out: its visibility timeout hides it, from the receive on.",
            is_right=True,
        ),
        _choice(
            "It moves to the DLQ.",
            "Only when it was received as often as the redrive policy allows.",
        ),
    ]


def _of_events() -> list[dict[str, Any]]:
    return [
        _choice("SNS delivers it again.", "SNS is done: Lambda has accepted the event."),
        _choice("It is run again at once.", "Lambda waits, first for one minute, then for two."),
        _choice(
            "It waits in Lambda's event queue and is tried again later.",
            "Lambda's own retries: after about one minute, then after two.",
            is_right=True,
        ),
        _choice(
            "It is kept for whoever repairs it.",
            "Only when no retry is left, or it has become too old.",
        ),
    ]


def _choice(text: str, told: str, *, is_right: bool = False) -> dict[str, Any]:
    return {"text": text, "is_right": is_right, "told": told}
