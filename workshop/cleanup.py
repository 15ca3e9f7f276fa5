"""What the workshop has made in the target, what it used, and how it goes away again."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pandas as pd

from workshop import bench, cost, deployment, sweep
from workshop.lab import Lab
from workshop.target import PATTERNS, Target

# CloudWatch keeps names of metrics for two weeks after their last value.
_DAYS = 14
_QUERIES_PER_CALL = 100
_DEFAULT_MEMORY_MB = 128
_YES = "yes"


def prefixes(target: Target) -> list[str]:
    """What the names of everything that belongs to this participant begin with."""
    return [*(f"{target.stack_name(one)}-" for one in PATTERNS), bench.prefix_of(target)]


def found(lab: Lab) -> list[sweep.Resource]:
    """Everything that there is, found by name and by tag."""
    return sweep.find(lab.session, prefixes(lab.session.target), tag=True)


def inventory(lab: Lab) -> pd.DataFrame:
    """Everything that there is: columns `kind`, `name` (str), by kind."""
    rows = [{"kind": one.kind, "name": one.name} for one in found(lab)]
    return pd.DataFrame(rows, columns=["kind", "name"], dtype="str")


def enabled_mappings(lab: Lab) -> list[str]:
    """UUIDs of the workshop's event source mappings that poll at this moment."""
    client = lab.client("lambda")
    uuids = [one.handle for one in found(lab) if one.kind == "event source mapping"]
    states = {uuid: client.get_event_source_mapping(UUID=uuid)["State"] for uuid in uuids}
    return [uuid for uuid, state in states.items() if state in ("Enabled", "Enabling", "Creating")]


def set_enabled(lab: Lab, uuids: Sequence[str], enabled: bool) -> None:
    """Switch event source mappings on or off, and wait until they are."""
    client, state = lab.client("lambda"), "Enabled" if enabled else "Disabled"
    for uuid in uuids:
        client.update_event_source_mapping(UUID=uuid, Enabled=enabled)
    for uuid in uuids:
        while client.get_event_source_mapping(UUID=uuid)["State"] != state:
            lab.clock.sleep(1)


# Metric -> the price of what it counts. Receives, deletes and sends are all SQS requests.
_USED = {
    ("AWS/SQS", "QueueName"): dict.fromkeys(
        (
            "NumberOfMessagesSent",
            "NumberOfMessagesReceived",
            "NumberOfMessagesDeleted",
            "NumberOfEmptyReceives",
        ),
        cost.SQS_STANDARD,
    ),
    ("AWS/SNS", "TopicName"): {"NumberOfMessagesPublished": cost.SNS_PUBLISHES},
    ("AWS/Lambda", "FunctionName"): {
        "Invocations": cost.LAMBDA_REQUESTS,
        "Duration": cost.LAMBDA_DURATION,
    },
}


def used(lab: Lab) -> cost.Estimate:
    """What was used so far, as CloudWatch counted it, and what that costs."""
    usage = dict.fromkeys(cost.PRICES, 0.0)
    for (metric, price, name), total in _sums(lab, list(_metrics(lab))):
        factor = _gb(lab, name) / 1000 if metric == "Duration" else 1.0
        usage[price] += total * factor
    usage[cost.LOGS_TAKEN_IN] = _log_bytes(lab) / 1e9
    note = f"Counted by CloudWatch in the last {_DAYS} days, for names of the workshop only."
    return cost.Estimate("used so far", usage, (note,))


Metric = tuple[str, cost.Price, str]


def _metrics(lab: Lab) -> Iterator[tuple[Metric, dict[str, Any]]]:
    """The metrics that count something priced: (name, price, resource) and how to ask for it."""
    known = tuple(prefixes(lab.session.target))
    paginator = lab.client("cloudwatch").get_paginator("list_metrics")
    for (namespace, dimension), prices in _USED.items():
        for page in paginator.paginate(Namespace=namespace):
            for metric in page["Metrics"]:
                named = {one["Name"]: one["Value"] for one in metric["Dimensions"]}
                name = named.get(dimension, "")
                if metric["MetricName"] in prices and len(named) == 1 and name.startswith(known):
                    price = prices[metric["MetricName"]]
                    price = cost.sqs_price(name) if price is cost.SQS_STANDARD else price
                    yield (metric["MetricName"], price, name), metric


def _sums(
    lab: Lab, metrics: Sequence[tuple[Metric, dict[str, Any]]]
) -> Iterator[tuple[Metric, float]]:
    client, now = lab.client("cloudwatch"), lab.clock.now()
    for first in range(0, len(metrics), _QUERIES_PER_CALL):
        some = metrics[first : first + _QUERIES_PER_CALL]
        queries = [
            {"Id": f"q{n}", "MetricStat": {"Metric": metric, "Period": 3600, "Stat": "Sum"}}
            for n, (_, metric) in enumerate(some)
        ]
        answer = client.get_metric_data(
            MetricDataQueries=queries, StartTime=now - timedelta(days=_DAYS), EndTime=now
        )
        for result in answer["MetricDataResults"]:
            yield some[int(result["Id"][1:])][0], float(sum(result["Values"]))


def _gb(lab: Lab, function: str) -> float:
    client = lab.client("lambda")
    try:
        memory_mb = client.get_function_configuration(FunctionName=function)["MemorySize"]
    except client.exceptions.ResourceNotFoundException:
        memory_mb = _DEFAULT_MEMORY_MB
    return float(memory_mb) / 1024


def _log_bytes(lab: Lab) -> float:
    groups = [one.name for one in found(lab) if one.kind == "log group"]
    pages = lab.client("logs").get_paginator("describe_log_groups").paginate()
    stored = {
        one["logGroupName"]: one.get("storedBytes", 0) for p in pages for one in p["logGroups"]
    }
    return float(sum(stored.get(group, 0) for group in groups))


class Report:
    """What a tear-down did, or would do.

    Attributes:
        is_dry: whether nothing was touched.
        removed: what was deleted, or would be.
        left: what is there now.
    """

    def __init__(
        self, *, is_dry: bool, removed: list[sweep.Resource], left: list[sweep.Resource]
    ) -> None:
        self.is_dry, self.removed, self.left = is_dry, removed, left

    def __repr__(self) -> str:
        kinds = pd.Series([one.kind for one in self.removed], dtype="str").value_counts(sort=False)
        told = "; ".join(f"{kind}: {number}" for kind, number in kinds.items()) or "nothing"
        if self.is_dry:
            return f"Dry run, nothing was touched. {len(self.removed)} would go: {told}."
        lines = [f"{len(self.removed)} removed: {told}.", f"{len(self.left)} left"]
        return "\n".join([*lines, *(f"  {one.kind} {one.name}" for one in self.left)])


def tear_down(lab: Lab, answer: str = "", *, on_progress: Callable[[str], None] = print) -> Report:
    """Delete the stacks, then whatever a sweep finds, then look again.

    Args:
        lab: the target.
        answer: "yes" deletes; anything else shows what would be deleted.
        on_progress: is given one short sentence per stack.
    """
    before = found(lab)
    if answer.strip().casefold() != _YES:
        return Report(is_dry=True, removed=before, left=before)
    deployment.destroy(lab.session, on_progress=on_progress)
    sweep.delete(lab.session, found(lab))
    left = sweep.look_again(lab.session, lambda: found(lab))
    return Report(is_dry=False, removed=before, left=left)
