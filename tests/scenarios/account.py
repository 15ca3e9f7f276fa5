"""An AWS account to try things in: the same calls on the embedded AWS and on a real account.

Everything that is made here is named after the test run and removed at the end of the test.
"""

import contextlib
import io
import json
import time
import urllib.request
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

HANDLERS = Path(__file__).parent / "handlers"

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}

# What an execution role of these scenarios may do unless a test says otherwise.
EVERYTHING = ("sqs:*", "sns:*", "lambda:*", "events:*", "s3:*", "logs:*")


class Time:
    """How the scenarios wait: by skipping virtual time, or in real time."""

    def __init__(self, clock_url: str | None = None, token: str = "") -> None:
        self._clock_url = clock_url
        self._token = token

    def clock(self, **body: Any) -> dict[str, Any]:
        """One request to the clock API."""
        assert self._clock_url is not None
        request = urllib.request.Request(
            self._clock_url,
            data=json.dumps(body).encode() if body else None,
            headers={"Authorization": f"Bearer {self._token}"},
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            state: dict[str, Any] = json.load(answer)
            return state

    def now_s(self) -> float:
        return self.clock()["now"] if self._clock_url else time.time()

    def until(self, condition: Callable[[], Any], within_s: float = 900.0) -> Any:
        """What the condition returns once that is truthy."""
        deadline_s = self.now_s() + within_s
        while not (value := condition()):
            left_s = deadline_s - self.now_s()
            assert left_s > 0, f"not within {within_s} s"
            if not self._let_pass(left_s):
                # Work that was under way when the condition was read has ended since.
                assert (value := condition()), "nothing is scheduled any more"
                return value
        return value

    def pass_(self, seconds: float) -> None:
        """Let time pass on AWS's clock."""
        if self._clock_url:
            self.clock(advance_s=seconds)
        else:
            time.sleep(seconds)

    def _let_pass(self, limit_s: float) -> bool:
        """Let time pass until something may have changed; False if nothing ever will."""
        if self._clock_url:
            return bool(self.clock(run="next_event", limit_s=limit_s)["ran"])
        time.sleep(2)
        return True


@dataclass
class Queue:
    """A queue, and what can be asked of it."""

    sqs: Any
    url: str
    arn: str

    def send(self, body: str, **options: Any) -> str:
        """Send one message; its id."""
        message_id: str = self.sqs.send_message(QueueUrl=self.url, MessageBody=body, **options)[
            "MessageId"
        ]
        return message_id

    def receive(self, **options: Any) -> list[dict[str, Any]]:
        """Up to ten messages with all of their attributes."""
        answer = self.sqs.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=10,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
            **options,
        )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages

    def counts(self) -> tuple[int, int, int]:
        """Visible, in flight, delayed."""
        names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        answer = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)
        visible, in_flight, delayed = (int(answer["Attributes"][name]) for name in names)
        return visible, in_flight, delayed

    def holds(self, number: int) -> bool:
        return self.counts()[0] == number


@dataclass
class Attempt:
    """One run of a function as its log tells it: times in epoch seconds."""

    request_id: str
    started_s: float
    lines: list[str]


