"""Resource types of stacks, each with all settings and with none, and how AWS shows them.

What a template says is told once, by `KINDS`; `BASE` is what the resources need around them.
"""

import json
from typing import Any

from tests.scenarios.account import TRUST, Account
from tests.scenarios.resources_around import AROUND
from tests.scenarios.stack_parts import TAGS, Kind, Properties, allows, arn, ref, tags_of


def function(**properties: Any) -> Properties:
    return {
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": arn("Role"),
        "Code": {"ZipFile": "def handler(event, context):\n    return event\n"},
        **properties,
    }


_ROLE_MAY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["sqs:*", "sns:*", "logs:*"], "Resource": "*"}],
}
BASE: dict[str, Properties] = {
    "Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": TRUST,
            "Policies": [{"PolicyName": "may", "PolicyDocument": _ROLE_MAY}],
        },
    },
    "Dlq": {"Type": "AWS::SQS::Queue"},
    "Other": {"Type": "AWS::SQS::Queue"},
    "Topic": {"Type": "AWS::SNS::Topic"},
    "OtherTopic": {"Type": "AWS::SNS::Topic"},
    "Group": {"Type": "AWS::Logs::LogGroup"},
    "LogsMay": {
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "FunctionName": ref("Function"),
            "Action": "lambda:InvokeFunction",
            "Principal": "logs.amazonaws.com",
        },
    },
    "OtherRole": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}},
    "User": {"Type": "AWS::IAM::User"},
    "Key": {"Type": "AWS::KMS::Key"},
    "OtherKey": {"Type": "AWS::KMS::Key"},
    "Bucket": {"Type": "AWS::S3::Bucket"},
    "Function": {"Type": "AWS::Lambda::Function", "Properties": function()},
    "Published": {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": ref("Function")}},
}


def base_of(kind: Kind) -> dict[str, Properties]:
    """What of the base a kind refers to, and what that refers to."""
    needed: dict[str, Properties] = {}
    wanted = json.dumps([kind.everything, kind.minimum])
    while new := {n: BASE[n] for n in BASE.keys() - needed.keys() if f'"{n}"' in wanted}:
        needed |= new
        wanted += json.dumps([resource.get("Properties") for resource in new.values()])
    return needed


def _queue(account: Account, url: str, base: dict[str, str]) -> Any:
    sqs = account.client("sqs")
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return attributes, tags_of(sqs.list_queue_tags(QueueUrl=url).get("Tags", {}))


def _queue_policies(account: Account, url: str, base: dict[str, str]) -> Any:
    sqs = account.client("sqs")
    return [
        sqs.get_queue_attributes(QueueUrl=base[name], AttributeNames=["Policy"]).get("Attributes")
        for name in ("Dlq", "Other")
    ]


def _topic(account: Account, topic_arn: str, base: dict[str, str]) -> Any:
    sns = account.client("sns")
    tags = sns.list_tags_for_resource(ResourceArn=topic_arn)["Tags"]
    return (
        sns.get_topic_attributes(TopicArn=topic_arn)["Attributes"],
        tags_of({tag["Key"]: tag["Value"] for tag in tags}),
        [
            subscription["Endpoint"]
            for subscription in sns.list_subscriptions_by_topic(TopicArn=topic_arn)["Subscriptions"]
        ],
    )


def _topic_policies(account: Account, policy: str, base: dict[str, str]) -> Any:
    sns = account.client("sns")
    return [
        json.loads(sns.get_topic_attributes(TopicArn=base[name])["Attributes"]["Policy"])
        for name in ("Topic", "OtherTopic")
    ]


def _subscription(account: Account, subscription: str, base: dict[str, str]) -> Any:
    sns = account.client("sns")
    return sns.get_subscription_attributes(SubscriptionArn=subscription)["Attributes"]


def _function(account: Account, name: str, base: dict[str, str]) -> Any:
    lambda_ = account.client("lambda")
    found = lambda_.get_function(FunctionName=name)
    recursion = lambda_.get_function_recursion_config(FunctionName=name)["RecursiveLoop"]
    return (
        found["Configuration"],
        found.get("Concurrency"),
        lambda_.get_runtime_management_config(FunctionName=name)["UpdateRuntimeOn"],
        tags_of(found.get("Tags", {})),
        recursion,
    )


