"""What the workshop has used so far, as CloudWatch counted it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from workshop import prices
from workshop.cleanup import cost
from workshop.cleanup.resources import found, prefixes
from workshop.lab import Lab

# CloudWatch keeps names of metrics for two weeks after their last value.
_DAYS = 14
_QUERIES_PER_CALL = 100
_DEFAULT_MEMORY_MB = 128

# Metric -> the price of what it counts. Receives, deletes and sends are all SQS requests.
_USED = {
    ("AWS/SQS", "QueueName"): dict.fromkeys(
        (
            "NumberOfMessagesSent",
            "NumberOfMessagesReceived",
            "NumberOfMessagesDeleted",
            "NumberOfEmptyReceives",
        ),
        prices.SQS_STANDARD,
    ),
    ("AWS/SNS", "TopicName"): {"NumberOfMessagesPublished": prices.SNS_PUBLISHES},
    ("AWS/Lambda", "FunctionName"): {
        "Invocations": prices.LAMBDA_REQUESTS,
        "Duration": prices.LAMBDA_DURATION,
    },
}


def used(lab: Lab) -> cost.Estimate:
    """What was used so far, as CloudWatch counted it, and what that costs."""
    usage = dict.fromkeys(prices.PRICES, 0.0)
    for (metric, price, name), total in _sums(lab, list(_metrics(lab))):
        factor = _gb(lab, name) / 1000 if metric == "Duration" else 1.0
        usage[price] += total * factor
    usage[prices.LOGS_TAKEN_IN] = _log_bytes(lab) / 1e9
    note = f"Counted by CloudWatch in the last {_DAYS} days, for names of the workshop only."
    return cost.Estimate("used so far", usage, (note,))


Metric = tuple[str, prices.Price, str]


def _metrics(lab: Lab) -> Iterator[tuple[Metric, dict[str, Any]]]:
    """The metrics that count something priced: (name, price, resource) and how to ask for it."""
    known = tuple(prefixes(lab.session.target))
    paginator = lab.client("cloudwatch").get_paginator("list_metrics")
    for (namespace, dimension), counted in _USED.items():
        for page in paginator.paginate(Namespace=namespace):
            for metric in page["Metrics"]:
                named = {one["Name"]: one["Value"] for one in metric["Dimensions"]}
                name = named.get(dimension, "")
                if metric["MetricName"] in counted and len(named) == 1 and name.startswith(known):
                    price = counted[metric["MetricName"]]
                    price = prices.sqs_price(name) if price is prices.SQS_STANDARD else price
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
