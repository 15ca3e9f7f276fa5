"""An embedded AWS on which changes take effect as late as on AWS."""

import json
from collections.abc import Iterator

import boto3
import pytest
from botocore.exceptions import ClientError

from localaws import EndpointInfo, launch
from tests.scenarios.account import TRUST, Account, package
from tests.scenarios.timing import Time

SEED = 11


@pytest.fixture(scope="module")
def late() -> Iterator[EndpointInfo]:
    with launch(lateness=SEED) as running:
        yield running.info


@pytest.fixture
def account(late: EndpointInfo) -> Iterator[Account]:
    session = boto3.Session(
        aws_access_key_id=late.aws_access_key_id,
        aws_secret_access_key=late.aws_secret_access_key,
        region_name=late.region,
    )
    time = Time(late.clock_url, late.aws_secret_access_key, is_late=True)
    account = Account(session, late.endpoint_url, time)
    try:
        yield account
    finally:
        account.close()


def test_a_new_role_and_what_it_may_do_are_known_seconds_later(account: Account) -> None:
    lambda_, time = account.client("lambda"), account.time
    queue = account.queue()
    role = account.role(("logs:*",))
    function = account.function(role=role)
    # Given a role that is allowed more: nothing has noticed it yet
    iam_role = role.rsplit("/", 1)[-1]
    policy = '{"Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]}'
    iam = account.client("iam")
    iam.put_role_policy(RoleName=iam_role, PolicyName="more", PolicyDocument=policy)
    account.on_close(lambda: iam.delete_role_policy(RoleName=iam_role, PolicyName="more"))
    shown = iam.get_role_policy(RoleName=iam_role, PolicyName="more")["PolicyDocument"]
    assert shown["Statement"][0]["Action"] == "sqs:*"
    source = {"EventSourceArn": queue.arn, "FunctionName": function}
    with pytest.raises(ClientError, match="does not have permissions to call ReceiveMessage"):
        lambda_.create_event_source_mapping(**source)
    # When the seconds have passed in which it takes effect
    time.pass_(12)
    # Then the mapping is made, and is Creating for seconds before it takes messages
    started_s = time.now_s()
    made = lambda_.create_event_source_mapping(**source)
    assert made["State"] == "Creating"
    account.on_close(lambda: time.until(lambda: account._deleted_mapping(made["UUID"])))
    time.until(lambda: account.mapping_state(made["UUID"]) == "Enabled")
    assert 2 <= time.now_s() - started_s <= 21
    # And when it is switched off it goes on taking them until it is Disabled
    off = lambda_.update_event_source_mapping(UUID=made["UUID"], Enabled=False)
    assert off["State"] == "Disabling"
    started_s = time.now_s()
    time.until(lambda: account.mapping_state(made["UUID"]) == "Disabled")
    assert 2 <= time.now_s() - started_s <= 21


def test_a_role_cannot_be_assumed_in_its_first_seconds(account: Account) -> None:
    iam, name = account.client("iam"), account.unique("young")
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    account.on_close(lambda: iam.delete_role(RoleName=name))
    started_s = account.time.now_s()
    with pytest.raises(ClientError, match="cannot be assumed by Lambda"):
        account.client("lambda").create_function(
            FunctionName=account.unique("function"),
            Runtime="python3.13",
            Handler="orders.handler",
            Role=arn,
            Code={"ZipFile": package("orders")},
        )
    # Then `Account.function` tries until it can
    account.function(role=arn)
    assert account.time.now_s() - started_s >= 2


def test_a_topic_may_invoke_a_function_seconds_after_it_was_permitted(account: Account) -> None:
    function, topic = account.function(), account.topic()
    sns = account.client("sns")
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=account.function_arn(function))
    permission = {"Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com"}
    account.client("lambda").add_permission(
        FunctionName=function, StatementId="topic", SourceArn=topic, **permission
    )
    # When something is published before the permission is in effect, and something after it
    sns.publish(TopicArn=topic, Message="early")
    assert topic in account.client("lambda").get_policy(FunctionName=function)["Policy"]
    account.time.propagate()
    sns.publish(TopicArn=topic, Message="later")
    # Then the function runs for the second one alone
    account.time.pass_(60)
    assert len({attempt.request_id for attempt in account.attempts(function)}) == 1
