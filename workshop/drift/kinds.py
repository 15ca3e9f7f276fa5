"""The types of resources whose settings are compared, in the order in which they are told."""

from workshop.drift.alarms import ALARM
from workshop.drift.comparable import Comparable
from workshop.drift.functions import FUNCTION, INVOKE_CONFIG, MAPPING, PERMISSION
from workshop.drift.messaging import QUEUE, SUBSCRIPTION, TOPIC

KINDS: dict[str, Comparable] = {
    "AWS::SQS::Queue": QUEUE,
    "AWS::Lambda::EventSourceMapping": MAPPING,
    "AWS::Lambda::Function": FUNCTION,
    "AWS::Lambda::EventInvokeConfig": INVOKE_CONFIG,
    "AWS::Lambda::Permission": PERMISSION,
    "AWS::SNS::Topic": TOPIC,
    "AWS::SNS::Subscription": SUBSCRIPTION,
    "AWS::CloudWatch::Alarm": ALARM,
}
