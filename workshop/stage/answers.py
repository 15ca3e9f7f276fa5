"""What a scene answers at its end to the question before it, as it was measured. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from workshop.counting import counted
from workshop.evidence.lanes import spoken_s

Facts = Mapping[str, Any]
# An answer in a sentence; "" where the facts have none, as of a scene that came to no end.
Answer = Callable[[Facts], str]
# An attempt whose work was done, also where its batch failed with another one.
_DONE = ("ok", "shared")
# What took less is told as this: nothing takes 0 s.
_TENTH_S = 0.1


def no_answer(_: Facts) -> str:
    """Of a scene whose last moment tells it already."""
    return ""


def of_batches(facts: Facts) -> str:
    """How often the work of orders that are good was done, way by way, and what became of them."""
    told = []
    for run in facts["runs"]:
        good = [one for one in run["messages"] if _done(one)]
        if not good:
            return ""
        kept = sum(one["fate"] not in ("done", "in flight") for one in good)
        often = _between(len(_done(one)) for one in good)
        which = "" if kept == len(good) else f"{kept} of {len(good)} "
        end = f"yet {which}in the DLQ" if kept else "processed"
        told.append(f"{run['title']}: good orders done {often}, {end}.")
    return " ".join(told)


def of_poison(facts: Facts) -> str:
    """What an order that always fails cost itself, and what it cost the others."""
    messages = [one for run in facts["runs"] for one in run["messages"]]
    good = [one for one in messages if one["fate"] == "done"]
    bad = [one for one in messages if one["fate"] not in ("done", "in flight")]
    if not good or not bad:
        return ""
    last_s = max(_done(one)[-1]["end_s"] - one["sent_s"] for one in good)
    tried = _between(len(one["attempts"]) for one in bad)
    set_aside_s = max(one["end_s"] - one["sent_s"] for one in bad)
    soon = spoken_s(max(last_s, _TENTH_S))
    return (
        f"The others: processed within {soon}. The bad one: tried {tried}, put aside after "
        f"{spoken_s(set_aside_s)}."
    )


def _done(message: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return [one for one in message["attempts"] if one["outcome"] in _DONE]


def _between(numbers: Iterable[int]) -> str:
    """How often: the same for all, or from the least to the most."""
    found = sorted(set(numbers))
    if len(found) > 1:
        return f"{found[0]} to {found[-1]} times"
    return {1: "once", 2: "twice"}.get(found[0], counted(found[0], "time"))
