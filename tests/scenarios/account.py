"""An AWS account to try things in: the same calls on the embedded AWS and on a real account.

Everything that is made here is named and tagged after the run, and removed at the end of the test.
"""

import contextlib
import io
import json
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from tests.scenarios import owner
from tests.scenarios.evidence import Evidence
from tests.scenarios.queues import Queue, let_write
from tests.scenarios.timing import Time

HANDLERS = Path(__file__).parent / "handlers"


def trust(service: str) -> dict[str, Any]:
    """The policy that lets a service take a role."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


TRUST = trust("lambda.amazonaws.com")

# What an execution role of these scenarios may do unless a test says otherwise.
EVERYTHING = ("sqs:*", "sns:*", "lambda:*", "events:*", "s3:*", "logs:*")


# Botocore's retries where a scenario has no opinion: an account that is busy says so.
_PATIENT = {"mode": "standard", "total_max_attempts": 8}


@dataclass
class Account(Evidence):
    """One account and Region.

    Attributes:
        run: the id of the test run, part of every name.
        requests: how many were made.
    """

    session: boto3.Session
    endpoint_url: str | None
    time: Time
    run: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    requests: int = 0
    _undo: list[Callable[[], Any]] = field(default_factory=list)
    _clients: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.name = f"{owner.prefix(self.run)}{uuid.uuid4().hex[:6]}"

    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client that asks once, but for CloudFormation's; options of botocore's Config.

        CloudFormation throttles its readers (docs/lateness.md); no scenario is about that.
        """
        attempts = 5 if service == "cloudformation" else 1
        return self._client(service, {"total_max_attempts": attempts}, **options)

    def patient(self, service: str) -> Any:
        """A boto3 client that asks again where AWS is busy, for what is not itself looked at."""
        return self._client(service, _PATIENT)

    def _client(self, service: str, retries: dict[str, Any], **options: Any) -> Any:
        # To make one costs as much as ten calls.
        alike = repr((service, retries, options))
        if alike not in self._clients:
            self._clients[alike] = self._new_client(service, retries, **options)
        return self._clients[alike]

    def _new_client(self, service: str, retries: dict[str, Any], **options: Any) -> Any:
        config = Config(
            retries=retries, read_timeout=120, ignore_configured_endpoint_urls=True, **options
        )
        client = self.session.client(service, endpoint_url=self.endpoint_url, config=config)
        owner.mark(client, self.run)
        client.meta.events.register("before-send", self._count)
        return client

    def _count(self, **_: Any) -> None:
        self.requests += 1

    def close(self) -> None:
        """Remove everything, last made first; what cannot be removed keeps nothing else."""
        errors = []
        while self._undo:
            try:
                self._undo.pop()()
            except Exception as error:
                errors.append(error)
        if errors:
            raise ExceptionGroup(f"left behind by {self.name}", errors)

    def on_close(self, undo: Callable[[], Any]) -> None:
        """Have something removed at the end."""
        self._undo.append(undo)

    def unique(self, kind: str) -> str:
        return f"{self.name}-{kind}-{len(self._undo)}"

    def queue(
        self, *, redrive_to: Queue | None = None, receives: int = 3, **attributes: Any
    ) -> Queue:
        """A queue; attributes by their AWS names, e.g. VisibilityTimeout=30."""
        sqs = self.patient("sqs")
        texts = {name: str(value) for name, value in attributes.items()}
        if redrive_to:
            policy = {"deadLetterTargetArn": redrive_to.arn, "maxReceiveCount": receives}
            texts["RedrivePolicy"] = json.dumps(policy)
        suffix = ".fifo" if texts.get("FifoQueue") else ""
        url = sqs.create_queue(QueueName=self.unique("queue") + suffix, Attributes=texts)[
            "QueueUrl"
        ]
        self.on_close(lambda: sqs.delete_queue(QueueUrl=url))
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return Queue(sqs, url, arn["Attributes"]["QueueArn"], self.time)

    def role(
        self, actions: tuple[str, ...] = EVERYTHING, *, service: str = "lambda.amazonaws.com"
    ) -> str:
        """A role of a service that may do exactly these actions; its ARN."""
        iam, name = self.patient("iam"), self.unique("role")
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust(service)))
        self.on_close(lambda: iam.delete_role(RoleName=name))
        self.allow(name, actions)
        self.on_close(lambda: iam.delete_role_policy(RoleName=name, PolicyName="may"))
        arn: str = role["Role"]["Arn"]
        return arn

    def allow(self, role_name: str, actions: tuple[str, ...]) -> None:
        """Let a role do exactly these actions from now on."""
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.patient("iam").put_role_policy(
            RoleName=role_name.rsplit("/", 1)[-1], PolicyName="may", PolicyDocument=policy
        )
        self.time.propagate()

    def function(self, source: str = "orders", *, role: str | None = None, **options: Any) -> str:
        """A function with the handler `handlers/<source>.py`; its name."""
        lambda_, name = self.patient("lambda"), self.unique("function")
        parameters = {
            "Runtime": "python3.13",
            "Handler": "orders.handler",
            "Timeout": 5,
            "Role": role or self.role(),
            "Code": {"ZipFile": package(source)},
        }
        self.time.until(lambda: _created(lambda_, FunctionName=name, **(parameters | options)))
        self.on_close(lambda: self._delete_function(name))
        self.time.until(
            lambda: lambda_.get_function_configuration(FunctionName=name)["State"] == "Active"
        )
        return name

    def _delete_function(self, name: str) -> None:
        lambda_, logs = self.patient("lambda"), self.patient("logs")
        # A scenario may be about its deletion, and it may never have run.
        with contextlib.suppress(lambda_.exceptions.ResourceNotFoundException):
            lambda_.delete_function(FunctionName=name)
        with contextlib.suppress(logs.exceptions.ResourceNotFoundException):
            logs.delete_log_group(logGroupName=f"/aws/lambda/{name}")

    def function_arn(self, function: str) -> str:
        """A function's ARN without a qualifier."""
        configuration = self.patient("lambda").get_function_configuration(FunctionName=function)
        arn: str = configuration["FunctionArn"]
        return arn

    def mapping(self, queue: Queue, function: str, **options: Any) -> str:
        """An enabled event source mapping; its UUID."""
        lambda_ = self.patient("lambda")
        made = lambda_.create_event_source_mapping(
            EventSourceArn=queue.arn, FunctionName=function, **({"BatchSize": 1} | options)
        )
        mapping_id: str = made["UUID"]
        self.on_close(lambda: self.time.until(lambda: self._deleted_mapping(mapping_id)))
        self.time.until(lambda: self.mapping_state(mapping_id) == "Enabled")
        return mapping_id

    def _deleted_mapping(self, mapping_id: str) -> bool:
        """Delete a mapping; False while AWS is still busy with it."""
        lambda_ = self.patient("lambda")
        try:
            lambda_.delete_event_source_mapping(UUID=mapping_id)
        except lambda_.exceptions.ResourceInUseException:
            return False
        return True

    def await_updated(self, function: str) -> None:
        """Wait until a function's last update is in effect."""
        lambda_ = self.patient("lambda")
        self.time.until(
            lambda: (
                lambda_.get_function_configuration(FunctionName=function)["LastUpdateStatus"]
                == "Successful"
            )
        )

    def mapping_state(self, mapping_id: str) -> str:
        state: str = self.patient("lambda").get_event_source_mapping(UUID=mapping_id)["State"]
        return state

    def topic(self) -> str:
        """A topic; its ARN."""
        sns = self.patient("sns")
        arn: str = sns.create_topic(Name=self.unique("topic"))["TopicArn"]
        self.on_close(lambda: sns.delete_topic(TopicArn=arn))
        return arn

    def subscribe(self, topic_arn: str, function: str, *, dlq: Queue | None = None) -> None:
        """Let a topic invoke a function; failures of the delivery go to `dlq`."""
        lambda_, sns = self.patient("lambda"), self.patient("sns")
        arn = self.function_arn(function)
        lambda_.add_permission(
            FunctionName=function,
            StatementId="topic",
            Action="lambda:InvokeFunction",
            Principal="sns.amazonaws.com",
            SourceArn=topic_arn,
        )
        attributes = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": dlq.arn})} if dlq else {}
        if dlq:
            let_write(dlq, "sns.amazonaws.com", topic_arn)
        sns.subscribe(TopicArn=topic_arn, Protocol="lambda", Endpoint=arn, Attributes=attributes)
        self.time.propagate()

    def invoke(self, function: str, event: Any = None, **options: Any) -> Any:
        """Invoke synchronously; the answer, with its payload as a JSON value."""
        answer = self.client("lambda").invoke(
            FunctionName=function, Payload=json.dumps(event).encode(), **options
        )
        answer["Payload"] = json.loads(answer["Payload"].read())
        return answer

    def invoke_event(self, function: str, event: Any) -> str:
        """Invoke asynchronously; the request id that every attempt will have."""
        answer = self.client("lambda").invoke(
            FunctionName=function, InvocationType="Event", Payload=json.dumps(event).encode()
        )
        assert answer["StatusCode"] == 202
        request_id: str = answer["ResponseMetadata"]["RequestId"]
        return request_id


def _created(lambda_: Any, **parameters: Any) -> bool:
    """Create a function; False while AWS does not know its new role well enough."""
    try:
        lambda_.create_function(**parameters)
    except lambda_.exceptions.InvalidParameterValueException as error:
        if "cannot be assumed" not in str(error):
            raise
        return False
    return True


def package(source: str, module: str = "orders") -> bytes:
    """A deployment package with the handler of one file, under the module name `module`."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as code:
        code.write(HANDLERS / f"{source}.py", f"{module}.py")
    return archive.getvalue()


def package_of(text: str, module: str = "orders") -> bytes:
    """A deployment package with a handler that no linter would let into a file of its own."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as code:
        code.writestr(f"{module}.py", text)
    return archive.getvalue()
