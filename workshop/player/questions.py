"""What the player asks before it shows: questions at moments of a run. Pure.

A question is a dict of the facts (docs/player.md). These functions make the usual ones from a
drawn timeline's facts; whoever wants another one writes the dict. What is said to an answer tells
what was asked and no more: what happens next says nothing of when, which is asked after it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from workshop.errors import DataError
from workshop.evidence.attempts import OPEN
from workshop.evidence.lanes import spoken_s
from workshop.player.places import QUEUE, TOPIC

# How far beside the truth an answer in seconds may be. SQS keeps its timeout, beside a cold start
# and a poll. Lambda's own delays are "about" a minute.
_WITHIN_S, _WITHIN_SHARE = 2.0, 0.1
_AT_ONCE_S = 1.5


def what_next(facts: Mapping[str, Any], order_id: str = "") -> list[dict[str, Any]]:
    """ "It failed. What happens next?" and "When?", after the first attempt that failed.

    What is right depends on what the run shows: another attempt, or the end of all of them.

    Args:
        facts: of a run (`Timeline.facts`).
        order_id: of which message; default the first one that failed.

    Returns:
        The two questions; none when the message's story does not go on after its failure, or goes
        on for another reason than these tell of: throttles, an age.

    Raises:
        DataError: no message of that name failed.
    """
    run = facts["runs"][0]
    index, message, failed = _first_failure(run["messages"], order_id)
    retry = next((a for a in message["attempts"] if a["start_s"] >= failed["end_s"]), None)
    kept = next((one for one in message["arrivals"] if one["at_s"] >= failed["end_s"]), None)
    limits = {one["attempts"]: one["name"] for one in run["limits"] if "attempts" in one}
    limit = limits.get(len(message["attempts"]), "")
    if message["unseen"] or (retry is None and (kept is None or not limit)):
        return []
    name, is_sqs = message["name"], message["source"] == QUEUE
    at = {"run": 0, "message": index, "at_s": failed["end_s"], "from_s": failed["start_s"]}
    if retry is not None:
        next_s, ends = retry["start_s"], f"does attempt {retry['number']} start"
        has_topic = any(place["id"] == TOPIC for place in run["places"])
        choices = _hidden_again() if is_sqs else _tried_again(_sender(has_topic))
    else:
        assert kept is not None
        next_s, ends = kept["at_s"], f"does {name} arrive there"
        choices = _moved(kept["place"], limit) if is_sqs else _given_up(kept["place"], limit)
    after_s = next_s - failed["start_s"]
    at_once, why = after_s < _AT_ONCE_S, _why(message, failed)
    return [
        {
            **at,
            "id": f"next-{name}",
            "text": f"{name}: attempt {failed['number']} failed. What happens next?",
            "choices": choices,
        },
        {
            **at,
            "id": f"when-{name}",
            "text": f"How many seconds after the start of attempt {failed['number']} {ends}?",
            "unit": "s",
            "answer": round(after_s, 1) if after_s < 9.95 else float(round(after_s)),
            "within": _within_s(after_s, failed["end_s"] - failed["start_s"], is_sqs=is_sqs),
            "told": f"It was {'at once' if at_once else f'after {spoken_s(after_s)}'}. {why}",
        },
    ]


def questions_about(facts: Mapping[str, Any], order_id: str) -> list[dict[str, Any]]:
    """The usual questions about an order of a run; none where it did not fail, as in another try.

    Raises:
        DataError: the run has no message of that name.
    """
    named = [
        one for one in facts["runs"][0]["messages"] if order_id in (one["order_id"], one["name"])
    ]
    outcomes = {attempt["outcome"] for one in named for attempt in one["attempts"]}
    if named and outcomes <= {"ok", *OPEN}:
        return []
    return what_next(facts, order_id)


def in_words(facts: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as a player has them -> the words that were chosen, numbers, None for "Show me"."""
    asked = {one["id"]: one for one in facts["questions"]}
    return {
        name: asked[name]["choices"][answer]["text"]
        if answer is not None and "choices" in asked[name]
        else answer
        for name, answer in answers.items()
        if name in asked
    }


def _within_s(after_s: float, took_s: float, *, is_sqs: bool) -> float:
    """How far beside the truth a number may be, and never as far as who forgets the attempt."""
    most_s = _WITHIN_S if is_sqs else max(_WITHIN_S, _WITHIN_SHARE * after_s)
    return round(min(most_s, took_s / 2) if took_s > _WITHIN_S else most_s, 1)


def _why(message: Mapping[str, Any], failed: Mapping[str, Any]) -> str:
    """What explains the time until then."""
    later = (one["cause"] for one in message["waits"] if one["start_s"] >= failed["end_s"] - 0.01)
    cause = next(later, "")
    if not cause:
        return "Nothing has to be waited for."
    if cause.startswith("visibility timeout"):
        return f"The cause: {cause}. It counts from the receive, when the attempt began."
    if cause.startswith("retry delay"):
        return f"The cause: {cause}. It counts from the failure, when the attempt was over."
    return f"It was {cause}."


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


def _hidden_again() -> list[dict[str, Any]]:
    return [
        _choice("It is sent again by the sender.", "Nobody sends it again: the queue has it."),
        _choice("Lambda runs it again at once.", "Lambda has to wait until SQS shows it."),
        _choice(
            "It stays in the queue, hidden, and is received again later.",
            "It was never taken out: its visibility timeout hides it.",
            is_right=True,
        ),
        _choice(
            "It moves to the DLQ.",
            "Only when it was received as often as the redrive policy allows.",
        ),
    ]


def _moved(place: str, limit: str) -> list[dict[str, Any]]:
    hidden = "It stays in the queue, hidden, until its visibility timeout is over"
    return [
        _choice("Lambda runs it again at once.", f"No attempt is left: {limit}."),
        _choice(
            f"{hidden}; then it is tried again.",
            f"Hidden it is, but no attempt is left: {limit}.",
        ),
        _choice(
            f"It moves to the {place} at once.",
            "SQS does not know that the function failed. It moves the message when it would have "
            "to hand it out once more, and until then the message is hidden.",
        ),
        _choice(
            f"{hidden}; then it moves to the {place}.",
            f"The next receive would be one too many ({limit}), so SQS moves it instead.",
            is_right=True,
        ),
    ]


def _sender(has_topic: bool) -> dict[str, Any]:
    if has_topic:
        return _choice("SNS delivers it again.", "SNS is done: Lambda has accepted the event.")
    return _choice(
        "Nothing, until whoever invoked the function does it again.",
        "Lambda has accepted the event, and keeps it.",
    )


def _tried_again(sender: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        sender,
        _choice("It is run again at once.", "Lambda waits before it tries again."),
        _choice(
            "It waits in Lambda's event queue and is tried again later.",
            "Lambda's own retries: the event is kept until one succeeds or none is left.",
            is_right=True,
        ),
        _choice(
            "It is kept for whoever repairs it.",
            "Only when no retry is left, or it has become too old.",
        ),
    ]


def _given_up(place: str, limit: str) -> list[dict[str, Any]]:
    return [
        _choice("It is run again at once.", f"No retry is left: {limit}."),
        _choice(
            "It waits in Lambda's event queue and is tried again later.",
            f"No retry is left: {limit}.",
        ),
        _choice(
            f"Lambda gives it up: it goes to the {place}.",
            f"No retry is left: {limit}.",
            is_right=True,
        ),
        _choice("It is lost.", f"It would be, if it had no place to go; it has the {place}."),
    ]


def _choice(text: str, told: str, *, is_right: bool = False) -> dict[str, Any]:
    return {"text": text, "is_right": is_right, "told": told}