@dataclass
class Account:
    """One account and Region."""

    session: boto3.Session
    endpoint_url: str | None
    time: Time
    name: str = field(default_factory=lambda: f"scenario-{uuid.uuid4().hex[:8]}")
    _undo: list[Callable[[], Any]] = field(default_factory=list)

    def client(self, service: str) -> Any:
        config = Config(retries={"total_max_attempts": 1}, read_timeout=120)
        return self.session.client(service, endpoint_url=self.endpoint_url, config=config)

    def close(self) -> None:
        """Remove everything, last made first."""
        while self._undo:
            self._undo.pop()()

    def unique(self, kind: str) -> str:
        return f"{self.name}-{kind}-{len(self._undo)}"

    def queue(
        self, *, redrive_to: Queue | None = None, receives: int = 3, **attributes: Any
    ) -> Queue:
        """A queue; attributes by their AWS names, e.g. VisibilityTimeout=30."""
        sqs = self.client("sqs")
        texts = {name: str(value) for name, value in attributes.items()}
        if redrive_to:
            policy = {"deadLetterTargetArn": redrive_to.arn, "maxReceiveCount": receives}
            texts["RedrivePolicy"] = json.dumps(policy)
        suffix = ".fifo" if texts.get("FifoQueue") else ""
        url = sqs.create_queue(QueueName=self.unique("queue") + suffix, Attributes=texts)[
            "QueueUrl"
        ]
        self._undo.append(lambda: sqs.delete_queue(QueueUrl=url))
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return Queue(sqs, url, arn["Attributes"]["QueueArn"])

    def role(self, actions: tuple[str, ...] = EVERYTHING) -> str:
        """An execution role that may do exactly these actions; its ARN."""
        iam, name = self.client("iam"), self.unique("role")
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
        self._undo.append(lambda: iam.delete_role(RoleName=name))
        self.allow(name, actions)
        self._undo.append(lambda: iam.delete_role_policy(RoleName=name, PolicyName="may"))
        arn: str = role["Role"]["Arn"]
        return arn

    def allow(self, role_name: str, actions: tuple[str, ...]) -> None:
        """Let a role do exactly these actions from now on."""
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.client("iam").put_role_policy(
            RoleName=role_name.rsplit("/", 1)[-1], PolicyName="may", PolicyDocument=policy
        )

    def function(self, source: str = "orders", *, role: str | None = None, **options: Any) -> str:
        """A function with the handler `handlers/<source>.py`; its name."""
        lambda_, name = self.client("lambda"), self.unique("function")
        parameters = {
            "Runtime": "python3.13",
            "Handler": "orders.handler",
            "Timeout": 5,
            "Role": role or self.role(),
            "Code": {"ZipFile": package(source)},
        }
        lambda_.create_function(FunctionName=name, **(parameters | options))
        self._undo.append(lambda: self._delete_function(name))
        self.time.until(
            lambda: lambda_.get_function_configuration(FunctionName=name)["State"] == "Active"
        )
        return name

    def _delete_function(self, name: str) -> None:
        lambda_, logs = self.client("lambda"), self.client("logs")
        # A scenario may be about its deletion, and it may never have run.
        with contextlib.suppress(lambda_.exceptions.ResourceNotFoundException):
            lambda_.delete_function(FunctionName=name)
        with contextlib.suppress(logs.exceptions.ResourceNotFoundException):
            logs.delete_log_group(logGroupName=f"/aws/lambda/{name}")

    def mapping(self, queue: Queue, function: str, **options: Any) -> str:
        """An enabled event source mapping; its UUID."""
        lambda_ = self.client("lambda")
        made = lambda_.create_event_source_mapping(
            EventSourceArn=queue.arn, FunctionName=function, **({"BatchSize": 1} | options)
        )
        mapping_id: str = made["UUID"]
        self._undo.append(lambda: lambda_.delete_event_source_mapping(UUID=mapping_id))
        self.time.until(lambda: self.mapping_state(mapping_id) == "Enabled")
        return mapping_id

    def mapping_state(self, mapping_id: str) -> str:
        state: str = self.client("lambda").get_event_source_mapping(UUID=mapping_id)["State"]
        return state

    def topic(self) -> str:
        """A topic; its ARN."""
        sns = self.client("sns")
        arn: str = sns.create_topic(Name=self.unique("topic"))["TopicArn"]
        self._undo.append(lambda: sns.delete_topic(TopicArn=arn))
        return arn

    def subscribe(self, topic_arn: str, function: str, *, dlq: Queue | None = None) -> None:
        """Let a topic invoke a function; failures of the delivery go to `dlq`."""
        lambda_, sns = self.client("lambda"), self.client("sns")
        arn = lambda_.get_function_configuration(FunctionName=function)["FunctionArn"]
        lambda_.add_permission(
            FunctionName=function,
            StatementId="topic",
            Action="lambda:InvokeFunction",
            Principal="sns.amazonaws.com",
            SourceArn=topic_arn,
        )
        attributes = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": dlq.arn})} if dlq else {}
        if dlq:
            self._let_sns_write(dlq, topic_arn)
        sns.subscribe(TopicArn=topic_arn, Protocol="lambda", Endpoint=arn, Attributes=attributes)

    def _let_sns_write(self, queue: Queue, topic_arn: str) -> None:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue.arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        queue.sqs.set_queue_attributes(QueueUrl=queue.url, Attributes={"Policy": policy})

    def invoke_event(self, function: str, event: Any) -> str:
        """Invoke asynchronously; the request id that every attempt will have."""
        answer = self.client("lambda").invoke(
            FunctionName=function, InvocationType="Event", Payload=json.dumps(event).encode()
        )
        assert answer["StatusCode"] == 202
        request_id: str = answer["ResponseMetadata"]["RequestId"]
        return request_id

    def log_events(self, function: str) -> list[dict[str, Any]]:
        """Every log event of a function, in order of time."""
        logs = self.client("logs")
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{function}"
        )
        try:
            return [event for page in pages for event in page["events"]]
        except logs.exceptions.ResourceNotFoundException:
            return []

    def attempts(self, function: str) -> list[Attempt]:
        """Every run of a function, by its START lines."""
        attempts: list[Attempt] = []
        for event in self.log_events(function):
            if event["message"].startswith("START RequestId: "):
                request_id = event["message"].split()[2]
                attempts.append(Attempt(request_id, event["timestamp"] / 1000, []))
            if attempts:
                attempts[-1].lines.append(event["message"])
        return attempts

    def metric(self, namespace: str, name: str, **dimensions: str) -> list[float]:
        """The sums of a metric's data points of the last hour."""
        now_s = self.time.now_s()
        answer = self.client("cloudwatch").get_metric_statistics(
            Namespace=namespace,
            MetricName=name,
            Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
            StartTime=now_s - 3600,
            EndTime=now_s + 60,
            Period=60,
            Statistics=["Sum"],
        )
        return [point["Sum"] for point in answer["Datapoints"]]


def package(source: str, module: str = "orders") -> bytes:
    """A deployment package with the handler of one file, under the module name `module`."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as code:
        code.write(HANDLERS / f"{source}.py", f"{module}.py")
    return archive.getvalue()
