"""A run up to one of its moments: what had happened by then, and nothing of what came later. Pure.

The stage shows a run while it goes on, and goes back in it. What is cut away is not in the facts
any more, so that nothing on the screen can give an ending away.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workshop.player.journey import counts_of
from workshop.player.places import LOST, ON_SUCCESS, SUBSCRIPTION
from workshop.player.sequence import BEHIND

# As the player has it: what closes together is one moment, unless it befell the same message.
_TOGETHER_S = 0.25
# Whose end a setting tells before it has come.
_FORETOLD = ("visibility timeout", "retry delay", "batching window", BEHIND)
# The same step of a message, of which more is known by now, is no further away than this.
_SAME_S = 0.5
_ON_FAILURE = "on-failure destination"
Facts = Mapping[str, Any]
Step = Sequence[Any]


@dataclass(frozen=True)
class ReachedMoment:
    """When something happened, and how many steps each message had made by then.

    Attributes:
        at_s: when its first part happened.
        until_s: when its last part did.
        steps: (run, message) -> how many of its steps.
        latest: (run, message) -> the last of them.
    """

    at_s: float
    until_s: float
    steps: Mapping[tuple[int, int], int]
    latest: Mapping[tuple[int, int], Step]


def moments_of(facts: Facts, shown: Sequence[ReachedMoment] = ()) -> list[ReachedMoment]:
    """The moments of a run, in order.

    Args:
        facts: of the run.
        shown: moments that were shown already; they stay, and what is new comes after them.
    """
    all_steps: dict[tuple[int, int], list[Step]] = {
        (run, number): message["steps"]
        for run, one in enumerate(facts["runs"])
        for number, message in enumerate(one["messages"])
    }
    times = {key: [step[0] for step in steps] for key, steps in all_steps.items()}
    moments = _read_anew(shown, all_steps)
    made = dict(moments[-1].steps) if moments else {}
    # What is sent together is one moment, also where the first was received before the last.
    first_s = min((all_s[0] for all_s in times.values() if all_s), default=0.0)
    rest = sorted(
        (at_s - (_TOGETHER_S if not n and at_s <= first_s + _TOGETHER_S else 0), at_s, key)
        for key, all_s in times.items()
        for n, at_s in enumerate(all_s)
        if n >= made.get(key, 0)
    )
    latest: dict[tuple[int, int], int] = {}
    for _, at_s, key in rest:
        last = len(moments) - 1
        made[key] = made.get(key, 0) + 1
        is_new = (
            last < len(shown) or at_s - moments[last].at_s > _TOGETHER_S or latest.get(key) == last
        )
        if is_new:
            until_s = max(at_s, moments[last].until_s) if moments else at_s
            moments.append(_reached(at_s, until_s, made, all_steps))
        else:
            until_s = max(moments[last].until_s, at_s)
            moments[last] = _reached(moments[last].at_s, until_s, made, all_steps)
        latest[key] = len(moments) - 1
    return moments


def _reached(
    at_s: float,
    until_s: float,
    made: Mapping[tuple[int, int], int],
    steps: Mapping[tuple[int, int], Sequence[Step]],
) -> ReachedMoment:
    latest = {key: steps[key][number - 1] for key, number in made.items() if number}
    return ReachedMoment(at_s, until_s, dict(made), latest)


def _read_anew(
    shown: Sequence[ReachedMoment], steps: Mapping[tuple[int, int], Sequence[Step]]
) -> list[ReachedMoment]:
    """Moments that were shown: a log line may tell more, or less, than was known then.

    What was told stays told, also where what came before it is known only now.
    """
    counts = [
        {key: _made(number, moment.latest.get(key), steps.get(key, [])) for key, number in made}
        for moment, made in ((moment, moment.steps.items()) for moment in shown)
    ]
    for number, moment in enumerate(shown[1:]):
        for key in counts[number]:
            if moment.steps[key] == shown[number].steps[key] + 1:
                # What is known late is no news of the moment after it.
                counts[number][key] = max(counts[number][key], counts[number + 1][key] - 1)
            counts[number + 1][key] = max(counts[number + 1][key], counts[number][key])
    anew = []
    for moment, made in zip(shown, counts, strict=True):
        last_s = [steps[key][number - 1][0] for key, number in made.items() if number]
        until_s = max(last_s, default=moment.until_s)
        anew.append(_reached(moment.at_s, until_s, made, steps))
    return anew


def _made(number: int, latest: Step | None, steps: Sequence[Step]) -> int:
    """How many of a message's steps there are up to the one that was its latest."""
    if latest is None:
        return min(number, len(steps))
    at_s, kind, *_ = latest
    # Of an arrival AWS may tell no time, and then it is reckoned anew.
    is_end = kind in ("arrived", "lost", "redriven")
    same = [
        place
        for place, step in enumerate(steps)
        if step[1] == kind and (is_end or abs(step[0] - at_s) < _SAME_S)
    ]
    if is_end:
        same = [place for place in same if steps[place][2] == latest[2]]
    near = min(same, key=lambda place: abs(steps[place][0] - at_s), default=None)
    return min(number, len(steps)) if near is None else near + 1


