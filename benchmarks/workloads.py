"""What is timed: the failures that the workshop shows, driven with boto3 alone."""

import io
import json
import time
import uuid
import zipfile
from typing import Any

from benchmarks.endpoints import MeasuredAws

_HANDLER = """
def handler(event, context):
    failed = [record for record in event.get("Records", [event]) if fails(record)]
    if failed and "partial" not in failed[0].get("body", ""):
        raise ValueError("a bad message")
    return {"batchItemFailures": [{"itemIdentifier": one["messageId"]} for one in failed]}


def fails(record):
    body = record.get("body", "")
    if "flaky" in body:
        return record["attributes"]["ApproximateReceiveCount"] == "1"
    return "bad" in body or record.get("bad", False)
"""

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
_EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


def bad_messages_to_dlq(
    endpoint: MeasuredAws, *, messages: int, receives: int, visibility_s: int
) -> float:
    """Seconds from the first send until every message is in the source queue's DLQ."""
    queue = _Queue(endpoint, visibility_s=visibility_s, receives=receives)
    queue.map_to(_function(endpoint), batch_size=10)
    started_s = time.perf_counter()
    queue.send(["bad"] * messages)
    endpoint.wait(lambda: queue.depth(queue.dlq_url) == messages)
    return time.perf_counter() - started_s


def good_messages(endpoint: MeasuredAws, *, messages: int) -> float:
    """Seconds from the first send until every message was processed and deleted."""
    queue = _Queue(endpoint, visibility_s=60, receives=3)
    queue.map_to(_function(endpoint), batch_size=10)
    started_s = time.perf_counter()
    queue.send(["good"] * messages)
    endpoint.wait(lambda: queue.depth(queue.url) == 0)
    return time.perf_counter() - started_s


def asynchronous_failure(endpoint: MeasuredAws) -> float:
    """Seconds from the accepted event until its record is in the on-failure destination.

    One attempt and two retries, which takes AWS about 180 s.
    """
    function = _function(endpoint)
    sqs, lambda_ = endpoint.client("sqs"), endpoint.client("lambda")
    url = sqs.create_queue(QueueName=_name("failed"))["QueueUrl"]
    lambda_.put_function_event_invoke_config(
        FunctionName=function,
        MaximumRetryAttempts=2,
        DestinationConfig={"OnFailure": {"Destination": _arn(sqs, url)}},
    )
    started_s = time.perf_counter()
    lambda_.invoke(FunctionName=function, InvocationType="Event", Payload=b'{"bad": true}')
    endpoint.wait(lambda: _depth(sqs, url) == 1)
    return time.perf_counter() - started_s


def mixed_messages(endpoint: MeasuredAws, *, messages: int) -> float:
    """Seconds until every message is processed or in the DLQ: 1 in 20 bad, 1 in 20 flaky.

    Batches of 10 with partial batch responses; visibility 30 s, 3 receives.
    """
    queue = _Queue(endpoint, visibility_s=30, receives=3)
    queue.map_to(
        _function(endpoint), batch_size=10, FunctionResponseTypes=["ReportBatchItemFailures"]
    )
    kinds = ["partial bad", "partial flaky", *["good"] * 18]
    started_s = time.perf_counter()
    queue.send([kinds[number % len(kinds)] for number in range(messages)])
    endpoint.wait(lambda: queue.depth(queue.url) == 0)
    duration_s = time.perf_counter() - started_s
    dead = queue.depth(queue.dlq_url)
    if dead != messages // len(kinds):
        raise AssertionError(f"{dead} messages in the DLQ, expected {messages // len(kinds)}")
    return duration_s


class _Queue:
    """A source queue with its DLQ."""

    def __init__(self, endpoint: MeasuredAws, *, visibility_s: int, receives: int) -> None:
        self._endpoint = endpoint
        self._sqs = endpoint.client("sqs")
        self.dlq_url = self._sqs.create_queue(QueueName=_name("dlq"))["QueueUrl"]
        redrive = {
            "deadLetterTargetArn": _arn(self._sqs, self.dlq_url),
            "maxReceiveCount": receives,
        }
        attributes = {
            "VisibilityTimeout": str(visibility_s),
            "RedrivePolicy": json.dumps(redrive),
        }
        self.url = self._sqs.create_queue(QueueName=_name("source"), Attributes=attributes)[
            "QueueUrl"
        ]

    def map_to(self, function: str, *, batch_size: int, **options: Any) -> None:
        lambda_ = self._endpoint.client("lambda")
        mapping = lambda_.create_event_source_mapping(
            EventSourceArn=_arn(self._sqs, self.url),
            FunctionName=function,
            BatchSize=batch_size,
            **options,
        )
        self._endpoint.wait(
            lambda: lambda_.get_event_source_mapping(UUID=mapping["UUID"])["State"] == "Enabled"
        )

    def send(self, bodies: list[str]) -> None:
        for start in range(0, len(bodies), 10):
            entries = [
                {"Id": str(number), "MessageBody": body}
                for number, body in enumerate(bodies[start : start + 10])
            ]
            self._sqs.send_message_batch(QueueUrl=self.url, Entries=entries)

    def depth(self, url: str) -> int:
        return _depth(self._sqs, url)


def _depth(sqs: Any, url: str) -> int:
    """Messages in a queue, in flight or not."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(value) for value in attributes.values())


def _arn(sqs: Any, url: str) -> str:
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn: str = answer["Attributes"]["QueueArn"]
    return arn


def _function(endpoint: MeasuredAws) -> str:
    """A function that fails on bad messages, ready to be invoked; its name."""
    iam, lambda_ = endpoint.client("iam"), endpoint.client("lambda")
    name = _name("fn")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(_TRUST))
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=json.dumps(_EVERYTHING))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("app.py", _HANDLER)
    lambda_.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="app.handler",
        Role=role["Role"]["Arn"],
        Code={"ZipFile": archive.getvalue()},
        # Short enough for a visibility timeout of a second, which AWS would otherwise refuse.
        Timeout=1,
    )
    endpoint.wait(
        lambda: lambda_.get_function_configuration(FunctionName=name)["State"] == "Active"
    )
    return name


def _name(kind: str) -> str:
    return f"bench-{kind}-{uuid.uuid4().hex[:8]}"
