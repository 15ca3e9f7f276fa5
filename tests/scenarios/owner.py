"""Whose the resources of scenarios are: an id of the run in every name, and as a tag.

The id is made for one run and cannot be guessed, so a name or a tag that holds it is proof enough
for a removal: nothing of anybody else's is called so.
"""

from collections.abc import Callable, Mapping
from typing import Any

TAG = "workshop-scenarios"

# How services call it, by botocore's names of service and operation: a list of pairs, or a map.
_PAIRS = (
    ("iam", "CreateRole", "Tags"),
    ("sns", "CreateTopic", "Tags"),
    ("eventbridge", "CreateEventBus", "Tags"),
    ("eventbridge", "PutRule", "Tags"),
    ("cloudwatch", "PutMetricAlarm", "Tags"),
    ("cloudformation", "CreateStack", "Tags"),
)
_MAPS = (
    ("sqs", "CreateQueue", "tags"),
    ("lambda", "CreateFunction", "Tags"),
    ("lambda", "CreateEventSourceMapping", "Tags"),
    ("cloudwatch-logs", "CreateLogGroup", "tags"),
)


def prefix(run: str) -> str:
    """How the names of a run's resources begin."""
    return f"scenario-{run}-"


def mark(client: Any, run: str) -> None:
    """Have a client tag whatever it makes."""
    service = client.meta.service_model.service_id.hyphenize()
    for name, operation, parameter in (*_PAIRS, *_MAPS):
        if name == service:
            is_map = (name, operation, parameter) in _MAPS
            client.meta.events.register(
                f"provide-client-params.{name}.{operation}", _adding(parameter, run, is_map)
            )


def _adding(parameter: str, run: str, is_map: bool) -> Callable[..., dict[str, Any]]:
    def add(params: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        given = params.get(parameter)
        if is_map:
            return {**params, parameter: {**(given or {}), TAG: run}}
        return {**params, parameter: [*(given or []), {"Key": TAG, "Value": run}]}

    return add
