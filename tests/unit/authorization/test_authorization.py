"""What a call needs, and how each service refuses who has it not."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest

from localaws.authorization import INVOKE_BY_URL, Authorizer
from localaws.words.errors import AwsError
from localaws.words.http import Caller
from localaws.words.identity import Identity
from localaws.words.ports import Verdict

IDENTITY = Identity("123456789012", "us-east-1")
SESSION = "arn:aws:sts::123456789012:assumed-role/worker/fn"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:jobs"
QUEUE_URL = "http://127.0.0.1:1/123456789012/jobs"
TOPIC = "arn:aws:sns:us-east-1:123456789012:news"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:fn"
LOGS = "arn:aws:logs:us-east-1:123456789012:log-group"
TASK = base64.b64encode(json.dumps({"taskId": "1", "sourceArn": QUEUE}).encode()).decode()


class Judge:
    """Notes what it is asked, and gives one verdict on all."""

    def __init__(self, verdict: Verdict = Verdict.ALLOWED) -> None:
        self.verdict = verdict
        self.asked: list[tuple[str, str]] = []
        self.policies: list[Any] = []
        self.contexts: list[dict[str, str]] = []

    def judge(
        self,
        caller: Caller,
        action: str,
        resource_arn: str,
        policy: Mapping[str, Any] | str | None,
        context: Mapping[str, str] | None = None,
    ) -> Verdict:
        self.asked.append((action, resource_arn))
        self.contexts.append(dict(context or {}))
        self.policies.append(policy)
        return self.verdict


def authorize(
    judge: Judge,
    service: str,
    operation: str,
    params: dict[str, Any],
    arn: str = SESSION,
    policy: str = "policy of {arn}",
) -> None:
    policies = {"sqs": lambda arn: policy.format(arn=arn)}
    caller = Caller(arn=arn, request_id="r")
    Authorizer(IDENTITY, judge, policies).authorize(service, operation, params, caller)


@pytest.mark.parametrize(
    ("service", "operation", "params", "needs"),
    [
        ("sqs", "SendMessage", {"QueueUrl": QUEUE_URL}, [("sqs:SendMessage", QUEUE)]),
        ("sqs", "SendMessageBatch", {"QueueUrl": QUEUE_URL}, [("sqs:SendMessage", QUEUE)]),
        ("sqs", "CreateQueue", {"QueueName": "jobs"}, [("sqs:CreateQueue", QUEUE)]),
        ("sqs", "ListQueues", {}, [("sqs:ListQueues", QUEUE.removesuffix("jobs"))]),
        (
            "sqs",
            "StartMessageMoveTask",
            {"SourceArn": QUEUE, "DestinationArn": QUEUE + "2"},
            [
                ("sqs:StartMessageMoveTask", QUEUE),
                ("sqs:ReceiveMessage", QUEUE),
                ("sqs:DeleteMessage", QUEUE),
                ("sqs:SendMessage", QUEUE + "2"),
            ],
        ),
        (
            "sqs",
            "CancelMessageMoveTask",
            {"TaskHandle": TASK},
            [("sqs:CancelMessageMoveTask", QUEUE)],
        ),
        ("sns", "PublishBatch", {"TopicArn": TOPIC}, [("sns:Publish", TOPIC)]),
        ("sns", "Publish", {"PhoneNumber": "+1"}, [("sns:Publish", "+1")]),
        ("sns", "Unsubscribe", {"SubscriptionArn": f"{TOPIC}:1"}, [("sns:Unsubscribe", TOPIC)]),
        ("sns", "CreateTopic", {"Name": "news"}, [("sns:CreateTopic", TOPIC)]),
        ("sns", "ListTopics", {}, [("sns:ListTopics", TOPIC.replace("news", "*"))]),
        ("sns", "ListSubscriptions", {}, [("sns:ListSubscriptions", TOPIC.replace("news", "*"))]),
        ("lambda", "ListFunctions", {}, [("lambda:ListFunctions", "*")]),
        ("lambda", "Invoke", {"FunctionName": "fn"}, [("lambda:InvokeFunction", FUNCTION)]),
        (
            "lambda",
            "Invoke",
            {"FunctionName": "123456789012:function:fn", "Qualifier": "live"},
            [("lambda:InvokeFunction", f"{FUNCTION}:live")],
        ),
        (
            "lambda",
            "GetFunction",
            {"FunctionName": f"{FUNCTION}:1", "Qualifier": "1"},
            [("lambda:GetFunction", f"{FUNCTION}:1")],
        ),
        (
            "lambda",
            "CreateFunction",
            {"FunctionName": "fn", "Role": "arn:aws:iam::123456789012:role/r"},
            [
                ("lambda:CreateFunction", FUNCTION),
                ("iam:PassRole", "arn:aws:iam::123456789012:role/r"),
            ],
        ),
        (
            "lambda",
            "CreateEventSourceMapping",
            {"FunctionName": "fn"},
            [("lambda:CreateEventSourceMapping", "*")],
        ),
        (
            "lambda",
            "GetLayerVersion",
            {"LayerName": "tools", "VersionNumber": 2},
            [("lambda:GetLayerVersion", FUNCTION.replace("function:fn", "layer:tools:2"))],
        ),
        (
            "logs",
            "PutLogEvents",
            {"logGroupName": "/a/b", "logStreamName": "s"},
            [("logs:PutLogEvents", f"{LOGS}:/a/b:log-stream:s")],
        ),
        (
            "logs",
            "StartQuery",
            {"logGroupNames": ["a"], "logGroupIdentifiers": [f"{LOGS}:b:*"]},
            [
                ("logs:StartQuery", f"{LOGS}:a:log-stream:"),
                ("logs:StartQuery", f"{LOGS}:b:log-stream:"),
            ],
        ),
        ("logs", "DescribeLogGroups", {}, [("logs:DescribeLogGroups", f"{LOGS}::log-stream:")]),
    ],
)
def test_what_a_call_needs(
    service: str, operation: str, params: dict[str, Any], needs: list[tuple[str, str]]
) -> None:
    judge = Judge()
    authorize(judge, service, operation, params)
    assert judge.asked == needs


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("sqs", "PurgeQueue", {"QueueUrl": QUEUE_URL}),
        ("sns", "Publish", {"TopicArn": TOPIC}),
        ("lambda", "Invoke", {"FunctionName": "fn"}),
        ("logs", "CreateLogGroup", {"logGroupName": "g"}),
    ],
)
def test_the_administrator_is_not_judged(
    service: str, operation: str, params: dict[str, Any]
) -> None:
    judge = Judge(Verdict.NOT_ALLOWED)
    authorize(judge, service, operation, params, IDENTITY.administrator_arn)
    assert judge.asked == []


def test_the_administrator_is_judged_where_a_policy_denies() -> None:
    judge, params = Judge(Verdict.DENIED_BY_RESOURCE), {"QueueUrl": QUEUE_URL}
    administrator = IDENTITY.administrator_arn
    with pytest.raises(AwsError, match=r":user/workshop is not .* in a resource-based policy$"):
        authorize(judge, "sqs", "PurgeQueue", params, administrator, policy='"Effect": "Deny"')


def test_a_session_that_is_called_as_the_administrator_is_judged() -> None:
    judge = Judge(Verdict.NOT_ALLOWED)
    session = "arn:aws:sts::123456789012:assumed-role/worker/x:user/workshop"
    with pytest.raises(AwsError):
        authorize(judge, "sqs", "PurgeQueue", {"QueueUrl": QUEUE_URL}, session)


def test_the_resource_s_own_policy_is_heard() -> None:
    judge = Judge()
    authorize(judge, "sqs", "SendMessage", {"QueueUrl": QUEUE_URL})
    assert judge.policies == [f"policy of {QUEUE}"]


@pytest.mark.parametrize(
    ("service", "operation", "params", "code", "status", "action", "resource"),
    [
        (
            "sqs",
            "SendMessage",
            {"QueueUrl": QUEUE_URL},
            "AccessDeniedException",
            403,
            "sqs:sendmessage",
            QUEUE,
        ),
        (
            "sns",
            "Publish",
            {"TopicArn": TOPIC},
            "AuthorizationErrorException",
            403,
            "SNS:Publish",
            TOPIC,
        ),
        (
            "lambda",
            "Invoke",
            {"FunctionName": "fn"},
            "AccessDeniedException",
            403,
            "lambda:InvokeFunction",
            FUNCTION,
        ),
        (
            "logs",
            "CreateLogGroup",
            {"logGroupName": "g"},
            "AccessDeniedException",
            400,
            "logs:CreateLogGroup",
            f"{LOGS}:g:log-stream:",
        ),
    ],
)
def test_each_service_refuses_in_its_own_words(
    service: str,
    operation: str,
    params: dict[str, Any],
    code: str,
    status: int,
    action: str,
    resource: str,
) -> None:
    with pytest.raises(AwsError) as refused:
        authorize(Judge(Verdict.NOT_ALLOWED), service, operation, params)
    assert (refused.value.code, refused.value.status) == (code, status)
    assert refused.value.message == (
        f"User: {SESSION} is not authorized to perform: {action} on resource: {resource} "
        f"because no identity-based policy allows the {action} action"
    )


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [(Verdict.DENIED_BY_IDENTITY, "identity"), (Verdict.DENIED_BY_RESOURCE, "resource")],
)
def test_an_explicit_deny_is_told(verdict: Verdict, kind: str) -> None:
    with pytest.raises(AwsError, match=f"with an explicit deny in an? {kind}-based policy$"):
        authorize(Judge(verdict), "sqs", "SendMessage", {"QueueUrl": QUEUE_URL})


def test_conditions_can_ask_whose_mapping_it_is_and_to_whom_a_role_is_passed() -> None:
    judge = Judge()

    authorize(judge, "lambda", "CreateEventSourceMapping", {"FunctionName": "fn"})
    authorize(judge, "lambda", "CreateFunction", {"FunctionName": "fn", "Role": "r"})

    assert judge.contexts == [
        {"lambda:FunctionArn": FUNCTION},
        {},
        {"iam:PassedToService": "lambda.amazonaws.com"},
    ]


def test_a_signed_request_to_a_function_url_needs_both_permissions() -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"""
    judge = Judge()

    authorize(judge, "lambda", INVOKE_BY_URL, {"FunctionName": f"{FUNCTION}:live"})

    assert judge.asked == [
        ("lambda:InvokeFunctionUrl", f"{FUNCTION}:live"),
        ("lambda:InvokeFunction", f"{FUNCTION}:live"),
    ]
    assert judge.contexts == [
        {"lambda:FunctionUrlAuthType": "AWS_IAM"},
        {"lambda:InvokedViaFunctionUrl": "true"},
    ]


@pytest.mark.parametrize("caller", [SESSION, IDENTITY.administrator_arn])
def test_another_account_s_topic_is_not_shared_whether_it_is_there_or_not(caller: str) -> None:
    """https://github.com/aws-samples/aws-marketplace-serverless-saas-integration/issues/11."""
    foreign = TOPIC.replace("123456789012", "210987654321")
    with pytest.raises(AwsError) as refused:
        authorize(Judge(), "sns", "Publish", {"TopicArn": foreign}, arn=caller)
    assert (refused.value.code, refused.value.status) == ("AuthorizationErrorException", 403)
    assert refused.value.message == (
        f"User: {caller} is not authorized to perform: SNS:Publish on resource: {foreign} "
        "because no resource-based policy allows the SNS:Publish action"
    )
    for own in (TOPIC, foreign.replace("us-east-1", "eu-west-1"), "news", "arn:aws:sns:a:b:c"):
        authorize(Judge(), "sns", "Publish", {"TopicArn": own}, arn=caller)
