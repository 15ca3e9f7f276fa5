"""How CloudFormation makes the resources of our services: by their own API calls, as on AWS."""

from collections.abc import Awaitable

from localaws.cloudformation.function_parts import (
    Alias,
    EventInvokeConfig,
    EventSourceMapping,
    LayerVersion,
    Permission,
    Version,
)
from localaws.cloudformation.functions import Function
from localaws.cloudformation.logs import LogFilter, LogGroup, LogStream
from localaws.cloudformation.messaging import AttributePolicy, Queue, Subscription, Topic
from localaws.cloudformation.resources import Api, Pause, ResourceHandler

__all__ = ["Api", "Pause", "ResourceHandler", "resource_handlers"]


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
        "AWS::SQS::Queue": Queue(sqs),
        "AWS::SQS::QueuePolicy": AttributePolicy(put_queue_policy, "Queues"),
        "AWS::SNS::Topic": Topic(sns),
        "AWS::SNS::TopicPolicy": AttributePolicy(put_topic_policy, "Topics"),
        "AWS::SNS::Subscription": Subscription(sns),
        "AWS::Lambda::Function": Function(lambda_, pause),
        "AWS::Lambda::Version": Version(lambda_),
        "AWS::Lambda::Alias": Alias(lambda_),
        "AWS::Lambda::EventSourceMapping": EventSourceMapping(lambda_, pause),
        "AWS::Lambda::EventInvokeConfig": EventInvokeConfig(lambda_),
        "AWS::Lambda::Permission": Permission(lambda_),
        "AWS::Lambda::LayerVersion": LayerVersion(lambda_),
        "AWS::Logs::LogGroup": LogGroup(logs),
        "AWS::Logs::LogStream": LogStream(logs),
        "AWS::Logs::MetricFilter": LogFilter(logs, "MetricFilter"),
        "AWS::Logs::SubscriptionFilter": LogFilter(logs, "SubscriptionFilter"),
    }
