"""Every limit of a service's model holds for templates as for requests.

Generated: for each property whose parameter botocore's models limit (range, length, enum, pattern),
at any depth, a value that is just too much.
"""

import asyncio
import functools
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from localaws.cloudformation import Api, resource_handlers
from localaws.cloudformation.templates.properties import problems
from localaws.emulator.seams import SERVICES
from localaws.emulator.stacks.mistakes import Mistakes
from localaws.emulator.unserved import unserved
from localaws.wire.models import Shape
from localaws.wire.skin import ServiceSkin
from localaws.words.errors import AwsError
from localaws.words.http import Caller

ARN = "arn:aws:lambda:us-east-1:123456789012:function:it"
QUEUE_ARN = "arn:aws:sqs:us-east-1:123456789012:orders"
FUNCTION = {"FunctionName": "it"}
LAYER = "arn:aws:lambda:us-east-1:123456789012:layer:it:1"
# A type -> its service, its operation, and properties that are as they should be.
TYPES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "AWS::Lambda::Function": (
        "lambda",
        "CreateFunction",
        {"Code": {"ZipFile": "x"}, "Role": "arn:aws:iam::123456789012:role/r"},
    ),
    "AWS::Lambda::Version": ("lambda", "PublishVersion", FUNCTION),
    "AWS::Lambda::Alias": (
        "lambda",
        "CreateAlias",
        {**FUNCTION, "Name": "live", "FunctionVersion": "1"},
    ),
    "AWS::Lambda::EventSourceMapping": (
        "lambda",
        "CreateEventSourceMapping",
        {**FUNCTION, "EventSourceArn": QUEUE_ARN},
    ),
    "AWS::Lambda::EventInvokeConfig": (
        "lambda",
        "PutFunctionEventInvokeConfig",
        {**FUNCTION, "Qualifier": "$LATEST"},
    ),
    "AWS::Lambda::Permission": (
        "lambda",
        "AddPermission",
        {**FUNCTION, "Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com"},
    ),
    "AWS::Lambda::LayerVersion": (
        "lambda",
        "PublishLayerVersion",
        {"Content": {"S3Bucket": "bucket", "S3Key": "key"}},
    ),
    "AWS::Lambda::LayerVersionPermission": (
        "lambda",
        "AddLayerVersionPermission",
        {"LayerVersionArn": LAYER, "Action": "lambda:GetLayerVersion", "Principal": "*"},
    ),
    "AWS::Lambda::Url": (
        "lambda",
        "CreateFunctionUrlConfig",
        {"TargetFunctionArn": ARN, "AuthType": "NONE"},
    ),
    "AWS::Logs::LogGroup": ("logs", "CreateLogGroup", {"LogGroupName": "it"}),
    "AWS::Logs::MetricFilter": (
        "logs",
        "PutMetricFilter",
        {
            "LogGroupName": "group",
            "FilterName": "it",
            "FilterPattern": "",
            "MetricTransformations": [
                {"MetricName": "m", "MetricNamespace": "n", "MetricValue": "1"}
            ],
        },
    ),
    "AWS::Logs::SubscriptionFilter": (
        "logs",
        "PutSubscriptionFilter",
        {
            "LogGroupName": "group",
            "FilterName": "it",
            "FilterPattern": "",
            "DestinationArn": ARN,
        },
    ),
    "AWS::Logs::ResourcePolicy": (
        "logs",
        "PutResourcePolicy",
        {"PolicyName": "it", "PolicyDocument": "{}"},
    ),
    "AWS::CloudWatch::Alarm": (
        "monitoring",
        "PutMetricAlarm",
        {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1},
    ),
    "AWS::DynamoDB::Table": (
        "dynamodb",
        "CreateTable",
        {
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        },
    ),
    "AWS::ECR::Repository": ("ecr", "CreateRepository", {"RepositoryName": "it"}),
    "AWS::Events::EventBus": ("events", "CreateEventBus", {"Name": "it"}),
    "AWS::Events::Rule": ("events", "PutRule", {"EventPattern": {"source": ["shop"]}}),
    "AWS::Events::Rule's targets": (
        "events",
        "PutTargets",
        {"EventPattern": {"source": ["shop"]}, "Targets": [{"Id": "1", "Arn": QUEUE_ARN}]},
    ),
    "AWS::IAM::Role": ("iam", "CreateRole", {"AssumeRolePolicyDocument": {"Statement": []}}),
    "AWS::KMS::Alias": ("kms", "CreateAlias", {"AliasName": "alias/it", "TargetKeyId": "k"}),
    "AWS::KMS::Key": ("kms", "CreateKey", {}),
    "AWS::SSM::Parameter": ("ssm", "PutParameter", {"Type": "String", "Value": "1"}),
}
# Parameters that a property is not called after.
PROPERTIES = {
    "AddLayerVersionPermission": {"LayerName": None, "VersionNumber": None},
    "CreateFunctionUrlConfig": {"FunctionName": "TargetFunctionArn"},
    # Inline source becomes a package, whose size its operation looks at.
    "CreateFunction": {"Code": None, "KMSKeyArn": "KmsKeyArn"},
    "CreateEventSourceMapping": {"KMSKeyArn": "KmsKeyArn"},
    "PublishLayerVersion": {"Content": None},
}
Path = tuple[Any, ...]


