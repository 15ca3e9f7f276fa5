"""Tags that begin with `aws:` are AWS's own: who else gives one is refused, and makes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account, package

RESERVED = {"aws:shop": "x"}
Attempt = Callable[[Account], Any]


def _new_function(account: Account) -> None:
    account.client("lambda").create_function(
        FunctionName=account.unique("function"),
        Runtime="python3.13",
        Handler="orders.handler",
        Role=account.role(),
        Code={"ZipFile": package("orders")},
        Tags=RESERVED,
    )


def _new_mapping(account: Account) -> None:
    queue, function = account.queue(), account.function("orders")
    lambda_ = account.client("lambda")
    try:
        lambda_.create_event_source_mapping(
            FunctionName=function, EventSourceArn=queue.arn, Tags=RESERVED
        )
    finally:
        found = lambda_.list_event_source_mappings(EventSourceArn=queue.arn)
        assert found["EventSourceMappings"] == []


def _function(account: Account) -> None:
    arn = account.function_arn(account.function("orders"))
    account.client("lambda").tag_resource(Resource=arn, Tags=RESERVED)


def _queue(account: Account) -> None:
    account.client("sqs").tag_queue(QueueUrl=account.queue().url, Tags=RESERVED)


def _topic(account: Account) -> None:
    listed = [{"Key": key, "Value": value} for key, value in RESERVED.items()]
    account.client("sns").tag_resource(ResourceArn=account.topic(), Tags=listed)


def _log_group(account: Account) -> None:
    account.client("logs").create_log_group(logGroupName=account.unique("group"), tags=RESERVED)


def _role(account: Account) -> None:
    name = account.role().rpartition("/")[2]
    account.client("iam").tag_role(RoleName=name, Tags=[{"Key": "AWS:shop", "Value": "x"}])


def _new_user(account: Account) -> None:
    name, tags = account.unique("user"), [{"Key": key, "Value": "x"} for key in RESERVED]
    account.client("iam").create_user(UserName=name, Tags=tags)


ATTEMPTS: dict[str, Attempt] = {
    "a function": _function,
    "a new function": _new_function,
    "a new mapping": _new_mapping,
    "a queue": _queue,
    "a topic": _topic,
    "a new log group": _log_group,
    "a role": _role,
    "a new user": _new_user,
}


@pytest.mark.embedded("AWS's words are not known for each of these services")
@pytest.mark.parametrize("what", ATTEMPTS)
def test_nobody_gives_a_tag_of_awss_own(account: Account, what: str) -> None:
    with pytest.raises(ClientError, match="aws: prefixed tag key names are not allowed"):
        ATTEMPTS[what](account)
