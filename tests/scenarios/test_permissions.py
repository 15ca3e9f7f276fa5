"""The execution role decides what a handler's own calls may do; so do policies of resources."""

import json
from typing import Any

import pytest

from .account import Account

LOGGING = ("logs:*",)


class Caller:
    """A function that makes the calls it is told to."""

    def __init__(self, account: Account, *actions: str) -> None:
        self.account = account
        self.role_arn = account.role(LOGGING + actions)
        self.name = account.function("call", role=self.role_arn, Timeout=30)

    @property
    def session_arn(self) -> str:
        """Whom AWS sees when the handler calls."""
        account_id, role_name = self.role_arn.split(":")[4], self.role_arn.rpartition("/")[2]
        return f"arn:aws:sts::{account_id}:assumed-role/{role_name}/{self.name}"

    def calls(self, service: str, call: str, **parameters: Any) -> Any:
        event = {"service": service, "call": call, "parameters": parameters}
        return self.account.invoke(self.name, event)["Payload"]

    def is_refused(
        self, action: str, resource_arn: str, answer: Any, code: str, *, status: int = 403
    ) -> None:
        assert answer["refused"]["Code"] == code
        assert answer["refused"]["Message"] == (
            f"User: {self.session_arn} is not authorized to perform: {action} on resource: "
            f"{resource_arn} because no identity-based policy allows the {action} action"
        )
        assert answer["status"] == status


def statement(principal: str, action: str, resource_arn: str, effect: str = "Allow") -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": effect,
                    "Principal": {"AWS": principal},
                    "Action": action,
                    "Resource": resource_arn,
                }
            ],
        }
    )


@pytest.fixture
def caller(account: Account) -> Caller:
    """A function whose role may write its log and nothing else."""
    return Caller(account)


def test_a_role_that_may_not_send_is_refused_by_sqs(account: Account, caller: Caller) -> None:
    queue = account.queue()

    one = caller.calls("sqs", "send_message", QueueUrl=queue.url, MessageBody="m")
    entries = [{"Id": "1", "MessageBody": "m"}]
    batch = caller.calls("sqs", "send_message_batch", QueueUrl=queue.url, Entries=entries)

    caller.is_refused("sqs:sendmessage", queue.arn, one, "AccessDenied")
    caller.is_refused("sqs:sendmessage", queue.arn, batch, "AccessDenied")
    assert queue.counts() == (0, 0, 0)


def test_a_role_that_may_send_does_not_read(account: Account) -> None:
    queue = account.queue()
    caller = Caller(account, "sqs:SendMessage")

    sent = caller.calls("sqs", "send_message", QueueUrl=queue.url, MessageBody="m")
    read = caller.calls("sqs", "receive_message", QueueUrl=queue.url)

    assert "answer" in sent
    assert queue.counts() == (1, 0, 0)
    caller.is_refused("sqs:receivemessage", queue.arn, read, "AccessDenied")


def test_a_queue_policy_that_names_the_role_lets_it_send(account: Account, caller: Caller) -> None:
    queue = account.queue()
    policy = statement(caller.role_arn, "sqs:SendMessage", queue.arn)
    queue.sqs.set_queue_attributes(QueueUrl=queue.url, Attributes={"Policy": policy})

    answer = caller.calls("sqs", "send_message", QueueUrl=queue.url, MessageBody="m")

    assert "answer" in answer
    assert queue.counts() == (1, 0, 0)


def test_a_queue_policy_that_denies_wins_over_the_role(account: Account) -> None:
    queue = account.queue()
    caller = Caller(account, "sqs:*")
    policy = statement("*", "sqs:SendMessage", queue.arn, effect="Deny")
    queue.sqs.set_queue_attributes(QueueUrl=queue.url, Attributes={"Policy": policy})

    answer = caller.calls("sqs", "send_message", QueueUrl=queue.url, MessageBody="m")

    assert answer["refused"]["Message"] == (
        f"User: {caller.session_arn} is not authorized to perform: sqs:sendmessage on resource: "
        f"{queue.arn} with an explicit deny in a resource-based policy"
    )


def test_a_role_that_may_not_publish_is_refused_by_sns(account: Account, caller: Caller) -> None:
    topic_arn = account.topic()

    answer = caller.calls("sns", "publish", TopicArn=topic_arn, Message="m")

    caller.is_refused("SNS:Publish", topic_arn, answer, "AuthorizationError")


def test_a_role_that_may_not_invoke_is_refused_by_lambda(account: Account, caller: Caller) -> None:
    other = account.function()
    arn = account.function_arn(other)

    answer = caller.calls("lambda", "invoke", FunctionName=other, Payload="{}")
    by_version = caller.calls("lambda", "invoke", FunctionName=f"{arn}:$LATEST", Payload="{}")

    caller.is_refused("lambda:InvokeFunction", arn, answer, "AccessDeniedException")
    caller.is_refused(
        "lambda:InvokeFunction", f"{arn}:$LATEST", by_version, "AccessDeniedException"
    )


def test_a_role_that_may_not_read_logs_is_refused_by_logs(account: Account) -> None:
    caller = Caller(account)
    account.allow(caller.role_arn, ("logs:CreateLogGroup", "logs:CreateLogStream"))

    answer = caller.calls("logs", "filter_log_events", logGroupName="/a/group")

    arn = caller.role_arn.replace(":iam::", f":logs:{account.session.region_name}:")
    group_arn = arn.partition("role/")[0] + "log-group:/a/group:log-stream:"
    caller.is_refused(
        "logs:FilterLogEvents", group_arn, answer, "AccessDeniedException", status=400
    )


def test_a_role_that_may_not_read_objects_is_refused_by_s3(
    account: Account, caller: Caller
) -> None:
    answer = caller.calls("s3", "get_object", Bucket="somebodys", Key="secret")

    caller.is_refused("s3:GetObject", '"arn:aws:s3:::somebodys/secret"', answer, "AccessDenied")


def test_what_a_role_may_do_changes_at_once(account: Account, caller: Caller) -> None:
    queue = account.queue()

    account.allow(caller.role_arn, ("sqs:SendMessage", *LOGGING))
    allowed = caller.calls("sqs", "send_message", QueueUrl=queue.url, MessageBody="m")
    account.allow(caller.role_arn, LOGGING)
    refused = caller.calls("sqs", "send_message", QueueUrl=queue.url, MessageBody="m")

    assert "answer" in allowed
    caller.is_refused("sqs:sendmessage", queue.arn, refused, "AccessDenied")


def test_a_handler_is_its_role_s_session(caller: Caller) -> None:
    assert caller.calls("sts", "get_caller_identity")["arn"] == caller.session_arn


def test_a_handler_cannot_become_another_role(account: Account, caller: Caller) -> None:
    other = account.role(("sqs:*",))

    answer = caller.calls("sts", "assume_role", RoleArn=other, RoleSessionName="more")

    caller.is_refused("sts:AssumeRole", other, answer, "AccessDenied")