def cut(facts: Facts, moment: ReachedMoment, before: ReachedMoment | None = None) -> dict[str, Any]:
    """The facts as they were at a moment.

    Args:
        facts: of all that is known by now.
        moment: up to which they are wanted.
        before: the moment before it; what is new since then is what the sentence tells.
    """
    runs = []
    for number, run in enumerate(facts["runs"]):
        messages = [
            _message(message, moment.steps[number, n], moment.until_s)
            for n, message in enumerate(run["messages"])
            if (number, n) in moment.steps
        ]
        is_lost = any(message["fate"] == LOST for message in messages)
        places = [place for place in run["places"] if place["id"] != LOST or is_lost]
        told = {"messages": messages, "places": places, "end_s": moment.until_s}
        told["told_before"] = [
            before.steps.get((number, n), 0) if before else 0
            for n in range(len(run["messages"]))
            if (number, n) in moment.steps
        ]
        runs.append({**run, **told, "counts": counts_of(messages)})
    return {**facts, "runs": runs}


def _message(message: Mapping[str, Any], made: int, until_s: float) -> dict[str, Any]:
    steps = message["steps"][:made]
    is_whole = made == len(message["steps"])
    kinds: dict[str, set[int]] = {}
    for _, kind, _, _, n in steps:
        kinds.setdefault(kind, set()).add(n)
    begun, ended = kinds.get("attempt", set()), kinds.get("ended", set())
    attempts = [
        attempt if n in ended else still_running(attempt)
        for n, attempt in enumerate(message["attempts"])
        if n in begun
    ]
    here_s = steps[-1][0] + 0.001
    # What follows an attempt that is still running is not known, however soon it ended.
    runs_s = min((message["attempts"][n]["start_s"] for n in begun - ended), default=math.inf)
    waits = [
        wait
        for wait in message["waits"]
        if ("behind" in wait or wait["start_s"] < runs_s)
        and wait["start_s"] <= (until_s if "behind" in wait else here_s)
        and (is_whole or _is_told(wait, message["steps"][made][0]))
    ]
    arrivals = [one for n, one in enumerate(message["arrivals"]) if n in kinds.get("arrived", ())]
    return {
        **message,
        "steps": steps,
        "attempts": attempts,
        "unseen": [one for n, one in enumerate(message["unseen"]) if n in kinds.get("unseen", ())],
        "waits": waits,
        "arrivals": arrivals,
        "payload": message["payload"] if arrivals else None,
        "fate": message["fate"] if is_whole else "in flight",
        "end_s": steps[-1][0],
    }


def _is_told(wait: Mapping[str, Any], next_s: float) -> bool:
    """Whether a wait is over before the next step, or its end is known by a setting."""
    return wait["end_s"] < next_s - 0.001 or str(wait["cause"]).startswith(_FORETOLD)


def still_running(attempt: Mapping[str, Any]) -> dict[str, Any]:
    """An attempt of which no end is told yet."""
    unknown = {"end_s": None, "outcome": "running", "error_type": "", "error_message": ""}
    return {**attempt, **unknown}


def payoff(facts: Facts) -> list[tuple[str, int, str]]:
    """What the audience came for: (word, number, kind), of all runs together.

    Kinds are plain, good, kept and lost.
    """
    last = [m["steps"][-1] for run in facts["runs"] for m in run["messages"] if m["steps"]]
    done = sum(_is_done(step) for step in last)
    kept = sum(step[3] == "kept" and not _is_done(step) for step in last)
    lost = sum(step[3] == "lost" for step in last)
    return [
        ("sent", len(last), "plain"),
        ("processed", done, "good" if done else "plain"),
        (_kept_where(facts, last), kept, "kept" if kept else "plain"),
        ("under way", under_way(facts), "plain"),
        ("lost", lost, "lost" if lost else "plain"),
    ]


def under_way(facts: Facts) -> int:
    """How many messages are neither processed, nor kept, nor lost."""
    last = [m["steps"][-1] for run in facts["runs"] for m in run["messages"] if m["steps"]]
    return sum(step[3] not in ("kept", "lost") and not _is_done(step) for step in last)


def _is_done(step: Sequence[Any]) -> bool:
    return bool(step[3] == "done" or (step[3] == "kept" and step[2] == ON_SUCCESS))


def _kept_where(facts: Facts, steps: Sequence[Sequence[Any]]) -> str:
    """One word from the first moment to the last: where these runs keep what they give up."""
    lying = {step[2] for step in steps if step[3] == "kept" and not _is_done(step)}
    there = {
        place["id"]
        for run in facts["runs"]
        for place in run.get("places", ())
        if place["kind"] == "failure"
    }
    # To the subscription's DLQ only that comes which never reaches Lambda.
    places = lying | (there - {SUBSCRIPTION})
    if _ON_FAILURE not in places:
        return "in a DLQ"
    return "in on-failure" if places == {_ON_FAILURE} else "kept aside"


def is_over(facts: Facts) -> bool:
    """Whether nothing more is to come for any message, as far as AWS shows."""
    messages = [(run, message) for run in facts["runs"] for message in run["messages"]]
    return bool(messages) and all(_has_ended(run, message) for run, message in messages)


def _has_ended(run: Mapping[str, Any], message: Mapping[str, Any]) -> bool:
    if message["fate"] == "in flight" or any(one["end_s"] is None for one in message["attempts"]):
        return False
    has_record = any(place["id"] == ON_SUCCESS for place in run["places"])
    return message["fate"] != "done" or not has_record or bool(message["arrivals"])