def _alias(account: Account, alias: str, base: dict[str, str]) -> Any:
    name, _, qualifier = alias.rpartition(":")
    return account.client("lambda").get_alias(FunctionName=name, Name=qualifier)


def _provisioned(account: Account, alias: str, base: dict[str, str]) -> Any:
    name, _, _ = alias.rpartition(":")
    found = account.client("lambda").list_provisioned_concurrency_configs(FunctionName=name)
    return [
        (one["FunctionArn"], one["RequestedProvisionedConcurrentExecutions"])
        for one in found["ProvisionedConcurrencyConfigs"]
    ]


def _mapping(account: Account, uuid: str, base: dict[str, str]) -> Any:
    lambda_ = account.client("lambda")
    found = lambda_.get_event_source_mapping(UUID=uuid)
    return found, tags_of(
        lambda_.list_tags(Resource=found["EventSourceMappingArn"]).get("Tags", {})
    )


def _event_invoke_config(account: Account, name: str, base: dict[str, str]) -> Any:
    return account.client("lambda").get_function_event_invoke_config(FunctionName=base["Function"])


def _permissions(account: Account, name: str, base: dict[str, str]) -> Any:
    policy = account.client("lambda").get_policy(FunctionName=base["Function"])["Policy"]
    return json.loads(policy)["Statement"]


def _group(account: Account, name: str, base: dict[str, str]) -> Any:
    logs = account.client("logs")
    tags = tags_of(logs.list_tags_log_group(logGroupName=name)["tags"])
    [group] = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return group, tags


def _metric_filter(account: Account, name: str, base: dict[str, str]) -> Any:
    return account.client("logs").describe_metric_filters(logGroupName=base["Group"])[
        "metricFilters"
    ]


def _subscription_filter(account: Account, name: str, base: dict[str, str]) -> Any:
    return account.client("logs").describe_subscription_filters(logGroupName=base["Group"])[
        "subscriptionFilters"
    ]


def _log_policy(account: Account, name: str, base: dict[str, str]) -> Any:
    policies = account.client("logs").describe_resource_policies()["resourcePolicies"]
    return [json.loads(p["policyDocument"]) for p in policies if p["policyName"] == name]


def _url(account: Account, function_arn: str, base: dict[str, str]) -> Any:
    found = account.client("lambda").get_function_url_config(FunctionName=function_arn)
    return found["AuthType"], found.get("Cors") or {}, found["InvokeMode"]


def _may_write(*services: str) -> str:
    principal = {"Service": [f"{service}.amazonaws.com" for service in services]}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "logs:*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


_LIVE = {
    "FunctionName": ref("Function"),
    "Name": "live",
    "FunctionVersion": {"Fn::GetAtt": ["Published", "Version"]},
}
# The function, once logs may invoke it.
_OPEN = {"Fn::Select": [0, [arn("Function"), ref("LogsMay")]]}
_REDRIVE = {"deadLetterTargetArn": arn("Dlq"), "maxReceiveCount": 4}
_TRANSFORMATION = {"MetricName": "bad", "MetricNamespace": "orders", "MetricValue": "1"}

