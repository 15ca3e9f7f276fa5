"""Exercises 4 to 6: faults before and after a function that is invoked asynchronously."""

import contextlib
import json
from dataclasses import replace
from typing import Any

from workshop.clinic import hints
from workshop.clinic.exercise import Exercise, story
from workshop.evidence.retry_settings import ASYNC_RETRY_DELAYS_S
from workshop.lessons.checks import Check
from workshop.workbench import WRITING

# Attempts, and log lines that come after them.
_MARGIN_S = 60.0


def _retries() -> tuple[float, str]:
    """How long two retries take at the most, and why."""
    waits = " and ".join(f"{wait_s:g} s" for wait_s in ASYNC_RETRY_DELAYS_S)
    return sum(ASYNC_RETRY_DELAYS_S) + _MARGIN_S, f"two retries would come after {waits}"


class MissingPermission(Exercise):
    """4. A topic whose notifications never reach the function.

    Attributes:
        rig: the function with its topic (`rig.source`) and the subscription's DLQ.
    """

    what = "an order published to the topic is processed"

    def _set_up(self) -> None:
        self.rig = self._bench.behind_topic("four", permitted=False)

    def remove_permissions(self) -> None:
        """Empty the function's resource policy, so that the change can be made again."""
        for statement in self._statements():
            self._client("lambda").remove_permission(
                FunctionName=self.rig.function, StatementId=statement["Sid"]
            )

    def _statements(self) -> list[dict[str, Any]]:
        client = self._client("lambda")
        with contextlib.suppress(client.exceptions.ResourceNotFoundException):
            policy = json.loads(client.get_policy(FunctionName=self.rig.function)["Policy"])
            statements: list[dict[str, Any]] = policy["Statement"]
            return statements
        return []

    def _try(self) -> Check:
        order = self._order(**{"pass": True})
        case = self._after(self.rig, order, 30, "SNS delivers, and a log line is shown")
        return self._judged(
            case.succeeded,
            expected="one run without an error",
            seen=story(case),
            evidence="lambda get-policy, the function's log, the subscription's DLQ",
            hint=hints.principal(self._statements(), self.rig.source),
        )


class AliasDestination(Exercise):
    """5. An on-failure destination of the function, whose orders go to its alias.

    A configuration of asynchronous invocation belongs to one qualifier, and none inherits it:
    https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html

    Attributes:
        rig: the function; `rig.source` is what the orders are sent to.
        failed: the queue for records.
    """

    what = "a record of a failed event arrives in the destination"
    alias = "live"

    def _set_up(self) -> None:
        self.failed = self._bench.queue("five-failed")
        made = self._bench.asynchronous("five", retries=0, on_failure=self.failed)
        source = self._bench.alias(str(made.function), self.alias)
        self.rig = replace(made, source=source)

    def _try(self) -> Check:
        # As long as two retries take that nobody wanted.
        seconds, cause = _retries()
        case = self._after(self.rig, self._order(**{"pass": False}), seconds, cause)
        found = self._client("lambda").list_function_event_invoke_configs(
            FunctionName=self.rig.function
        )
        configs = sorted(found["FunctionEventInvokeConfigs"], key=lambda one: one["LastModified"])
        configured = [config["FunctionArn"].rpartition(":")[2] for config in configs]
        return self._judged(
            case.ended == "on-failure destination",
            expected="one run, then a record in the on-failure destination",
            seen=story(case),
            evidence="lambda list-function-event-invoke-configs, the function's log, the queue",
            hint=hints.qualifier(configured, self.alias),
        )


class EventAge(Exercise):
    """6. Two retries are configured, and an order that needs them gets none.

    Attributes:
        rig: the function behind a topic, with an on-failure destination.
    """

    what = "an order that fails twice is processed at the third attempt"

    def _set_up(self) -> None:
        self.rig = self._bench.behind_topic("six", may=WRITING)
        failed = self._bench.queue("six-failed")
        self.rig = self._bench.with_outlet(self.rig, "on-failure destination", failed)
        self._bench.patiently(
            self._client("lambda").put_function_event_invoke_config,
            FunctionName=self.rig.function,
            MaximumRetryAttempts=2,
            MaximumEventAgeInSeconds=60,
            DestinationConfig={"OnFailure": {"Destination": failed.arn}},
        )

    def _try(self) -> Check:
        order = self._order(fault={"kind": "raise", "until_attempt": 3})
        case = self._after(self.rig, order, *_retries())
        config = self._client("lambda").get_function_event_invoke_config(
            FunctionName=self.rig.function
        )
        age_s = int(config.get("MaximumEventAgeInSeconds", 21600))
        return self._judged(
            case.succeeded,
            expected="three runs, the last without an error",
            seen=f"maximum event age {age_s} s; {story(case)}",
            evidence="lambda get-function-event-invoke-config, the function's log, the record",
            hint=hints.age(age_s, len(case.runs_at_s)),
        )
