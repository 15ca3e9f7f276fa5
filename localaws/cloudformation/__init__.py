"""How CloudFormation makes the resources of our services: by their own API calls, as on AWS."""

from collections.abc import Awaitable

from localaws.cloudformation.function_parts import (
    AliasResource,
    EventInvokeConfigResource,
    LayerVersionPermissionResource,
    LayerVersionResource,
    PermissionResource,
    UrlResource,
    VersionResource,
)
from localaws.cloudformation.functions import FunctionResource
from localaws.cloudformation.imports import Importer, importers
from localaws.cloudformation.logs import (
    LogFilterResource,
    LogGroupResource,
    LogStreamResource,
    ResourcePolicyResource,
)
from localaws.cloudformation.mappings import EventSourceMappingResource
from localaws.cloudformation.messaging import (
    QueueResource,
    SubscriptionResource,
    TopicResource,
)
from localaws.cloudformation.policies import PolicyResource
from localaws.cloudformation.refusals import as_told
from localaws.cloudformation.resources import Api, Pause, ResourceHandler

__all__ = [
    "Api",
    "Importer",
    "Pause",
    "ResourceHandler",
    "as_told",
    "importers",
    "resource_handlers",
]


def resource_handlers(
    *, sqs: Api, sns: Api, lambda_: Api, logs: Api, pause: Pause
) -> dict[str, ResourceHandler]:
    """Every resource type that our services provision."""

    def put_queue_policy(url: str, policy: str) -> Awaitable[object]:
        return sqs("SetQueueAttributes", QueueUrl=url, Attributes={"Policy": policy})

    def put_topic_policy(arn: str, policy: str) -> Awaitable[object]:
        return sns(
            "SetTopicAttributes", TopicArn=arn, AttributeName="Policy", AttributeValue=policy
        )

    return {
        "AWS::SQS::Queue": QueueResource(sqs),
        "AWS::SQS::QueuePolicy": PolicyResource(put_queue_policy, "Queues"),
        "AWS::SNS::Topic": TopicResource(sns),
        "AWS::SNS::TopicPolicy": PolicyResource(put_topic_policy, "Topics"),
        "AWS::SNS::Subscription": SubscriptionResource(sns),
        "AWS::Lambda::Function": FunctionResource(lambda_, pause),
        "AWS::Lambda::Version": VersionResource(lambda_),
        "AWS::Lambda::Alias": AliasResource(lambda_),
        "AWS::Lambda::EventSourceMapping": EventSourceMappingResource(lambda_, pause),
        "AWS::Lambda::EventInvokeConfig": EventInvokeConfigResource(lambda_),
        "AWS::Lambda::Permission": PermissionResource(lambda_),
        "AWS::Lambda::LayerVersion": LayerVersionResource(lambda_),
        "AWS::Lambda::LayerVersionPermission": LayerVersionPermissionResource(lambda_),
        "AWS::Lambda::Url": UrlResource(lambda_),
        "AWS::Logs::LogGroup": LogGroupResource(logs),
        "AWS::Logs::LogStream": LogStreamResource(logs),
        "AWS::Logs::MetricFilter": LogFilterResource(logs, "MetricFilter"),
        "AWS::Logs::ResourcePolicy": ResourcePolicyResource(logs),
        "AWS::Logs::SubscriptionFilter": LogFilterResource(logs, "SubscriptionFilter"),
    }