KINDS: dict[str, Kind] = {
    "queue": Kind(
        "AWS::SQS::Queue",
        {
            "VisibilityTimeout": 60,
            "DelaySeconds": 5,
            "MaximumMessageSize": 2048,
            "MessageRetentionPeriod": 600,
            "ReceiveMessageWaitTimeSeconds": 3,
            "SqsManagedSseEnabled": False,
            "RedrivePolicy": _REDRIVE,
            "RedriveAllowPolicy": {"redrivePermission": "denyAll"},
            "Tags": TAGS,
        },
        {},
        _queue,
    ),
    "encrypted queue": Kind(
        "AWS::SQS::Queue",
        {"KmsMasterKeyId": "alias/aws/sqs", "KmsDataKeyReusePeriodSeconds": 600},
        {},
        _queue,
    ),
    "fifo queue": Kind(
        "AWS::SQS::Queue",
        {
            "FifoQueue": True,
            "ContentBasedDeduplication": True,
            "DeduplicationScope": "messageGroup",
            "FifoThroughputLimit": "perMessageGroupId",
        },
        {"FifoQueue": True},
        _queue,
    ),
    "queue policy": Kind(
        "AWS::SQS::QueuePolicy",
        {
            "Queues": [ref("Dlq"), ref("Other")],
            "PolicyDocument": allows("sqs:SendMessage", arn("Dlq")),
        },
        {"Queues": [ref("Dlq")], "PolicyDocument": allows("sqs:SendMessage", arn("Dlq"))},
        _queue_policies,
    ),
    "topic": Kind(
        "AWS::SNS::Topic",
        {
            "DisplayName": "orders",
            "KmsMasterKeyId": "alias/aws/sns",
            "SignatureVersion": "2",
            "TracingConfig": "Active",
            "MaximumMessageSize": 1_048_576,
            "Subscription": [{"Protocol": "sqs", "Endpoint": arn("Dlq")}],
            "DeliveryStatusLogging": [
                {
                    "Protocol": "lambda",
                    "SuccessFeedbackRoleArn": arn("Role"),
                    "SuccessFeedbackSampleRate": "50",
                    "FailureFeedbackRoleArn": arn("Role"),
                }
            ],
            "Tags": TAGS,
        },
        {},
        _topic,
    ),
    "fifo topic": Kind(
        "AWS::SNS::Topic",
        {
            "FifoTopic": True,
            "ContentBasedDeduplication": True,
            "FifoThroughputScope": "MessageGroup",
        },
        {"FifoTopic": True},
        _topic,
    ),
    "topic policy": Kind(
        "AWS::SNS::TopicPolicy",
        {
            "Topics": [ref("Topic"), ref("OtherTopic")],
            "PolicyDocument": allows("sns:Publish", ref("Topic")),
        },
        {"Topics": [ref("Topic")], "PolicyDocument": allows("sns:Publish", ref("Topic"))},
        _topic_policies,
    ),
    "subscription": Kind(
        "AWS::SNS::Subscription",
        {
            "TopicArn": ref("Topic"),
            "Protocol": "sqs",
            "Endpoint": arn("Other"),
            "RawMessageDelivery": True,
            "FilterPolicy": {"kind": ["order"]},
            "FilterPolicyScope": "MessageBody",
            "RedrivePolicy": {"deadLetterTargetArn": arn("Dlq")},
        },
        {"TopicArn": ref("Topic"), "Protocol": "sqs", "Endpoint": arn("Other")},
        _subscription,
    ),
    "function": Kind(
        "AWS::Lambda::Function",
        function(
            Description="all of it",
            Timeout=7,
            MemorySize=256,
            Environment={"Variables": {"A": "1"}},
            DeadLetterConfig={"TargetArn": arn("Dlq")},
            TracingConfig={"Mode": "Active"},
            EphemeralStorage={"Size": 1024},
            LoggingConfig={
                "LogFormat": "JSON",
                "LogGroup": ref("Group"),
                "ApplicationLogLevel": "WARN",
                "SystemLogLevel": "WARN",
            },
            Architectures=["arm64"],
            RecursiveLoop="Allow",
            ReservedConcurrentExecutions=1,
            Tags=TAGS,
        ),
        function(),
        _function,
    ),
    "another code": Kind(
        "AWS::Lambda::Function",
        {
            "Runtime": "python3.12",
            "Handler": "index.other",
            "Role": arn("OtherRole"),
            "Code": {"ZipFile": "def other(event, context):\n    return 1\n"},
        },
        function(),
        _function,
    ),
    "function with what is kept and shown": Kind(
        "AWS::Lambda::Function",
        function(
            KmsKeyArn=arn("Key"),
            SnapStart={"ApplyOn": "PublishedVersions"},
            RuntimeManagementConfig={"UpdateRuntimeOn": "FunctionUpdate"},
        ),
        function(),
        _function,
    ),
    "alias with provisioned concurrency": Kind(
        "AWS::Lambda::Alias",
        _LIVE | {"ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 1}},
        _LIVE,
        _provisioned,
    ),
    "alias": Kind(
        "AWS::Lambda::Alias",
        {
            "FunctionName": ref("Function"),
            "Name": "live",
            "FunctionVersion": {"Fn::GetAtt": ["Published", "Version"]},
            "Description": "what orders go to",
        },
        {
            "FunctionName": ref("Function"),
            "Name": "live",
            "FunctionVersion": {"Fn::GetAtt": ["Published", "Version"]},
        },
        _alias,
    ),
    "event source mapping": Kind(
        "AWS::Lambda::EventSourceMapping",
        {
            "EventSourceArn": arn("Other"),
            "FunctionName": ref("Function"),
            "BatchSize": 100,
            "MaximumBatchingWindowInSeconds": 5,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "FilterCriteria": {"Filters": [{"Pattern": '{"body": {"pass": [true]}}'}]},
            "ScalingConfig": {"MaximumConcurrency": 2},
            "MetricsConfig": {"Metrics": ["EventCount"]},
            "Enabled": False,
            "Tags": TAGS,
        },
        {"EventSourceArn": arn("Other"), "FunctionName": ref("Function")},
        _mapping,
    ),
    "mapping with pollers of its own": Kind(
        "AWS::Lambda::EventSourceMapping",
        {
            "EventSourceArn": arn("Other"),
            "FunctionName": ref("Function"),
            "ProvisionedPollerConfig": {"MinimumPollers": 2, "MaximumPollers": 4},
        },
        {"EventSourceArn": arn("Other"), "FunctionName": ref("Function")},
        _mapping,
    ),
    "event invoke config": Kind(
        "AWS::Lambda::EventInvokeConfig",
        {
            "FunctionName": ref("Function"),
            "Qualifier": "$LATEST",
            "MaximumRetryAttempts": 1,
            "MaximumEventAgeInSeconds": 120,
            "DestinationConfig": {
                "OnFailure": {"Destination": arn("Dlq")},
                "OnSuccess": {"Destination": arn("Other")},
            },
        },
        # One setting there has to be.
        {"FunctionName": ref("Function"), "Qualifier": "$LATEST", "MaximumRetryAttempts": 1},
        _event_invoke_config,
    ),
    "permission": Kind(
        "AWS::Lambda::Permission",
        {
            "FunctionName": ref("Function"),
            "Action": "lambda:InvokeFunction",
            "Principal": "sns.amazonaws.com",
            "SourceArn": ref("Topic"),
            "SourceAccount": ref("AWS::AccountId"),
        },
        {
            "FunctionName": ref("Function"),
            "Action": "lambda:InvokeFunction",
            "Principal": "sns.amazonaws.com",
        },
        _permissions,
    ),
    "function url": Kind(
        "AWS::Lambda::Url",
        {
            "TargetFunctionArn": ref("Function"),
            "AuthType": "NONE",
            "Cors": {"AllowOrigins": ["https://example.com"], "MaxAge": 5},
            "InvokeMode": "RESPONSE_STREAM",
        },
        {"TargetFunctionArn": ref("Function"), "AuthType": "AWS_IAM"},
        _url,
    ),
    "log group": Kind(
        "AWS::Logs::LogGroup",
        {"RetentionInDays": 3, "DeletionProtectionEnabled": True, "Tags": TAGS},
        {},
        _group,
    ),
    "log group with a key": Kind("AWS::Logs::LogGroup", {"KmsKeyId": arn("Key")}, {}, _group),
    "subscription filter": Kind(
        "AWS::Logs::SubscriptionFilter",
        {"LogGroupName": ref("Group"), "FilterPattern": "ERROR", "DestinationArn": _OPEN},
        {"LogGroupName": ref("Group"), "FilterPattern": "", "DestinationArn": _OPEN},
        _subscription_filter,
    ),
    "policy of the logs": Kind(
        "AWS::Logs::ResourcePolicy",
        {"PolicyName": "both", "PolicyDocument": _may_write("events", "es")},
        {"PolicyName": "both", "PolicyDocument": _may_write("events")},
        _log_policy,
    ),
    "metric filter": Kind(
        "AWS::Logs::MetricFilter",
        {
            "LogGroupName": ref("Group"),
            "FilterPattern": "ERROR",
            "MetricTransformations": [{**_TRANSFORMATION, "DefaultValue": 0, "Unit": "Count"}],
        },
        {
            "LogGroupName": ref("Group"),
            "FilterPattern": "",
            "MetricTransformations": [_TRANSFORMATION],
        },
        _metric_filter,
    ),
} | AROUND

# All of its properties are of one version for ever.
VERSION = Kind(
    "AWS::Lambda::Version",
    {"FunctionName": ref("Function"), "Description": "the second"},
    {"FunctionName": ref("Function")},
    lambda account, version_arn, base: version_arn,
)
