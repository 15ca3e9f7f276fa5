"""Exercises 4 to 6: faults before and after a function that is invoked asynchronously."""

import json
from dataclasses import replace

from workshop import gallery
from workshop.clinic import event_rules, permission_rules, reading
from workshop.clinic.exercise import Exercise
from workshop.clinic.found import Events, Invokers
from workshop.clinic.verdict import Judgement
from workshop.counting import counted
from workshop.evidence.retry_settings import ASYNC_RETRY_DELAYS_S
from workshop.workbench import WRITING

# Attempts, and log lines that come after them.
_MARGIN_S = 60.0
_ATTEMPTS = 3


def _retries() -> tuple[float, str]:
    """How long two retries take at the most, and why."""
    waits = " and ".join(f"{wait_s:g} s" for wait_s in ASYNC_RETRY_DELAYS_S)
    return sum(ASYNC_RETRY_DELAYS_S) + _MARGIN_S, f"two retries would come after {waits}"


class MissingPermission(Exercise[Invokers]):
    """4. A topic whose notifications never reach the function.

    Attributes:
        rig: the function with its topic (`rig.source`) and the subscription's DLQ.
    """

    what = "an order published to the topic is processed, and nobody else may invoke the function"
    expected = "one run without an error"
    evidence = "lambda get-policy, the function's log, the subscription's DLQ"
    values = (
        "A principal is a service (`name.amazonaws.com`), an account id or an ARN of IAM; an "
        "action is `lambda:` and a name; SourceArn is an ARN."
    )

    def _set_up(self) -> None:
        self.rig = self._bench.behind_topic("four", permitted=False)
        # What a colleague had read about.
        self._client("lambda").add_permission(
            FunctionName=self.rig.function,
            StatementId="topic",
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
            SourceArn=self.rig.source,
        )

    def remove_permissions(self) -> None:
        """Empty the function's resource policy, so that the change can be made again."""
        for statement in self._read().statements:
            self._client("lambda").remove_permission(
                FunctionName=self.rig.function, StatementId=statement["Sid"]
            )

    def _read(self) -> Invokers:
        return reading.invokers(self._lab, str(self.rig.function), self.rig.source)

    def _judge(self, found: Invokers) -> Judgement:
        return permission_rules.permission(found)

    def _try(self, found: Invokers) -> gallery.Case:
        order = self._order(**{"pass": True})
        return self._after(self.rig, order, 30, "SNS delivers, and a log line is shown")

    def _told(self, found: Invokers) -> str:
        callers = [json.dumps(one.get("Principal")) for one in found.statements]
        who = f": {', '.join(callers)}" if callers else ""
        number = counted(len(callers), "statement")
        return f"{number} in the function's resource policy{who}"


class AliasDestination(Exercise[Events]):
    """5. An on-failure destination of the function, whose orders go to its alias.

    A configuration of asynchronous invocation belongs to one qualifier, and none inherits it:
    https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html

    Attributes:
        rig: the function.
        orders_go_to: what orders are sent to, `function:alias` at first; yours to change.
        failed: the queue for records.
    """

    what = "an order that fails runs once, and leaves a record in a queue"
    expected = "one run, then a record in the on-failure destination"
    evidence = "lambda list-function-event-invoke-configs, the function's log, the queue"
    values = (
        "A qualifier is $LATEST, the number of a version, or the name of an alias; orders go to a "
        "function, or to a function, a colon and a qualifier."
    )
    alias = "live"

    def _set_up(self) -> None:
        self.failed = self._bench.queue("five-failed")
        self.rig = self._bench.asynchronous("five", retries=0, on_failure=self.failed)
        self._client("lambda").put_function_event_invoke_config(
            FunctionName=self.rig.function,
            MaximumRetryAttempts=0,
            DestinationConfig={"OnFailure": {"Destination": self.failed.arn}},
        )
        self.orders_go_to = self._bench.alias(str(self.rig.function), self.alias)

    def _read(self) -> Events:
        if not isinstance(self.orders_go_to, str):
            raise TypeError(f"orders_go_to is {self.orders_go_to!r}, and has to be a text")
        function, _, qualifier = self.orders_go_to.partition(":")
        return reading.events(self._lab, function, qualifier, self.failed.arn)

    def _judge(self, found: Events) -> Judgement:
        return event_rules.destination(found)

    def _try(self, found: Events) -> gallery.Case:
        url = reading.url_of(self._lab, found.config.destination) or self.failed.url
        ends = {"on-failure destination": url}
        # As long as two retries take that nobody wanted.
        seconds, cause = _retries()
        rig = replace(self.rig, source=self.orders_go_to, ends=ends)
        return self._after(rig, self._order(**{"pass": False}), seconds, cause)

    def _went_well(self, case: gallery.Case) -> bool:
        return case.ended == "on-failure destination" and len(case.runs_at_s) == 1

    def _told(self, found: Events) -> str:
        configured = " and ".join(sorted(found.configs)) or "nothing"
        return f"orders are sent to {found.sent_to}; configured: {configured}"


class EventAge(Exercise[Events]):
    """6. Two retries are configured, and an order that needs them gets none.

    Attributes:
        rig: the function behind a topic, with an on-failure destination.
        failed: the queue for records.
    """

    what = "an order that fails twice is processed at the third attempt, and none is lost"
    expected = "three runs, the last without an error"
    evidence = "lambda get-function-event-invoke-config, the function's log, the record"
    values = (
        "MaximumEventAgeInSeconds is a whole number from 60 to 21600 (6 hours), "
        "MaximumRetryAttempts one from 0 to 2."
    )

    def _set_up(self) -> None:
        self.rig = self._bench.behind_topic("six", may=WRITING)
        self.failed = self._bench.queue("six-failed")
        self.rig = self._bench.with_outlet(self.rig, "on-failure destination", self.failed)
        self._bench.patiently(
            self._client("lambda").put_function_event_invoke_config,
            FunctionName=self.rig.function,
            MaximumRetryAttempts=2,
            MaximumEventAgeInSeconds=60,
            DestinationConfig={"OnFailure": {"Destination": self.failed.arn}},
        )

    def _read(self) -> Events:
        return reading.events(self._lab, str(self.rig.function), "", self.failed.arn)

    def _judge(self, found: Events) -> Judgement:
        return event_rules.age(found)

    def _try(self, found: Events) -> gallery.Case:
        order = self._order(fault={"kind": "raise", "until_attempt": _ATTEMPTS})
        url = reading.url_of(self._lab, found.config.destination)
        outlet = {"on-failure destination": url} if url else {}
        rig = replace(self.rig, ends={**self.rig.ends, **outlet})
        return self._after(rig, order, *_retries())

    def _went_well(self, case: gallery.Case) -> bool:
        return case.succeeded and len(case.runs_at_s) == _ATTEMPTS

    def _told(self, found: Events) -> str:
        config = found.config
        return f"{config.retries} retries, maximum event age {config.age_s} s"
