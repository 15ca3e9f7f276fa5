"""What the stacks deploy: the numbers that the lessons teach, and least privilege."""

from pathlib import Path
from typing import Any

import pytest

from infra import settings
from infra.template import Template
from infra.workshop_app import make_app
from workshop.cli.deploy import POLLING
from workshop.target.target import PATTERNS

QUEUE = "AWS::SQS::Queue"
FUNCTION = "AWS::Lambda::Function"
INVOKE_CONFIG = "AWS::Lambda::EventInvokeConfig"
SUBSCRIPTION = "AWS::SNS::Subscription"
# Properties that would give a resource a fixed physical name.
NAME_PROPERTIES = {
    QUEUE: "QueueName",
    FUNCTION: "FunctionName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::IAM::Role": "RoleName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::CloudWatch::Alarm": "AlarmName",
}


def test_deploy_says_how_many_mappings_will_poll(stacks: dict[str, Template]) -> None:
    mappings = [len(one.of_type("AWS::Lambda::EventSourceMapping")) for one in stacks.values()]
    assert sum(mappings) == POLLING


@pytest.fixture(params=PATTERNS)
def stack(request: pytest.FixtureRequest, stacks: dict[str, Template]) -> Template:
    return stacks[request.param]


def statements(stack: Template) -> list[dict[str, Any]]:
    return [
        statement
        for policy in stack.properties("AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def test_there_is_a_stack_per_pattern(stacks: dict[str, Template]) -> None:
    assert set(stacks) == set(PATTERNS)


def test_no_physical_name_is_fixed(stack: Template) -> None:
    for resource_type, name in NAME_PROPERTIES.items():
        assert all(name not in properties for properties in stack.properties(resource_type))


def test_each_participant_gets_stacks_of_their_own(tmp_path: Path) -> None:
    # Given an app for a participant, then the stacks carry the name and all resources the tag
    app = make_app(participant="ada", outdir=str(tmp_path)).synth()
    names = [stack.stack_name for stack in app.stacks]
    assert all(name.startswith("FailureWorkshop-ada-") for name in names)
    tag = {"Key": "participant", "Value": "ada"}
    for stack in app.stacks:
        assert all(tag in queue["Tags"] for queue in Template(stack.template).properties(QUEUE))


@pytest.mark.parametrize("name", ["1st", "a b", "a/b", "a" * 21])
def test_a_participant_who_cannot_be_a_stack_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="use a letter, then letters, digits and hyphens"):
        make_app(participant=name)


def test_outputs_name_all_that_a_notebook_needs(
    sqs_dlq: Template, lambda_destinations: Template, lambda_dlq: Template
) -> None:
    assert sqs_dlq.outputs == {
        "SourceQueueUrl",
        "SourceQueueDlqUrl",
        "FunctionName",
        "FunctionAlias",
        "LogGroupName",
        "EventSourceMappingId",
        "AlarmName",
        "AlarmTopicArn",
    }
    asynchronous = {"TopicArn", "FunctionName", "LogGroupName", "SubscriptionDlqUrl"}
    destinations = {"OnSuccessQueueUrl", "OnFailureQueueUrl"}
    assert lambda_destinations.outputs == asynchronous | destinations
    assert lambda_dlq.outputs == asynchronous | {"FunctionDlqUrl"}


# --- In every stack -----------------------------------------------------------------------------


def test_the_function_has_a_log_group_that_goes_with_the_stack(stack: Template) -> None:
    [log_group] = stack.of_type("AWS::Logs::LogGroup")
    assert log_group["DeletionPolicy"] == "Delete"
    assert log_group["Properties"]["RetentionInDays"] <= 7
    function = stack.the(FUNCTION)
    assert stack.target(function["LoggingConfig"]["LogGroup"]) == log_group["Properties"]


def test_the_function_runs_a_current_runtime_with_the_timeout_of_the_lessons(
    stack: Template,
) -> None:
    function = stack.the(FUNCTION)
    assert function["Runtime"] in {"python3.13", "python3.14"}
    assert function["Timeout"] == settings.FUNCTION_TIMEOUT_S


def test_roles_touch_only_resources_of_their_stack(stack: Template) -> None:
    [role] = stack.properties("AWS::IAM::Role")
    assert "ManagedPolicyArns" not in role
    for statement in statements(stack):
        resources = statement["Resource"]
        for resource in resources if isinstance(resources, list) else [resources]:
            assert stack.target(resource), "a resource by reference, so not a wildcard"
        assert "*" not in str(statement["Action"])


def test_logs_are_written_to_the_functions_own_group(stack: Template) -> None:
    [logging] = [s for s in statements(stack) if "logs:PutLogEvents" in s["Action"]]
    assert set(logging["Action"]) == {"logs:CreateLogStream", "logs:PutLogEvents"}
    assert stack.target(logging["Resource"]) == stack.the("AWS::Logs::LogGroup")


def test_queues_are_encrypted_and_go_with_the_stack(stack: Template) -> None:
    for queue in stack.of_type(QUEUE):
        assert queue["Properties"]["SqsManagedSseEnabled"] is True
        assert queue["DeletionPolicy"] == "Delete"


def test_queue_policies_hold_what_a_lesson_is_about_alone(stack: Template) -> None:
    # None that demands TLS; infra.constructs tells more.
    assert "aws:SecureTransport" not in str(stack.body)


# --- Pattern 1 ----------------------------------------------------------------------------------


def source_queue(stack: Template) -> dict[str, Any]:
    return stack.target(stack.the("AWS::Lambda::EventSourceMapping")["EventSourceArn"])


def test_the_source_queue_gives_up_after_three_receives(sqs_dlq: Template) -> None:
    assert source_queue(sqs_dlq)["RedrivePolicy"]["maxReceiveCount"] == 3


def test_messages_stay_hidden_for_six_function_timeouts(sqs_dlq: Template) -> None:
    function = sqs_dlq.the(FUNCTION)
    assert source_queue(sqs_dlq)["VisibilityTimeout"] >= 6 * function["Timeout"]


def test_the_dlq_keeps_messages_longer_than_the_source_queue(sqs_dlq: Template) -> None:
    source = source_queue(sqs_dlq)
    dlq = sqs_dlq.target(source["RedrivePolicy"]["deadLetterTargetArn"])
    assert dlq["MessageRetentionPeriod"] > source["MessageRetentionPeriod"]


def test_the_mapping_invokes_an_alias_with_one_message_at_a_time(sqs_dlq: Template) -> None:
    mapping = sqs_dlq.the("AWS::Lambda::EventSourceMapping")
    assert mapping["BatchSize"] == 1
    assert str(mapping["FunctionName"]).endswith(":live']]}")
    assert sqs_dlq.the("AWS::Lambda::Alias")["Name"] == "live"


def test_the_function_has_no_dlq_of_its_own(sqs_dlq: Template) -> None:
    # It would do nothing: an event source mapping invokes synchronously.
    assert "DeadLetterConfig" not in sqs_dlq.the(FUNCTION)


def test_an_alarm_watches_the_dlq_and_tells_a_topic(sqs_dlq: Template) -> None:
    alarm = sqs_dlq.the("AWS::CloudWatch::Alarm")
    [dimension] = alarm["Dimensions"]
    dlq = sqs_dlq.target(source_queue(sqs_dlq)["RedrivePolicy"]["deadLetterTargetArn"])
    assert sqs_dlq.target(dimension["Value"]) == dlq
    assert (alarm["MetricName"], alarm["Threshold"], alarm["Period"]) == (
        "ApproximateNumberOfMessagesVisible",
        1,
        60,
    )
    [action] = alarm["AlarmActions"]
    assert sqs_dlq.target(action) == sqs_dlq.the("AWS::SNS::Topic")


# --- Patterns 2 and 3 ---------------------------------------------------------------------------


def test_asynchronous_events_are_tried_three_times(
    lambda_destinations: Template, lambda_dlq: Template
) -> None:
    for stack in (lambda_destinations, lambda_dlq):
        assert stack.the(INVOKE_CONFIG)["MaximumRetryAttempts"] == 2


def test_events_live_long_enough_for_both_retries(lambda_destinations: Template) -> None:
    config = lambda_destinations.the(INVOKE_CONFIG)
    attempts_s = 3 * settings.FUNCTION_TIMEOUT_S
    assert config["MaximumEventAgeInSeconds"] > 60 + 120 + attempts_s


def test_success_and_failure_have_a_destination_each(lambda_destinations: Template) -> None:
    config = lambda_destinations.the(INVOKE_CONFIG)["DestinationConfig"]
    success, failure = config["OnSuccess"]["Destination"], config["OnFailure"]["Destination"]
    assert success != failure
    assert "DeadLetterConfig" not in lambda_destinations.the(FUNCTION)


def test_the_function_has_a_dlq_and_may_write_to_it(lambda_dlq: Template) -> None:
    dlq = lambda_dlq.the(FUNCTION)["DeadLetterConfig"]["TargetArn"]
    [sending] = [s for s in statements(lambda_dlq) if "sqs:SendMessage" in s["Action"]]
    assert sending["Resource"] == dlq
    assert "DestinationConfig" not in lambda_dlq.the(INVOKE_CONFIG)


def test_the_subscription_has_a_dlq_that_sns_may_write_to(
    lambda_destinations: Template, lambda_dlq: Template
) -> None:
    for stack in (lambda_destinations, lambda_dlq):
        # Given the subscription's DLQ
        dlq = stack.the(SUBSCRIPTION)["RedrivePolicy"]["deadLetterTargetArn"]
        # Then the policy of that queue lets SNS write, on behalf of this topic only
        policy = stack.the("AWS::SQS::QueuePolicy")
        [statement] = policy["PolicyDocument"]["Statement"]
        assert statement["Resource"] == dlq
        assert statement["Principal"] == {"Service": "sns.amazonaws.com"}
        topic = statement["Condition"]["ArnEquals"]["aws:SourceArn"]
        assert stack.target(topic) == stack.the("AWS::SNS::Topic")


def test_only_the_topic_may_invoke_the_function(
    lambda_destinations: Template, lambda_dlq: Template
) -> None:
    for stack in (lambda_destinations, lambda_dlq):
        permission = stack.the("AWS::Lambda::Permission")
        assert permission["Principal"] == "sns.amazonaws.com"
        assert stack.target(permission["SourceArn"]) == stack.the("AWS::SNS::Topic")
