"""What calls of Lambda need.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
"""

from collections.abc import Mapping
from typing import Any

from localaws.authorization.needs import EVERYTHING, Need
from localaws.words.identity import Identity

# No operation of the API: what a signed request to a function URL is.
INVOKE_BY_URL = "InvokeFunctionUrl"

# Operations that IAM knows by another name.
_ACTIONS = {
    "Invoke": "InvokeFunction",
    "InvokeAsync": "InvokeFunction",
    "InvokeWithResponseStream": "InvokeFunction",
    "GetLayerVersionByArn": "GetLayerVersion",
}

# Their FunctionName is a filter or a property, not the resource.
_WITHOUT_FUNCTION = ("CreateEventSourceMapping", "ListEventSourceMappings")


class FunctionNeeds:
    """`needs.NeedsOf` for Lambda."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    def __call__(self, operation: str, params: Mapping[str, Any]) -> list[Need]:
        if operation == INVOKE_BY_URL:
            return self._by_url(params["FunctionName"])
        action = _ACTIONS.get(operation, operation)
        needs = [
            Need(
                f"lambda:{action}",
                self._resource(operation, params),
                self._context(operation, params),
            )
        ]
        if operation in ("CreateFunction", "UpdateFunctionConfiguration") and "Role" in params:
            # Who could give a function any role could do whatever that role may.
            context = {"iam:PassedToService": "lambda.amazonaws.com"}
            needs.append(Need("iam:PassRole", params["Role"], context))
        return needs

    def _by_url(self, function: str) -> list[Need]:
        """https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"""
        arn = self._arn("function", function, None)
        auth_type = {"lambda:FunctionUrlAuthType": "AWS_IAM"}
        return [
            Need("lambda:InvokeFunctionUrl", arn, auth_type),
            Need("lambda:InvokeFunction", arn, {"lambda:InvokedViaFunctionUrl": "true"}),
        ]

    def _context(self, operation: str, params: Mapping[str, Any]) -> dict[str, str]:
        """Whose events a new mapping would bring: it has no name that a policy could ask for."""
        if operation != "CreateEventSourceMapping" or "FunctionName" not in params:
            return {}
        return {"lambda:FunctionArn": self._arn("function", params["FunctionName"], None)}

    def _resource(self, operation: str, params: Mapping[str, Any]) -> str:
        if "UUID" in params:
            return self._identity.arn("lambda", f"event-source-mapping:{params['UUID']}")
        if "LayerName" in params:
            version = params.get("VersionNumber")
            return self._arn("layer", params["LayerName"], version and str(version))
        if "FunctionName" in params and operation not in _WITHOUT_FUNCTION:
            return self._arn("function", params["FunctionName"], params.get("Qualifier"))
        return str(params.get("Resource") or params.get("Arn") or EVERYTHING)

    def _arn(self, kind: str, name_or_arn: str, qualifier: str | None) -> str:
        """The ARN of what a caller named by name, partial ARN or ARN, qualified if it said so."""
        name = name_or_arn.rpartition(f"{kind}:")[2]
        if qualifier and ":" not in name:
            name = f"{name}:{qualifier}"
        return self._identity.arn("lambda", f"{kind}:{name}")
