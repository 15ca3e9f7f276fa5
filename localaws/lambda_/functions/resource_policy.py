"""A resource-based policy: who may use a function or layer version, statement by statement."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from localaws.lambda_.errors import (
    InvalidParameterValueException,
    PolicyLengthExceededException,
    ResourceConflictException,
    ResourceNotFoundException,
)
from localaws.lambda_.limits import MAX_POLICY_BYTES
from localaws.words.policies import compact

# Where each condition of a request goes: member -> (operator, key).
_CONDITIONS = {
    "SourceAccount": ("StringEquals", "AWS:SourceAccount"),
    "EventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
    "FunctionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "PrincipalOrgID": ("StringEquals", "aws:PrincipalOrgID"),
    "OrganizationId": ("StringEquals", "aws:PrincipalOrgID"),
    "SourceArn": ("ArnLike", "AWS:SourceArn"),
    "InvokedViaFunctionUrl": ("Bool", "lambda:InvokedViaFunctionUrl"),
}

_NAME_OF_PRINCIPAL = r"[\w+=,.@-]*"

_INVOKE_URL = "lambda:InvokeFunctionUrl"


@dataclass
class ResourcePolicy:
    """Statements by their Sid."""

    statements: dict[str, dict[str, Any]] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The policy as IAM reads it."""
        statements = list(self.statements.values())
        return {"Version": "2012-10-17", "Id": "default", "Statement": statements}

    def text(self) -> str:
        """The policy as the API shows it."""
        return compact(self.document())

    def add(self, params: Mapping[str, Any], resource_arn: str) -> str:
        """Add the statement that an Add*Permission request describes; returns its JSON text."""
        statement = _statement(params, resource_arn)
        sid = statement["Sid"]
        if sid in self.statements:
            raise ResourceConflictException(
                f"The statement id ({sid}) provided already exists. Please provide a new statement "
                "id, or remove the existing statement."
            )
        self._check_length(statement)
        self.statements[sid] = statement
        return compact(statement)

    def remove(self, params: Mapping[str, Any]) -> None:
        """Remove the statement that a Remove*Permission request names."""
        sid = params["StatementId"]
        if sid not in self.statements:
            raise ResourceNotFoundException(f"Statement {sid} is not found in resource policy.")
        del self.statements[sid]

    def _check_length(self, statement: dict[str, Any]) -> None:
        document = self.document()
        document["Statement"].append(statement)
        size = len(compact(document))
        if size > MAX_POLICY_BYTES:
            raise PolicyLengthExceededException(
                f"The final policy size ({size}) is bigger than the limit ({MAX_POLICY_BYTES})."
            )


def invalid_principal() -> InvalidParameterValueException:
    """What Lambda says of a principal that does not exist."""
    return InvalidParameterValueException(
        "The provided principal was invalid. Please check the principal and try again."
    )


def no_policy() -> ResourceNotFoundException:
    """What Lambda says when a permission is to be removed where there is none."""
    return ResourceNotFoundException("No policy is associated with the given resource.")


def _statement(params: Mapping[str, Any], resource_arn: str) -> dict[str, Any]:
    if "FunctionUrlAuthType" in params and params["Action"] != _INVOKE_URL:
        # As in https://github.com/RJPearson94/terraform-aws-open-next/issues/73.
        raise InvalidParameterValueException(
            f"FunctionUrlAuthType is only supported for {_INVOKE_URL} action"
        )
    if "OrganizationId" in params and params["Principal"] != "*":
        # pf-lambda-layerperm-organization-id-needs-wildcard-principal of
        # https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda
        raise InvalidParameterValueException(
            "If organization id is specified then principal should be *"
        )
    statement = {
        "Sid": params["StatementId"],
        "Effect": "Allow",
        "Principal": _principal(params["Principal"]),
        "Action": params["Action"],
        "Resource": resource_arn,
    }
    conditions: dict[str, dict[str, str]] = {}
    for member, (operator, key) in _CONDITIONS.items():
        if member in params:
            value = params[member]
            text = str(value).lower() if isinstance(value, bool) else value
            conditions.setdefault(operator, {})[key] = text
    return {**statement, "Condition": conditions} if conditions else statement


def _principal(principal: str) -> Any:
    if principal == "*":
        return "*"
    if re.fullmatch(r"\d{12}", principal):
        return {"AWS": f"arn:aws:iam::{principal}:root"}
    if re.match(r"arn:[^:]+:(iam|sts)::", principal):
        return {"AWS": principal}
    if re.fullmatch(r"[a-z0-9.-]+\.(amazonaws|amazon)\.com(\.cn)?", principal):
        return {"Service": principal}
    if not re.fullmatch(_NAME_OF_PRINCIPAL, principal):
        # As in https://github.com/aws/aws-sdk/issues/388, without spaces there, too.
        raise InvalidParameterValueException(
            f"The provided input'{principal}'was invalid. Member must satisfy expression: "
            f"{_NAME_OF_PRINCIPAL} Please check your input and try again."
        )
    raise invalid_principal()
