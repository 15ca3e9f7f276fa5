"""Which properties `tests/scenarios/test_stack_updates.py` shows to come, go and come back.

All of every type that a stack may have, but for those named here: so a new property of a type, or
a new type, needs one or the other. What can only be set when a resource is made needs neither.
"""

import json
from typing import Any

import pytest

from localaws.cloudformation import resource_handlers
from localaws.cloudformation.templates.properties import SCHEMAS
from localaws.emulator.stacks.resource_types import OF_THE_EMULATOR
from tests.scenarios.stack_resources import KINDS

# Refused as a template's, or by the service whenever it is given.
REFUSED = {
    "AWS::CloudWatch::Alarm": {
        "ActionConfiguration",
        "EvaluationCriteria",
        "EvaluationInterval",
        "EvaluationWindow",
        "ThresholdMetricId",
        "WarmUpConfiguration",
    },
    "AWS::DynamoDB::Table": {"KinesisStreamSpecification", "StreamSpecification"},
    "AWS::Events::Rule": {"ScheduleExpression"},
    "AWS::Lambda::EventSourceMapping": {
        "AmazonManagedKafkaEventSourceConfig",
        "BisectBatchOnFunctionError",
        "DestinationConfig",
        "DocumentDBEventSourceConfig",
        "LoggingConfig",
        "MaximumRecordAgeInSeconds",
        "MaximumRetryAttempts",
        "ParallelizationFactor",
        "Queues",
        "SelfManagedKafkaEventSourceConfig",
        "SourceAccessConfigurations",
        "Topics",
        "TumblingWindowInSeconds",
    },
    "AWS::Lambda::Function": {"CapacityProviderConfig", "DurableConfig", "ImageConfig"},
    "AWS::SNS::Subscription": {"ReplayPolicy"},
    "AWS::SNS::Topic": {"DataProtectionPolicy"},
}
# Each resource has it, with another value or none to go back to, or it counts at the end only.
NEVER_ABSENT = {
    "AWS::CloudWatch::Alarm": {
        "ComparisonOperator",
        "EvaluationPeriods",
        "MetricName",
        "Namespace",
        "Period",
        "Threshold",
    },
    "AWS::DynamoDB::Table": {"KeySchema"},
    "AWS::ECR::Repository": {"EmptyOnDelete"},
    "AWS::Events::Rule": {"EventPattern"},
    "AWS::IAM::Policy": {"PolicyName", "Roles"},
    "AWS::IAM::Role": {"AssumeRolePolicyDocument"},
    "AWS::KMS::Key": {
        "BypassPolicyLockoutSafetyCheck",
        "KeySpec",
        "KeyUsage",
        "MultiRegion",
        "Origin",
        "PendingWindowInDays",
    },
    "AWS::Lambda::Alias": {"FunctionVersion"},
    "AWS::Lambda::EventInvokeConfig": {"MaximumRetryAttempts"},
    "AWS::Lambda::EventSourceMapping": {"FunctionName"},
    "AWS::Logs::SubscriptionFilter": {"DestinationArn"},
    "AWS::SNS::TopicPolicy": {"PolicyDocument"},
    "AWS::SQS::QueuePolicy": {"PolicyDocument"},
    "AWS::SSM::Parameter": {"Type"},
}
# Taken and not followed; docs/not-imitated.md names them.
NOT_FOLLOWED = {
    "AWS::CloudWatch::Dashboard": {"Tags"},
    "AWS::DynamoDB::Table": {
        "ContributorInsightsSpecification",
        "LocalSecondaryIndexes",
        "OnDemandThroughput",
        "ResourcePolicy",
        "VectorIndexes",
        "WarmThroughput",
    },
    "AWS::ECR::Repository": {"ImageTagMutabilityExclusionFilters"},
    "AWS::Events::EventBus": {"EventSourceName", "Policy"},
    "AWS::IAM::ManagedPolicy": {"Groups"},
    "AWS::IAM::Policy": {"Groups"},
    "AWS::IAM::User": {"Groups", "Path"},
    "AWS::Lambda::Function": {"FunctionScalingConfig", "PublishToLatestPublished"},
    "AWS::Lambda::Version": {"FunctionScalingConfig"},
    "AWS::Logs::LogGroup": {
        "BearerTokenAuthenticationEnabled",
        "DataProtectionPolicy",
        "FieldIndexPolicies",
        "LogGroupClass",
        "ResourcePolicyDocument",
    },
    "AWS::Logs::MetricFilter": {
        "ApplyOnTransformedLogs",
        "EmitSystemFieldDimensions",
        "FieldSelectionCriteria",
    },
    "AWS::Logs::SubscriptionFilter": {
        "ApplyOnTransformedLogs",
        "Distribution",
        "EmitSystemFields",
        "FieldSelectionCriteria",
        "RoleArn",
    },
    "AWS::S3::Bucket": {
        "AbacStatus",
        "AccelerateConfiguration",
        "AccessControl",
        "AnalyticsConfigurations",
        "BucketEncryption",
        "IntelligentTieringConfigurations",
        "InventoryConfigurations",
        "LifecycleConfiguration",
        "LoggingConfiguration",
        "MetadataConfiguration",
        "MetadataTableConfiguration",
        "MetricsConfigurations",
        "ObjectLockConfiguration",
        "ObjectLockEnabled",
        "OwnershipControls",
        "ReplicationConfiguration",
    },
    "AWS::SSM::Parameter": {"Policies"},
}
# Followed, as the same code follows the others; a scenario would need more than a stack has here.
ELSEWHERE = {
    "AWS::CloudWatch::Alarm": {"Metrics"},
    "AWS::Events::EventBus": {"KmsKeyIdentifier", "LogConfig"},
    "AWS::Events::Rule": {"EventBusName", "RoleArn"},
    "AWS::Lambda::Alias": {"RoutingConfig"},
    "AWS::Lambda::EventSourceMapping": {"KmsKeyArn"},
    "AWS::Lambda::Function": {
        "CodeSigningConfigArn",
        "FileSystemConfigs",
        "Layers",
        "VpcConfig",
    },
    "AWS::SNS::Subscription": {"DeliveryPolicy", "Region", "SubscriptionRoleArn"},
    "AWS::SNS::Topic": {"ArchivePolicy"},
}
# Stacks in stacks have tests of their own; a global table is a table here, in one Region.
OTHER_TYPES = {"AWS::CloudFormation::Stack", "AWS::DynamoDB::GlobalTable"}


