"""The execution role decides what a handler's own calls may do; so do policies of resources."""

import json
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.scenarios import outlets
from tests.scenarios.account import Account, package

LOGGING = ("logs:*",)
# What a function needs to write its log.
WRITING = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")


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
    queue.set_attributes(Policy=policy)

    answer = caller.calls("sqs", "send_message", QueueUrl=queue.url, MessageBody="m")

    assert "answer" in answer
    assert queue.counts() == (1, 0, 0)


def test_a_queue_policy_that_denies_wins_over_the_role(account: Account) -> None:
    queue = account.queue()
    caller = Caller(account, "sqs:*")
    policy = statement("*", "sqs:SendMessage", queue.arn, effect="Deny")
    queue.set_attributes(Policy=policy)

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


@pytest.mark.parametrize(
    ("service", "call", "action", "resource", "code", "status"),
    [
        ("sqs", "list_queues", "sqs:listqueues", "arn:aws:sqs:{place}:", "AccessDenied", 403),
        (
            "sns",
            "list_topics",
            "SNS:ListTopics",
            "arn:aws:sns:{place}:*",
            "AuthorizationError",
            403,
        ),
        ("lambda", "list_functions", "lambda:ListFunctions", "*", "AccessDeniedException", 403),
        (
            "logs",
            "describe_log_groups",
            "logs:DescribeLogGroups",
            "arn:aws:logs:{place}:log-group::log-stream:",
            "AccessDeniedException",
            400,
        ),
        (
            "events",
            "list_rules",
            "events:ListRules",
            "arn:aws:events:{place}:rule/*",
            "AccessDeniedException",
            400,
        ),
        ("cloudwatch", "list_metrics", "cloudwatch:ListMetrics", "", "AccessDenied", 403),
        ("s3", "list_buckets", "s3:ListAllMyBuckets", "", "AccessDenied", 403),
        (
            "cloudformation",
            "list_stacks",
            "cloudformation:ListStacks",
            "arn:aws:cloudformation:{place}:stack/*/*",
            "AccessDenied",
            403,
        ),
        (
            "ssm",
            "describe_parameters",
            "ssm:DescribeParameters",
            "arn:aws:ssm:{place}:*",
            "AccessDeniedException",
            400,
        ),
        (
            "dynamodb",
            "list_tables",
            "dynamodb:ListTables",
            "arn:aws:dynamodb:{place}:table/*",
            "AccessDeniedException",
            400,
        ),
        ("iam", "list_roles", "iam:ListRoles", "arn:aws:iam::{account}:role/", "AccessDenied", 403),
    ],
)
def test_a_list_that_is_refused_tells_what_iam_was_asked_about(
    account: Account,
    service: str,
    call: str,
    action: str,
    resource: str,
    code: str,
    status: int,
) -> None:
    caller = Caller(account)
    account.allow(caller.role_arn, WRITING)
    account_id = caller.role_arn.split(":")[4]
    place = f"{account.session.region_name}:{account_id}"

    answer = caller.calls(service, call)

    about = resource.format(place=place, account=account_id)
    on = f" on resource: {about}" if about else ""
    assert answer["refused"]["Message"] == (
        f"User: {caller.session_arn} is not authorized to perform: {action}{on} "
        f"because no identity-based policy allows the {action} action"
    )
    assert (answer["refused"]["Code"], answer["status"]) == (code, status)


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

    assert answer["refused"]["Code"] == "AccessDenied"
    # STS tells no reason: neither whether there is such a role, nor whose policy is missing
    assert answer["refused"]["Message"] == (
        f"User: {caller.session_arn} is not authorized to perform: sts:AssumeRole "
        f"on resource: {other}"
    )


class Assumed:
    """A role that the account's own people assume, as the CDK CLI does; and its session."""

    def __init__(self, account: Account, *actions: str, name: str = "deploy") -> None:
        role_arn = account.role(actions)
        account_id = role_arn.split(":")[4]
        # Whoever IAM allows it in this account, as CDK's bootstrap roles have it.
        trust = statement(f"arn:aws:iam::{account_id}:root", "sts:AssumeRole", "*")
        document = json.loads(trust)
        del document["Statement"][0]["Resource"]
        account.client("iam").update_assume_role_policy(
            RoleName=role_arn.rpartition("/")[2], PolicyDocument=json.dumps(document)
        )
        given = account.client("sts").assume_role(
            RoleArn=role_arn, RoleSessionName=name, DurationSeconds=3600
        )
        self.lasts = given["Credentials"]["Expiration"] - _date(given)
        self.arn = given["AssumedRoleUser"]["Arn"]
        self.session = boto3.Session(
            aws_access_key_id=given["Credentials"]["AccessKeyId"],
            aws_secret_access_key=given["Credentials"]["SecretAccessKey"],
            aws_session_token=given["Credentials"]["SessionToken"],
            region_name=account.session.region_name,
        )
        self.endpoint_url = account.endpoint_url

    def client(self, service: str) -> Any:
        return self.session.client(service, endpoint_url=self.endpoint_url)  # type: ignore[call-overload]


