"""Temporary queues, functions, mappings and permissions, named and tagged alike."""

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from botocore.exceptions import ClientError

from workshop.lab import Lab
from workshop.stacks import ownership
from workshop.target.target import Target
from workshop.target.waiting import wait_briefly
from workshop.workbench.packages import handler_of, packed

_RUNTIME = "python3.13"
_TRUST = {
    "Effect": "Allow",
    "Principal": {"Service": "lambda.amazonaws.com"},
    "Action": "sts:AssumeRole",
}
_LOGGING = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
READING = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
WRITING = ("sqs:SendMessage",)

# Of a function and of a role; queues and topics may have longer ones.
_LONGEST_NAME = 64

# A new role is not known everywhere in AWS at once; Lambda refuses it until it is.
_ROLE_LIMIT_S = 60.0


@dataclass(frozen=True)
class QueueAddress:
    """A queue by its two names."""

    url: str
    arn: str


def prefix_of(target: Target, name: str = "") -> str:
    """What the names of temporary resources begin with."""
    stem = f"{target.stack_name('SqsDlq').removesuffix('SqsDlq')}Temp-"
    return f"{stem}{name}-" if name else stem


class Workbench:
    """Makes single resources of one experiment.

    Args:
        lab: the target.
        name: of the experiment, a short word; two experiments at once need two names.

    Attributes:
        prefix: what the names of its resources begin with, in every run.
        tags: of its resources.
    """

    def __init__(self, lab: Lab, name: str) -> None:
        self.session = lab.session
        self.prefix = prefix_of(lab.session.target, name)
        self.tags = ownership.tags(lab.session)

    def queue(self, name: str, *, redrive_to: QueueAddress | None = None, receives: int = 3,
              **attributes: Any) -> QueueAddress:  # fmt: skip
        """Make a queue; attributes by AWS's names, e.g. `VisibilityTimeout=30`."""
        sqs = self.session.client("sqs")
        texts = {key: str(value) for key, value in attributes.items()}
        if redrive_to:
            policy = {"deadLetterTargetArn": redrive_to.arn, "maxReceiveCount": receives}
            texts["RedrivePolicy"] = json.dumps(policy)
        full_name = self.name(name) + (".fifo" if texts.get("FifoQueue") == "true" else "")
        url = sqs.create_queue(QueueName=full_name, Attributes=texts, tags=self.tags)["QueueUrl"]
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return QueueAddress(url, found["Attributes"]["QueueArn"])

    def function(self, name: str, *, may: Sequence[str] = (), timeout_s: int = 3,
                 dlq: QueueAddress | None = None, code: str = "orders",
                 environment: Mapping[str, str] = MappingProxyType({})) -> str:  # fmt: skip
        """Make a function with a role of its own name; returns the name.

        Args:
            name: what it is for.
            may: IAM actions of its role besides writing logs; the policy is called "may".
            timeout_s: the function's timeout.
            dlq: the function's own DLQ.
            code: the folder in `lambda/` with its handler.
            environment: its variables.
        """
        full_name = self.name(name)
        group = f"/aws/lambda/{full_name}"
        self.session.client("logs").create_log_group(logGroupName=group, tags=self.tags)
        parameters = {
            "FunctionName": full_name,
            "Runtime": _RUNTIME,
            "Handler": "handler.handler",
            "Role": self._role(full_name, may),
            "Code": {"ZipFile": packed(handler_of(code))},
            "Timeout": timeout_s,
            "Tags": self.tags,
            **({"Environment": {"Variables": dict(environment)}} if environment else {}),
        }
        if dlq:
            parameters["DeadLetterConfig"] = {"TargetArn": dlq.arn}
        self._create(parameters)
        return full_name

    def redeploy(self, function: str, source: str) -> None:
        """Replace a function's code by a handler of this text, and wait until that is done."""
        client = self.session.client("lambda")
        client.update_function_code(FunctionName=function, ZipFile=packed(source))
        wait_briefly(
            self.session.clock,
            lambda: (
                client.get_function_configuration(FunctionName=function)["LastUpdateStatus"]
                != "InProgress"
            ),
            f"the new code of {function} is deployed",
            cause="Lambda makes it ready",
            waits=self.session.waits,
        )

    def alias(self, function: str, name: str) -> str:
        """Publish a function's code as a version, with an alias; what to invoke: function:alias."""
        client = self.session.client("lambda")
        version = client.publish_version(FunctionName=function)["Version"]
        client.create_alias(FunctionName=function, Name=name, FunctionVersion=version)
        return f"{function}:{name}"

    def mapping(self, queue: QueueAddress, function: str) -> str:
        """Make an event source mapping, one message at a time; its UUID, once it is Enabled."""
        client = self.session.client("lambda")
        made = self.patiently(
            client.create_event_source_mapping,
            EventSourceArn=queue.arn,
            FunctionName=function,
            BatchSize=1,
            Tags=self.tags,
        )
        uuid_: str = made["UUID"]
        wait_briefly(
            self.session.clock,
            lambda: client.get_event_source_mapping(UUID=uuid_)["State"] == "Enabled",
            f"the event source mapping of {function} is Enabled",
            cause="Lambda starts its pollers",
            waits=self.session.waits,
        )
        return uuid_

    def permit(self, function: str, topic_arn: str) -> None:
        """Let a topic invoke a function; the statement is called "topic"."""
        self.session.client("lambda").add_permission(
            FunctionName=function,
            StatementId="topic",
            Action="lambda:InvokeFunction",
            Principal="sns.amazonaws.com",
            SourceArn=topic_arn,
        )

    def let_send(self, queue: QueueAddress, topic_arn: str) -> None:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue.arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
        }
        self.session.client("sqs").set_queue_attributes(
            QueueUrl=queue.url, Attributes={"Policy": _policy(statement)}
        )

    def name(self, name: str) -> str:
        """A new name each time: a cell may run twice, and SQS gives none again within a minute.

        Long names of participants leave less room for what it is for: Lambda and IAM take 64.
        """
        suffix = f"-{uuid.uuid4().hex[:6]}"
        return f"{self.prefix}{name}"[: _LONGEST_NAME - len(suffix)] + suffix

    def _role(self, name: str, may: Sequence[str]) -> str:
        iam = self.session.client("iam")
        role = iam.create_role(
            RoleName=name, AssumeRolePolicyDocument=_policy(_TRUST), Tags=tag_list(self.tags)
        )
        for policy, actions in (("log", _LOGGING), ("may", may)):
            if actions:
                statement = {
                    "Effect": "Allow",
                    "Action": list(actions),
                    "Resource": self._own_resources(),
                }
                iam.put_role_policy(
                    RoleName=name, PolicyName=policy, PolicyDocument=_policy(statement)
                )
        arn: str = role["Role"]["Arn"]
        return arn

    def _own_resources(self) -> list[str]:
        names = (f"logs:*:*:log-group:/aws/lambda/{self.prefix}*", f"sqs:*:*:{self.prefix}*")
        return [f"arn:aws:{name}" for name in names]

    def patiently(self, call: Callable[..., Any], **parameters: Any) -> Any:
        """Make a call that a young role may still be refused; other refusals are raised."""
        clock, answers = self.session.clock, []
        until_s = clock.now().timestamp() + _ROLE_LIMIT_S

        def is_accepted() -> bool:
            try:
                answers.append(call(**parameters))
            except ClientError as error:
                told = error.response["Error"]["Message"]
                is_young = "cannot be assumed" in told or "does not have permissions" in told
                if not is_young or clock.now().timestamp() > until_s:
                    raise
                return False
            return True

        wait_briefly(
            clock,
            is_accepted,
            "Lambda accepts the role",
            cause="a new role is not known everywhere in AWS at once",
            waits=self.session.waits,
        )
        return answers[0]

    def _create(self, parameters: Mapping[str, Any]) -> None:
        client, name = self.session.client("lambda"), parameters["FunctionName"]
        self.patiently(client.create_function, **parameters)
        wait_briefly(
            self.session.clock,
            lambda: client.get_function_configuration(FunctionName=name)["State"] != "Pending",
            f"the function {name} is no longer Pending",
            cause="Lambda makes it ready",
            waits=self.session.waits,
        )


def _policy(statement: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as IAM, SNS and CloudWatch take them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
