"""Checks that read AWS and say what was expected, what was seen, and where that was read.

Each returns a `Check`, which shows itself and is truthy when it passed. A check that fails raises
nothing: a notebook runs on, and the reader decides.
"""

import json
from dataclasses import dataclass
from typing import Any

from workshop import html
from workshop.counting import counted
from workshop.lab import Lab

# The verdict about a check that did not pass.
NOT_YET = "not yet"


@dataclass(frozen=True)
class Check:
    """One check that was made.

    Attributes:
        what: what is checked, a sentence that is true when it passes.
        passed: whether it is.
        expected: in words.
        seen: in words.
        evidence: the API call or log line that shows it.
        hint: what to look at when it did not pass.
        nudge: less than the hint, for who failed once.
        further: more than the hint, for who failed often.
        remark: what else there is to know; said also when it passed.
        is_dangerous: whether it did not pass because of what it would do to somebody.
        is_untouched: whether nothing was tried yet: then it is no failed try.
    """

    what: str
    passed: bool
    expected: str
    seen: str
    evidence: str
    hint: str = ""
    nudge: str = ""
    further: str = ""
    remark: str = ""
    is_dangerous: bool = False
    is_untouched: bool = False

    def __bool__(self) -> bool:
        return self.passed

    def __str__(self) -> str:
        _, verdict = self._verdict()
        text = (
            f"{verdict}: {self.what}. Expected {self.expected}, seen {self.seen} ({self.evidence})."
        )
        if self.remark:
            text += f"\n{self._remark()}"
        return text if self.passed or not self.hint else f"{text} Hint: {self.hint}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return html.note(*self._verdict(), *self._told(), is_untouched=self.is_untouched)

    def _verdict(self) -> tuple[html.Tone, str]:
        if self.passed:
            return html.GOOD, "passed"
        return html.BAD, "dangerous" if self.is_dangerous else NOT_YET

    def _remark(self) -> str:
        """With a word before it that says how it is meant."""
        title = "Mind" if self.passed else "What is wrong" if self.is_dangerous else "Note"
        return f"{title}: {self.remark}"

    def _told(self) -> list[str]:
        told = [self.what, f"expected: {self.expected}", f"seen: {self.seen}"]
        told.append(f"evidence: {self.evidence}")
        told += [self._remark()] if self.remark else []
        return [*told, f"hint: {self.hint}"] if self.hint and not self.passed else told


def equal(what: str, *, expected: Any, seen: Any, evidence: str, hint: str = "") -> Check:
    """A check on two values that a cell already has."""
    return Check(what, bool(expected == seen), str(expected), str(seen), evidence, hint)


def message_count(lab: Lab, queue_url: str, expected: int, *, name: str = "the queue") -> Check:
    """The queue holds exactly this many messages (visible, in flight and delayed together).

    Where counts are late, a wrong one is believed after a second look, when it must be new.
    """
    count = lab.queue_counts(queue_url)
    if count.total != expected and lab.session.lateness.counts_s:
        lab.clock.sleep(lab.session.lateness.counts_s, "SQS's counts can be a minute old")
        count = lab.queue_counts(queue_url)
    seen = f"{count.total} ({count.visible} visible, {count.in_flight} in flight)"
    return Check(
        f"{name} holds {counted(expected, 'message')}",
        count.total == expected,
        str(expected),
        seen,
        "sqs get-queue-attributes",
        "messages of earlier runs stay in a queue until somebody deletes them.",
    )


def arrived(lab: Lab, pattern: str, order_id: str, target: str) -> Check:
    """The order ended in this target, e.g. "source queue's DLQ" or "on-success destination"."""
    found = lab.arrivals(pattern, order_ids=[order_id])
    places = sorted(set(found["target"]))
    return Check(
        f"order {order_id} ended in the {target}",
        places == [target],
        target,
        " and ".join(places) or "nowhere yet",
        "messages in the pattern's DLQs and destinations",
        "has it been sent, and has it had the time? lab.attempts(pattern) shows its attempts.",
    )


def attempt_count(lab: Lab, pattern: str, order_id: str, expected: int) -> Check:
    """The logs show exactly this many attempts at the order."""
    found = lab.attempts(pattern, order_ids=[order_id])
    group = lab.outputs(pattern).LogGroupName
    return Check(
        f"order {order_id} was tried {counted(expected, 'time')} ({pattern})",
        len(found) == expected,
        counted(expected, "attempt"),
        f"{len(found)} ({', '.join(found['outcome']) or 'none'})",
        f"START lines in {group}",
        "attempts are one more than retries; a message sent twice is tried twice as often.",
    )


def visibility_covers_function_timeout(lab: Lab) -> Check:
    """The source queue's visibility timeout is at least six times the function's timeout."""
    found = lab.settings("SqsDlq")
    visibility_s, timeout_s = found.visibility_timeout_s or 0.0, found.function_timeout_s
    return Check(
        "the visibility timeout is at least six times the function timeout",
        visibility_s >= 6 * timeout_s,
        f"{6 * timeout_s:g} s or more",
        f"{visibility_s:g} s with a function timeout of {timeout_s:g} s",
        "sqs get-queue-attributes, lambda get-function-configuration",
        "a message that turns visible while it is still worked on is received twice.",
    )


def max_receive_count(lab: Lab, expected: int) -> Check:
    """The source queue's redrive policy has this maxReceiveCount."""
    seen = lab.settings("SqsDlq").max_receive_count
    return Check(
        f"the source queue's redrive policy has maxReceiveCount {expected}",
        seen == expected,
        str(expected),
        "no redrive policy" if seen is None else str(seen),
        "sqs get-queue-attributes, RedrivePolicy",
        "RedrivePolicy is an attribute of the source queue, written as JSON text.",
    )


def maximum_retry_attempts(lab: Lab, pattern: str, expected: int) -> Check:
    """The function's asynchronous configuration has this MaximumRetryAttempts."""
    seen = lab.settings(pattern).maximum_retry_attempts
    return Check(
        f"the function of {pattern} is configured with MaximumRetryAttempts {expected}",
        seen == expected,
        str(expected),
        str(seen),
        "lambda get-function-event-invoke-config",
        "attempts are one more than retries.",
    )


def alarm_state(lab: Lab, expected: str) -> Check:
    """The alarm on the source queue's DLQ is in this state: OK, ALARM or INSUFFICIENT_DATA."""
    name = lab.outputs("SqsDlq").AlarmName
    found = lab.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    seen = found[0]["StateValue"] if found else "no such alarm"
    reason = found[0].get("StateReason", "") if found else ""
    return Check(
        f"the alarm on the source queue's DLQ is in state {expected}",
        seen == expected,
        expected,
        f"{seen}{': ' * bool(reason)}{json.dumps(reason) if reason else ''}",
        "cloudwatch describe-alarms",
        "CloudWatch looks once a minute; wait until the next full minute is over.",
    )
