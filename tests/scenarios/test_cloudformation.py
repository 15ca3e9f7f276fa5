"""Stacks with our services' resources: created, changed, deleted, created again."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from tests.scenarios.account import TRUST, Account

HANDLER = "def handler(event, context):\n    return {'said': event['say']}\n"

ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "AssumeRolePolicyDocument": TRUST,
        "Policies": [
            {
                "PolicyName": "may",
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {"Effect": "Allow", "Action": ["sqs:*", "logs:*"], "Resource": "*"}
                    ],
                },
            }
        ],
    },
}


def arn(logical_id: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def template(
    *, visibility_s: int | None = 60, timeout_s: int = 5, redrive: bool = True, tag: str = "one"
) -> str:
    """One of each resource type that the workshop's stacks use."""
    source: dict[str, Any] = {"Tags": [{"Key": tag, "Value": "here"}]}
    if visibility_s is not None:
        source["VisibilityTimeout"] = visibility_s
    if redrive:
        source["RedrivePolicy"] = {"deadLetterTargetArn": arn("Dlq"), "maxReceiveCount": 3}
    resources = {
        "Role": ROLE,
        "Dlq": {"Type": "AWS::SQS::Queue"},
        "Source": {"Type": "AWS::SQS::Queue", "Properties": source},
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.13",
                "Handler": "index.handler",
                "Role": arn("Role"),
                "Code": {"ZipFile": HANDLER},
                "Timeout": timeout_s,
                "DeadLetterConfig": {"TargetArn": arn("Dlq")},
                "Tags": [{"Key": "made-by", "Value": "scenario"}],
            },
        },
        "Version": {
            "Type": "AWS::Lambda::Version",
            "Properties": {"FunctionName": {"Ref": "Function"}},
        },
        "Alias": {
            "Type": "AWS::Lambda::Alias",
            "Properties": {
                "FunctionName": {"Ref": "Function"},
                "Name": "live",
                "FunctionVersion": {"Fn::GetAtt": ["Version", "Version"]},
            },
        },
        "Mapping": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "EventSourceArn": arn("Source"),
                "FunctionName": {"Ref": "Alias"},
                "BatchSize": 1,
            },
        },
        "Settings": {
            "Type": "AWS::Lambda::EventInvokeConfig",
            "Properties": {
                "FunctionName": {"Ref": "Function"},
                "Qualifier": "$LATEST",
                "MaximumRetryAttempts": 1,
                "DestinationConfig": {"OnFailure": {"Destination": arn("Dlq")}},
            },
        },
        "Permission": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": {"Ref": "Function"},
                "Action": "lambda:InvokeFunction",
                "Principal": "sns.amazonaws.com",
                "SourceArn": {"Ref": "Topic"},
            },
        },
        "Subscription": {
            "Type": "AWS::SNS::Subscription",
            "Properties": {
                "TopicArn": {"Ref": "Topic"},
                "Protocol": "lambda",
                "Endpoint": arn("Function"),
                "RedrivePolicy": {"deadLetterTargetArn": arn("Dlq")},
            },
        },
        "DlqPolicy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [{"Ref": "Dlq"}],
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "sns.amazonaws.com"},
                            "Action": "sqs:SendMessage",
                            "Resource": arn("Dlq"),
                        }
                    ],
                },
            },
        },
    }
    outputs = {
        "SourceUrl": {"Value": {"Ref": "Source"}},
        "DlqUrl": {"Value": {"Ref": "Dlq"}},
        "FunctionName": {"Value": {"Ref": "Function"}},
        "MappingId": {"Value": {"Ref": "Mapping"}},
        "TopicArn": {"Value": {"Ref": "Topic"}},
        "VersionArn": {"Value": {"Ref": "Version"}},
    }
    return json.dumps({"Resources": resources, "Outputs": outputs})


class Stack:
    def __init__(self, account: Account) -> None:
        self.account = account
        self.name = account.unique("stack")
        self.cloudformation = account.client("cloudformation")

    def create(self, body: str) -> dict[str, str]:
        self.cloudformation.create_stack(
            StackName=self.name, TemplateBody=body, Capabilities=["CAPABILITY_IAM"]
        )
        return self._outputs("stack_create_complete")

    def update(self, body: str) -> dict[str, str]:
        self.cloudformation.update_stack(
            StackName=self.name, TemplateBody=body, Capabilities=["CAPABILITY_IAM"]
        )
        return self._outputs("stack_update_complete")

    def delete(self) -> None:
        self.cloudformation.delete_stack(StackName=self.name)
        self._wait("stack_delete_complete")

    def _outputs(self, state: str) -> dict[str, str]:
        self._wait(state)
        [stack] = self.cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}

    def _wait(self, state: str) -> None:
        delay_s = 0.05 if self.account.time.is_virtual else 5
        self.cloudformation.get_waiter(state).wait(
            StackName=self.name, WaiterConfig={"Delay": delay_s, "MaxAttempts": 400}
        )


