"""What the workshop has used so far, as CloudWatch counted it."""

from collections.abc import Iterator
from datetime import timedelta

from workshop import prices
from workshop.cleanup import cost
from workshop.cleanup.resources import enabled_mappings, found, prefixes
from workshop.evidence.metrics import Metric, sums
from workshop.lab import Lab

# CloudWatch keeps names of metrics for two weeks after their last value.
_DAYS = 14
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
    priced = dict(_priced(lab))
    since = lab.clock.now() - timedelta(days=_DAYS)
    for metric, total in sums(lab.session, priced, since).items():
        factor = _gb(lab, metric.resource) / 1000 if metric.name == "Duration" else 1.0
        usage[priced[metric]] += total * factor
    usage[prices.LOGS_TAKEN_IN] = _log_bytes(lab) / 1e9
    notes = [f"Counted by CloudWatch in the last {_DAYS} days, for names of the workshop only."]
    if lab.session.target.is_embedded:
        idle = _idle(lab)
        for price, requests in idle.items():
            usage[price] += requests
        notes.append(
            f"With {sum(idle.values()):,.0f} SQS requests of pollers that found nothing, for the "
            "time since each mapping was changed last. On an account CloudWatch counts them; here "
            f"they are reckoned, {cost.POLLERS} pollers each, one request per {cost.LONG_POLL_S} s."
        )
    return cost.Estimate("used so far", usage, (*notes, cost.KEPT))


def _idle(lab: Lab) -> dict[prices.Price, float]:
    """What enabled mappings have asked their queues in vain, which the embedded AWS does not count.

    All of the time is taken to be idle: receives that find something are few beside them.
    """
    requests: dict[prices.Price, float] = {}
    client, now = lab.client("lambda"), lab.clock.now()
    for uuid in enabled_mappings(lab):
        mapping = client.get_event_source_mapping(UUID=uuid)
        price = prices.sqs_price(mapping["EventSourceArn"])
        days = min((now - mapping["LastModified"]).total_seconds() / cost.DAY_S, _DAYS)
        # Reckoned from a time, and still a number of requests: nobody sends a part of one.
        asked = round(cost.idle_requests(1, days=max(days, 0.0)))
        requests[price] = requests.get(price, 0.0) + asked
    return requests


def _priced(lab: Lab) -> Iterator[tuple[Metric, prices.Price]]:
    """The metrics of the workshop's resources that count something priced."""
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
                    yield Metric(namespace, metric["MetricName"], dimension, name), price


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
