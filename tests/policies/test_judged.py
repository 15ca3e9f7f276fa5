"""The embedded AWS asks for a user's policies in every service, so that the series can fail here.

And what the policies do not name is refused.
"""

import copy
from dataclasses import asdict
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localaws import EndpointInfo
from tests.policies import user
from tests.policies.table import document
from tests.policies.user import REFUSED, User

NAME = "FailureWorkshop-Temp-none"
# One call of each service that the notebooks use, as botocore takes it, and its action.
CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "sqs:CreateQueue": ("sqs", "create_queue", {"QueueName": NAME}),
    "sqs:DeleteMessage": (
        "sqs",
        "delete_message",
        {
            "QueueUrl": f"https://sqs.us-east-1.amazonaws.com/123456789012/{NAME}",
            "ReceiptHandle": "none",
        },
    ),
    "lambda:GetFunction": ("lambda", "get_function", {"FunctionName": NAME}),
    "sqs:StartMessageMoveTask": (
        "sqs",
        "start_message_move_task",
        {"SourceArn": f"arn:aws:sqs:us-east-1:123456789012:{NAME}"},
    ),
    "sqs:ListMessageMoveTasks": (
        "sqs",
        "list_message_move_tasks",
        {"SourceArn": f"arn:aws:sqs:us-east-1:123456789012:{NAME}"},
    ),
    "lambda:UpdateFunctionCode": (
        "lambda",
        "update_function_code",
        {"FunctionName": NAME, "ZipFile": b"zip"},
    ),
    "lambda:UpdateFunctionConfiguration": (
        "lambda",
        "update_function_configuration",
        {"FunctionName": NAME, "Timeout": 5},
    ),
    "sns:CreateTopic": ("sns", "create_topic", {"Name": NAME}),
    "lambda:InvokeFunction": ("lambda", "invoke", {"FunctionName": NAME}),
    "lambda:CreateEventSourceMapping": (
        "lambda",
        "create_event_source_mapping",
        {"FunctionName": NAME, "EventSourceArn": f"arn:aws:sqs:us-east-1:123456789012:{NAME}"},
    ),
    "iam:PassRole": (
        "lambda",
        "create_function",
        {
            "FunctionName": NAME,
            "Role": f"arn:aws:iam::123456789012:role/{NAME}",
            "Code": {"ZipFile": b"zip"},
        },
    ),
    "logs:FilterLogEvents": ("logs", "filter_log_events", {"logGroupName": NAME}),
    "iam:DeleteRole": ("iam", "delete_role", {"RoleName": NAME}),
    "cloudwatch:DescribeAlarms": ("cloudwatch", "describe_alarms", {}),
    "cloudformation:ListStackResources": (
        "cloudformation",
        "list_stack_resources",
        {"StackName": NAME},
    ),
    "dynamodb:Scan": ("dynamodb", "scan", {"TableName": NAME}),
    "dynamodb:ListTagsOfResource": (
        "dynamodb",
        "list_tags_of_resource",
        {"ResourceArn": f"arn:aws:dynamodb:us-east-1:123456789012:table/{NAME}"},
    ),
    "cloudwatch:ListTagsForResource": (
        "cloudwatch",
        "list_tags_for_resource",
        {"ResourceARN": f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{NAME}"},
    ),
    "tag:GetResources": ("resourcegroupstaggingapi", "get_resources", {}),
}
ELSEWHERE: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a queue": ("sqs", "create_queue", {"QueueName": "billing"}),
    "a topic": ("sns", "create_topic", {"Name": "billing"}),
    "a role of a stack for a function": (
        "lambda",
        "create_function",
        {
            "FunctionName": NAME,
            "Role": "arn:aws:iam::123456789012:role/FailureWorkshop-SqsDlq-Role",
            "Code": {"ZipFile": b"zip"},
        },
    ),
    "a function": ("lambda", "invoke", {"FunctionName": "billing"}),
    "a mapping": (
        "lambda",
        "create_event_source_mapping",
        {"FunctionName": "billing", "EventSourceArn": "arn:aws:sqs:us-east-1:123456789012:q"},
    ),
    "a log group": ("logs", "filter_log_events", {"logGroupName": "billing"}),
    "a role of a stack": ("iam", "delete_role", {"RoleName": "FailureWorkshop-SqsDlq-Role"}),
    "a role": ("iam", "delete_role", {"RoleName": "billing"}),
    "a table's tags": (
        "dynamodb",
        "list_tags_of_resource",
        {"ResourceArn": "arn:aws:dynamodb:us-east-1:123456789012:table/billing"},
    ),
    "an alarm's tags": (
        "cloudwatch",
        "list_tags_for_resource",
        {"ResourceARN": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:billing"},
    ),
    "a table": ("dynamodb", "scan", {"TableName": "billing"}),
    "a stack": ("cloudformation", "delete_stack", {"StackName": "FailureWorkshop-SqsDlq"}),
    "a user": ("iam", "create_user", {"UserName": "more"}),
    "a role to be": (
        "sts",
        "assume_role",
        {"RoleArn": "arn:aws:iam::123456789012:role/cdk-x", "RoleSessionName": "more"},
    ),
}


@pytest.fixture(scope="module")
def person(endpoint: EndpointInfo) -> User:
    return user.create(asdict(endpoint), "judged")


def is_refused(person: User, service: str, call: str, parameters: dict[str, Any]) -> bool:
    """Whether IAM refused; what else may be wrong is no matter, such as that there is no queue."""
    try:
        getattr(person.client(service), call)(**parameters)
    except ClientError as error:
        return REFUSED in error.response["Error"]["Message"]
    return False


def without(action: str) -> dict[str, Any]:
    """The participant's policy with one action taken out."""
    policy = copy.deepcopy(document("participant"))
    for statement in policy["Statement"]:
        statement["Action"] = [one for one in statement["Action"] if one != action]
    # AWS takes no statement without an action.
    policy["Statement"] = [one for one in policy["Statement"] if one["Action"]]
    return policy


@pytest.mark.parametrize("action", CALLS)
def test_a_call_is_refused_once_its_action_is_taken_out(person: User, action: str) -> None:
    person.may(policy=document("participant"))
    assert not is_refused(person, *CALLS[action])
    person.may(policy=without(action))
    assert is_refused(person, *CALLS[action])


@pytest.mark.parametrize("what", ELSEWHERE)
def test_what_is_not_the_workshops_is_refused_to_a_participant(person: User, what: str) -> None:
    person.may(policy=document("participant"))
    assert is_refused(person, *ELSEWHERE[what])


def test_an_instructor_deletes_stacks_and_still_no_others(person: User) -> None:
    person.may(policy=document("instructor"))
    assert not is_refused(person, "cloudformation", "delete_stack", {"StackName": NAME})
    assert is_refused(person, "cloudformation", "delete_stack", {"StackName": "billing"})