@pytest.fixture
def stack(account: Account) -> Stack:
    return Stack(account)


def test_a_stack_works_once_it_is_created(account: Account, stack: Stack) -> None:
    # Given
    outputs = stack.create(template())
    lambda_ = account.client("lambda")
    # Then the function can be invoked, by its alias too
    for qualifier in ("$LATEST", "live"):
        answer = lambda_.invoke(
            FunctionName=outputs["FunctionName"], Qualifier=qualifier, Payload=b'{"say": "hello"}'
        )
        assert json.load(answer["Payload"]) == {"said": "hello"}
    # And the mapping polls
    assert account.mapping_state(outputs["MappingId"]) == "Enabled"
    tags = lambda_.get_function(FunctionName=outputs["FunctionName"])["Tags"]
    assert tags["made-by"] == "scenario"
    stack.delete()


def test_an_update_changes_what_is_there(account: Account, stack: Stack) -> None:
    # Given a stack with a message in its source queue
    before = stack.create(template())
    # When settings change, and one is taken away
    after = stack.update(template(visibility_s=None, timeout_s=7, redrive=False, tag="two"))
    # Then the same resources have the new settings
    assert after == before
    attributes = account.client("sqs").get_queue_attributes(
        QueueUrl=after["SourceUrl"], AttributeNames=["All"]
    )["Attributes"]
    assert attributes["VisibilityTimeout"] == "30"
    assert "RedrivePolicy" not in attributes
    assert account.client("sqs").list_queue_tags(QueueUrl=after["SourceUrl"])["Tags"].keys() >= {
        "two"
    }
    lambda_ = account.client("lambda")
    configuration = lambda_.get_function_configuration(FunctionName=after["FunctionName"])
    assert configuration["Timeout"] == 7
    stack.delete()


def test_nothing_is_left_and_a_new_one_can_follow_at_once(account: Account, stack: Stack) -> None:
    first = stack.create(template())
    stack.delete()
    lambda_, sqs = account.client("lambda"), account.client("sqs")
    with pytest.raises(lambda_.exceptions.ResourceNotFoundException):
        lambda_.get_function(FunctionName=first["FunctionName"])
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.get_queue_attributes(QueueUrl=first["SourceUrl"], AttributeNames=["All"])
    # When the same stack is made again, then its resources are new ones
    second = stack.create(template())
    assert second["SourceUrl"] != first["SourceUrl"]
    stack.delete()


def test_a_refused_resource_rolls_the_stack_back_and_says_why(stack: Stack) -> None:
    """A33, A34."""
    with pytest.raises(WaiterError):
        stack.create(template(visibility_s=2))
    events = stack.cloudformation.describe_stack_events(StackName=stack.name)["StackEvents"]
    reasons = [event.get("ResourceStatusReason", "") for event in events]
    assert any("Queue visibility timeout: 2 seconds is less than" in text for text in reasons)
    stack.delete()


@pytest.mark.embedded("an account has these types")
def test_what_is_not_here_is_refused_before_anything_is_made(stack: Stack) -> None:
    resources = {"Queue": {"Type": "AWS::SQS::Queue"}, "Stream": {"Type": "AWS::Kinesis::Stream"}}
    body = json.dumps({"Resources": resources})
    ways: list[Any] = [
        lambda: stack.create(body),
        lambda: stack.cloudformation.validate_template(TemplateBody=body),
        lambda: stack.cloudformation.create_change_set(
            StackName=stack.name,
            ChangeSetName="first",
            ChangeSetType="CREATE",
            TemplateBody=body,
        ),
    ]
    for way in ways:
        with pytest.raises(ClientError, match=r"embedded AWS: \[AWS::Kinesis::Stream\]") as caught:
            way()
        assert caught.value.response["Error"]["Code"] == "ValidationError"
    with pytest.raises(ClientError, match="does not exist"):
        stack.cloudformation.describe_stacks(StackName=stack.name)