def test_an_assumed_role_may_what_its_policy_says(account: Account) -> None:
    queue = account.queue()
    assumed = Assumed(account, "sqs:SendMessage")

    assumed.client("sqs").send_message(QueueUrl=queue.url, MessageBody="m")
    with pytest.raises(ClientError, match=r"is not authorized to perform: sqs:purgequeue on"):
        assumed.client("sqs").purge_queue(QueueUrl=queue.url)

    assert queue.counts() == (1, 0, 0)
    assert assumed.client("sts").get_caller_identity()["Arn"] == assumed.arn


def _date(answer: Any) -> datetime:
    """The time of whoever asked: an SDK compares that of credentials' end with it."""
    return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])


@pytest.mark.embedded("an hour has to pass, twice")
def test_temporary_credentials_end_by_the_caller_s_clock_and_by_awss(account: Account) -> None:
    # Given a caller whose clock shows another time than AWS's
    account.time.pass_(5 * 3600)
    assumed = Assumed(account, "sqs:SendMessage")
    # Then an SDK reckons with the hour that they last
    assert abs(assumed.lasts - timedelta(hours=1)) <= timedelta(seconds=2)
    # And so does AWS
    account.time.pass_(3590)
    assert assumed.client("sts").get_caller_identity()["Arn"] == assumed.arn
    account.time.pass_(20)
    with pytest.raises(ClientError, match="security token included in the request is expired"):
        assumed.client("sts").get_caller_identity()


@pytest.mark.parametrize("name", ["x:root", "x/user", "x" * 65, "né"])
def test_a_session_cannot_take_any_name(account: Account, name: str) -> None:
    with pytest.raises(ClientError, match="at 'roleSessionName' failed to satisfy") as refused:
        Assumed(account, "sqs:SendMessage", name=name)
    assert refused.value.response["Error"]["Code"] == "ValidationError"


def test_a_bucket_that_wants_encrypted_connections_serves_an_assumed_role(
    account: Account,
) -> None:
    s3, bucket = account.client("s3"), outlets.bucket(account)
    arn = f"arn:aws:s3:::{bucket}"
    document = json.loads(statement("*", "s3:*", arn, effect="Deny"))
    document["Statement"][0] |= {
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))
    assumed = Assumed(account, "s3:PutObject", "s3:DeleteObject")

    assumed.client("s3").put_object(Bucket=bucket, Key="asset", Body=b"zip")
    with pytest.raises(ClientError, match="AccessDenied"):
        assumed.client("s3").get_object(Bucket=bucket, Key="asset")
    assumed.client("s3").delete_object(Bucket=bucket, Key="asset")


def test_a_role_cannot_give_a_function_a_role_that_it_may_not_pass(account: Account) -> None:
    execution_role = account.role()
    assumed = Assumed(account, "lambda:CreateFunction")

    with pytest.raises(ClientError, match=r"iam:PassRole on resource: \S+ because no identity"):
        assumed.client("lambda").create_function(
            FunctionName=account.unique("function"),
            Runtime="python3.13",
            Handler="orders.handler",
            Role=execution_role,
            Code={"ZipFile": package("orders")},
        )


def test_a_queue_that_wants_encrypted_connections_serves_a_handler_and_a_topic(
    account: Account,
) -> None:
    queue, topic_arn = account.queue(), account.topic()
    caller = Caller(account, "sqs:SendMessage")
    policy = json.loads(statement("*", "sqs:*", queue.arn, effect="Deny"))
    policy["Statement"][0]["Condition"] = {"Bool": {"aws:SecureTransport": "false"}}
    policy["Statement"].append(
        {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue.arn,
        }
    )
    queue.set_attributes(Policy=json.dumps(policy))
    sns = account.client("sns")
    sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=queue.arn)

    sns.publish(TopicArn=topic_arn, Message="from the topic")
    caller.calls("sqs", "send_message", QueueUrl=queue.url, MessageBody="from the handler")

    account.time.until(lambda: queue.holds(2))


def test_iam_tells_a_role_s_session_that_it_is_no_user(account: Account) -> None:
    assumed = Assumed(account, "iam:GetUser")

    with pytest.raises(ClientError) as refused:
        assumed.client("iam").get_user()

    assert refused.value.response["Error"] == {
        "Type": "Sender",
        "Code": "ValidationError",
        "Message": "Must specify userName when calling with non-User credentials",
    }