def types() -> list[str]:
    ours = resource_handlers(**dict.fromkeys(("sqs", "sns", "lambda_", "logs", "pause")))  # type: ignore[arg-type]
    schemas = json.loads(SCHEMAS.read_text())
    return sorted(((OF_THE_EMULATOR | ours.keys()) & schemas.keys()) - OTHER_TYPES)


def changeable(resource_type: str) -> set[str]:
    schema = json.loads(SCHEMAS.read_text())[resource_type]
    fixed = {name for name, how in schema["recreation"].items() if how == "Always"}
    return set(schema.get("properties", {})) - set(schema["read_only"]) - fixed


def shown(resource_type: str) -> set[str]:
    """What a scenario gives and takes."""
    found: set[str] = set()
    for kind in (kind for kind in KINDS.values() if kind.type == resource_type):
        both: dict[str, Any] = kind.everything | kind.minimum
        found |= {n for n in both if kind.everything.get(n) != kind.minimum.get(n)}
    return found


@pytest.mark.parametrize("resource_type", types())
def test_every_property_is_shown_or_named(resource_type: str) -> None:
    tables = (REFUSED, NEVER_ABSENT, NOT_FOLLOWED, ELSEWHERE)
    named = set().union(*(table.get(resource_type, set()) for table in tables))
    assert changeable(resource_type) - shown(resource_type) == named