@functools.cache
def skin(service: str) -> ServiceSkin:
    return ServiceSkin(SERVICES.get(service) or service, {})


def too_much(shape: Shape) -> Any:
    """A value of a scalar or of a list of them that breaks one of its limits; None without any."""
    limits = shape.traits
    if "enum" in limits:
        return "NoneOfThem"
    if shape.type in ("integer", "long", "float", "double"):
        return (
            limits["max"] + 1 if "max" in limits else limits["min"] - 1 if "min" in limits else None
        )
    if shape.type == "string":
        if 0 < limits.get("max", 0) < 10_000:
            return "x" * (limits["max"] + 1)
        return "\N{SNOWMAN} \n" if "pattern" in limits else None
    if shape.type == "list" and shape.element and "member" not in shape.element.shape.members:
        inner = too_much(shape.element.shape)
        if inner is None and shape.element.shape.type == "string" and "max" in limits:
            return [f"x{number}" for number in range(limits["max"] + 1)]
        return None if inner is None else [inner]
    return None


def limited(shape: Shape, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Where a structure has limits, and what is too much there."""
    for name, member in shape.members.items():
        inner = member.shape
        if inner.type == "structure" and len(path) < 3:
            yield from limited(inner, (*path, name))
        elif inner.type == "list" and inner.element and inner.element.shape.members:
            if len(path) < 3:
                yield from limited(inner.element.shape, (*path, name, 0))
        elif (value := too_much(inner)) is not None:
            yield (*path, name), value


def placed(given: Any, path: Path, value: Any) -> Any:
    """A copy of what is given with a value put somewhere."""
    if not path:
        return value
    first, *rest = path
    if first == 0:
        return [placed(given[0] if given else {}, tuple(rest), value)]
    given = given or {}
    return {**given, first: placed(given.get(first), tuple(rest), value)}


def in_properties(operation: str, path: Path) -> Path | None:
    """Where a template has what an operation's parameter has; None where it has it otherwise."""
    first, *rest = path
    first = PROPERTIES.get(operation, {}).get(first, first)
    if first is None:
        return None
    whole: list[Any] = [first, *rest]
    return tuple(one[:1].upper() + one[1:] if isinstance(one, str) else one for one in whole)


def cases() -> Iterator[Any]:
    for kind, (service, operation, given) in TYPES.items():
        resource_type = kind.partition("'")[0]
        shape = skin(service).model.operations[operation].input
        assert shape is not None
        for path, value in limited(shape):
            place = in_properties(operation, path)
            if place is None:
                continue
            properties = placed(given, place, value)
            if problems(resource_type, properties) or unserved(resource_type, properties):
                continue  # no such property, it is a document there, or refused anyway
            if f"at '{spelled(path)}'" not in by_the_api(service, operation, path, value):
                continue  # its operation refuses it, in words of its own
            name = f"{resource_type} {'.'.join(map(str, place))}"
            told = spelled(path)
            if path == ("filterName",):
                told = "filterNamePrefix"  # whether it is there is asked first
            yield pytest.param(resource_type, properties, told, id=name)


def spelled(path: Path) -> str:
    return ".".join(
        one[:1].lower() + one[1:] if isinstance(one, str) else f"{one + 1}.member" for one in path
    )


def by_the_api(service: str, operation: str, path: Path, value: Any) -> str:
    """What a request is told that has the value."""
    try:
        skin(service).check(operation, placed({}, path, value))
    except AwsError as error:
        return error.message
    return ""


async def no_pause(seconds: float) -> None:
    raise AssertionError("nothing is waited for")


def refusal(kind: str, properties: dict[str, Any]) -> str:
    """What a stack is told of a resource; "" where nothing is refused by a model."""
    iam: Any = SimpleNamespace(of_template=lambda *_: None)
    mistakes = Mistakes(
        lambda _: None, lambda name, *asked: skin(name).check(*asked), bool, iam, "123456789012"
    )
    if mistake := mistakes(kind, properties):
        return mistake[1]
    apis = {
        name: Api(_Reached(), ARN, skin(name).check) for name in ("sqs", "sns", "lambda", "logs")
    }
    handlers = resource_handlers(
        sqs=apis["sqs"],
        sns=apis["sns"],
        lambda_=apis["lambda"],
        logs=apis["logs"],
        pause=no_pause,
    )
    try:
        asyncio.run(handlers[kind].create("It", properties, "stack"))
    except AwsError as error:
        return error.message
    except KeyError:  # the answer that a handler reads is not there
        pass
    return ""


class _Reached(dict[str, Any]):
    """Operations that find nothing, and have nothing to say."""

    def __missing__(self, name: str) -> Any:
        def operation(params: dict[str, Any], caller: Caller) -> dict[str, Any]:
            if name.startswith("Get"):
                raise AwsError("it is not there", code="NotFound")
            return {"Versions": [], "metricFilters": [], "subscriptionFilters": []}

        return operation


@pytest.mark.parametrize(("kind", "properties", "place"), list(cases()))
def test_a_limit_is_told_as_the_service_tells_it(kind: str, properties: Any, place: str) -> None:
    assert f"at '{place}' failed to satisfy constraint" in refusal(kind, properties)
