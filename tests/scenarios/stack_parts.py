"""What tables of resource types are made of: see `stack_resources`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.scenarios.account import Account

Properties = dict[str, Any]
# From an account and what Ref gives of the resource, and of the base, to what AWS shows of it.
Look = Callable[[Account, str, dict[str, str]], Any]


def arn(logical_id: str) -> Properties:
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def ref(logical_id: str) -> Properties:
    return {"Ref": logical_id}


def allows(action: str, resource: Properties) -> Properties:
    service = {"Service": "sns.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": service, "Action": action, "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


TAGS = [{"Key": "kept", "Value": "1"}, {"Key": "gone", "Value": "2"}]


@dataclass(frozen=True)
class Kind:
    """One resource type: `everything` and `minimum` are properties, `look` shows what is there."""

    type: str
    everything: Properties
    minimum: Properties
    look: Look


def tags_of(tags: dict[str, str]) -> dict[str, str]:
    """Without CloudFormation's own, and the scenarios'."""
    return {name: value for name, value in tags.items() if name in ("kept", "gone")}
