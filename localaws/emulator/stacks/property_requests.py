"""The requests to its service that a resource's properties come to, to hold them against its model.

ministack makes these types past the doors of its own services. Pure.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class _Operation:
    """One operation, whose parameters have the names of properties.

    Attributes:
        service: as signatures name it.
        filled: what CloudFormation sends where a template has nothing.
        otherwise: properties that the operation has in another shape, or not at all.
        texts: properties that may be documents, and that the operation takes as JSON.
        in_camel_case: its parameters begin in lower case.
    """

    service: str
    name: str
    filled: Mapping[str, Any] = field(default_factory=dict)
    otherwise: tuple[str, ...] = ("Tags",)
    texts: tuple[str, ...] = ()
    in_camel_case: bool = False


# A name that every service would take, for those that CloudFormation makes up.
_NAME = "name"
_REQUESTS: dict[str, tuple[_Operation, ...]] = {
    "AWS::CloudWatch::Alarm": (
        _Operation("monitoring", "PutMetricAlarm", {"AlarmName": _NAME}, otherwise=()),
    ),
    "AWS::CloudWatch::Dashboard": (
        _Operation(
            "monitoring", "PutDashboard", {"DashboardName": _NAME}, texts=("DashboardBody",)
        ),
    ),
    "AWS::DynamoDB::Table": (
        _Operation(
            "dynamodb",
            "CreateTable",
            {"TableName": _NAME},
            otherwise=("ResourcePolicy", "SSESpecification", "StreamSpecification"),
        ),
    ),
    "AWS::ECR::Repository": (
        _Operation("ecr", "CreateRepository", {"RepositoryName": _NAME}, in_camel_case=True),
    ),
    "AWS::Events::EventBus": (_Operation("events", "CreateEventBus", otherwise=()),),
    "AWS::Events::Rule": (
        _Operation("events", "PutRule", {"Name": _NAME}, otherwise=(), texts=("EventPattern",)),
        _Operation("events", "PutTargets", {"Rule": _NAME}),
    ),
    "AWS::IAM::Role": (
        _Operation("iam", "CreateRole", {"RoleName": _NAME}, texts=("AssumeRolePolicyDocument",)),
    ),
    "AWS::KMS::Alias": (_Operation("kms", "CreateAlias"),),
    "AWS::KMS::Key": (_Operation("kms", "CreateKey"),),
    "AWS::SSM::Parameter": (_Operation("ssm", "PutParameter", {"Name": _NAME}),),
}


def requests_of(
    kind: str, properties: Mapping[str, Any]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Service, operation and parameters of each; nothing for a type that is made by requests.

    Args:
        properties: as AWS reads them, without functions.
    """
    for operation in _REQUESTS.get(kind, ()):
        given = {
            name: json.dumps(value) if name in operation.texts and not _is_text(value) else value
            for name, value in properties.items()
            if name not in operation.otherwise
        }
        if operation.name == "PutTargets" and not given.get("Targets"):
            continue
        params = {**operation.filled, **given}
        yield (
            operation.service,
            operation.name,
            _lower(params) if operation.in_camel_case else params,
        )


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _lower(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name[:1].lower() + name[1:]: _lower(inner) for name, inner in value.items()}
    return [_lower(item) for item in value] if isinstance(value, list) else value
