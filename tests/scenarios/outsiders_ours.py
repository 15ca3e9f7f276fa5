"""What others made of the types that have a handler of the embedded AWS's own."""

import json

from tests.scenarios.account import package
from tests.scenarios.outsider import Outsider

METRIC = {"metricName": "m", "metricNamespace": "n", "metricValue": "1"}


def already(kind: str, **identifier: str) -> str:
    """What the handlers of CloudWatch Logs say."""
    members = {f"/properties/{name}": value for name, value in identifier.items()}
    told = json.dumps(members, separators=(",", ":"))
    return f"Resource of type 'AWS::Logs::{kind}' with identifier '{told}' already exists."


OURS = {
    "AWS::Lambda::Alias": Outsider(
        {"FunctionName": "<function>", "FunctionVersion": "$LATEST", "Name": "<name>"},
        (
            "lambda",
            "create_alias",
            {
                "FunctionName": "<function>",
                "Name": "<name>",
                "FunctionVersion": "$LATEST",
                "Description": "theirs",
            },
        ),
        ("lambda", "get_alias", {"FunctionName": "<function>", "Name": "<name>"}),
        ("lambda", "delete_alias", {"FunctionName": "<function>", "Name": "<name>"}),
        "Alias already exists: <function arn>:<name>",
    ),
    "AWS::Lambda::EventInvokeConfig": Outsider(
        {"FunctionName": "<function>", "Qualifier": "$LATEST", "MaximumRetryAttempts": 0},
        (
            "lambda",
            "put_function_event_invoke_config",
            {"FunctionName": "<function>", "MaximumRetryAttempts": 1},
        ),
        ("lambda", "get_function_event_invoke_config", {"FunctionName": "<function>"}),
        ("lambda", "delete_function_event_invoke_config", {"FunctionName": "<function>"}),
        "<function>|$LATEST already exists",
        "function",
    ),
    "AWS::Lambda::Function": Outsider(
        {
            "FunctionName": "<name>",
            "Code": {"ZipFile": "def handler(event, context): pass"},
            "Handler": "index.handler",
            "Role": "<role arn>",
            "Runtime": "python3.12",
        },
        (
            "lambda",
            "create_function",
            {
                "FunctionName": "<name>",
                "Code": {"ZipFile": package("orders")},
                "Handler": "orders.handler",
                "Role": "<role arn>",
                "Runtime": "python3.13",
            },
        ),
        ("lambda", "get_function_concurrency", {"FunctionName": "<name>"}),
        ("lambda", "delete_function", {"FunctionName": "<name>"}),
        "Function already exist: <name>",
    ),
    "AWS::Lambda::Url": Outsider(
        {"TargetFunctionArn": "<function>", "AuthType": "AWS_IAM"},
        (
            "lambda",
            "create_function_url_config",
            {"FunctionName": "<function>", "AuthType": "NONE"},
        ),
        ("lambda", "get_function_url_config", {"FunctionName": "<function>"}),
        ("lambda", "delete_function_url_config", {"FunctionName": "<function>"}),
        "Failed to create function url config for [functionArn = <function arn>]. Error message:  "
        "FunctionUrlConfig exists for this Lambda function",
        "function",
    ),
    "AWS::Logs::LogGroup": Outsider(
        {"LogGroupName": "<name>", "RetentionInDays": 3},
        ("logs", "create_log_group", {"logGroupName": "<name>"}),
        ("logs", "describe_log_groups", {"logGroupNamePrefix": "<name>"}),
        ("logs", "delete_log_group", {"logGroupName": "<name>"}),
        already("LogGroup", LogGroupName="<name>"),
    ),
    "AWS::Logs::LogStream": Outsider(
        {"LogGroupName": "<group>", "LogStreamName": "<name>"},
        ("logs", "create_log_stream", {"logGroupName": "<group>", "logStreamName": "<name>"}),
        ("logs", "describe_log_streams", {"logGroupName": "<group>"}),
        ("logs", "delete_log_stream", {"logGroupName": "<group>", "logStreamName": "<name>"}),
        already("LogStream", LogGroupName="<group>", LogStreamName="<name>"),
    ),
    "AWS::Logs::MetricFilter": Outsider(
        {
            "LogGroupName": "<group>",
            "FilterName": "<name>",
            "FilterPattern": "ours",
            "MetricTransformations": [
                {"MetricName": "m", "MetricNamespace": "n", "MetricValue": "1"}
            ],
        },
        (
            "logs",
            "put_metric_filter",
            {
                "logGroupName": "<group>",
                "filterName": "<name>",
                "filterPattern": "theirs",
                "metricTransformations": [METRIC],
            },
        ),
        ("logs", "describe_metric_filters", {"logGroupName": "<group>"}),
        ("logs", "delete_metric_filter", {"logGroupName": "<group>", "filterName": "<name>"}),
        already("MetricFilter", LogGroupName="<group>", FilterName="<name>"),
    ),
    "AWS::Logs::SubscriptionFilter": Outsider(
        {
            "LogGroupName": "<group>",
            "FilterName": "<name>",
            "FilterPattern": "ours",
            "DestinationArn": "<function arn>",
        },
        (
            "logs",
            "put_subscription_filter",
            {
                "logGroupName": "<group>",
                "filterName": "<name>",
                "filterPattern": "theirs",
                "destinationArn": "<function arn>",
            },
        ),
        ("logs", "describe_subscription_filters", {"logGroupName": "<group>"}),
        ("logs", "delete_subscription_filter", {"logGroupName": "<group>", "filterName": "<name>"}),
        already("SubscriptionFilter", LogGroupName="<group>", FilterName="<name>"),
    ),
    "AWS::SNS::Topic": Outsider(
        {"TopicName": "<name>"},
        ("sns", "create_topic", {"Name": "<name>", "Attributes": {"DisplayName": "theirs"}}),
        ("sns", "get_topic_attributes", {"TopicArn": "arn:aws:sns:<region>:<account>:<name>"}),
        ("sns", "delete_topic", {"TopicArn": "arn:aws:sns:<region>:<account>:<name>"}),
    ),
    "AWS::SQS::Queue": Outsider(
        {"QueueName": "<name>"},
        ("sqs", "create_queue", {"QueueName": "<name>"}),
        ("sqs", "get_queue_url", {"QueueName": "<name>"}),
        ("sqs", "delete_queue", {"QueueUrl": "<queue url>"}),
    ),
}
