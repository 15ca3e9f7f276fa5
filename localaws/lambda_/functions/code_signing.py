"""Code signing configurations: whose signatures a function's code must carry.

No signature is ever verified here, because nobody signs for the embedded AWS: what is uploaded is
unsigned, and a configuration that enforces signatures refuses it as AWS does.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localaws.lambda_.errors import (
    InvalidParameterValueException,
    LambdaError,
    ResourceConflictException,
    ResourceNotFoundException,
)
from localaws.lambda_.functions.function import Function, FunctionRegistry
from localaws.lambda_.functions.ids import random_id
from localaws.lambda_.functions.tags import Tags
from localaws.lambda_.functions.views import timestamp
from localaws.lambda_.operation import LambdaOperation
from localaws.lambda_.paging import page
from localaws.time.clock import Clock
from localaws.words.arns import account_of
from localaws.words.http import Caller
from localaws.words.identity import Identity


class CodeSigningConfigNotFoundException(LambdaError):
    """A function is to have a configuration that does not exist."""

    status = 404

    def __init__(self, arn: str) -> None:
        super().__init__(
            "The code signing configuration cannot be found. Check that the provided "
            f"configuration is not deleted: {arn}."
        )


class CodeVerificationFailedException(LambdaError):
    """The code is not signed by anybody whom the configuration allows."""

    def __init__(self, function_name: str) -> None:
        super().__init__(
            "Lambda cannot deploy the function. The function or layer might be signed using a "
            "signature that the client is not configured to accept. Check the provided signature "
            f"for {function_name}."
        )


@dataclass
class _CodeSigningConfig:
    config_id: str
    arn: str
    allowed_publishers: dict[str, Any]
    last_modified_s: float
    description: str = ""
    untrusted_artifact_on_deployment: str = "Warn"

    def update(self, params: Mapping[str, Any], now_s: float) -> None:
        """Take over what a request names."""
        self.allowed_publishers = params.get("AllowedPublishers", self.allowed_publishers)
        self.description = params.get("Description", self.description)
        policies = params.get("CodeSigningPolicies", {})
        self.untrusted_artifact_on_deployment = policies.get(
            "UntrustedArtifactOnDeployment", self.untrusted_artifact_on_deployment
        )
        self.last_modified_s = now_s

    def view(self) -> dict[str, Any]:
        return {
            "CodeSigningConfigId": self.config_id,
            "CodeSigningConfigArn": self.arn,
            "Description": self.description,
            "AllowedPublishers": self.allowed_publishers,
            "CodeSigningPolicies": {
                "UntrustedArtifactOnDeployment": self.untrusted_artifact_on_deployment
            },
            "LastModified": timestamp(self.last_modified_s),
        }


class CodeSigningConfigs:
    """The account's code signing configurations and their API."""

    def __init__(
        self, clock: Clock, identity: Identity, registry: FunctionRegistry, tags: Tags
    ) -> None:
        self._clock = clock
        self._identity = identity
        self._registry = registry
        self._tags = tags
        self._configs: dict[str, _CodeSigningConfig] = {}
        tags.register("code-signing-config", self._existing)

    def operations(self) -> Mapping[str, LambdaOperation]:
        return {
            "CreateCodeSigningConfig": self._create,
            "GetCodeSigningConfig": self._get,
            "UpdateCodeSigningConfig": self._update,
            "DeleteCodeSigningConfig": self._delete,
            "ListCodeSigningConfigs": self._list,
            "ListFunctionsByCodeSigningConfig": self._list_functions,
            "PutFunctionCodeSigningConfig": self._put_of_function,
            "GetFunctionCodeSigningConfig": self._get_of_function,
            "DeleteFunctionCodeSigningConfig": self._delete_of_function,
        }

    def check(self, function_name: str, arn: str | None) -> None:
        """Refuse unsigned code where the configuration at `arn`, if any, enforces signatures."""
        if arn and self._usable(arn).untrusted_artifact_on_deployment == "Enforce":
            raise CodeVerificationFailedException(function_name)

    def _create(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        config_id = f"csc-{random_id(17)}"
        arn = self._identity.arn("lambda", f"code-signing-config:{config_id}")
        now_s = self._clock.now_s()
        config = _CodeSigningConfig(config_id, arn, params["AllowedPublishers"], now_s)
        config.update(params, now_s)
        if params.get("Tags"):
            self._tags.add(arn, params["Tags"], caller)
        self._configs[arn] = config
        return {"CodeSigningConfig": config.view()}

    def _get(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        return {"CodeSigningConfig": self._existing(params["CodeSigningConfigArn"]).view()}

    def _update(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        config = self._existing(params["CodeSigningConfigArn"])
        config.update(params, self._clock.now_s())
        return {"CodeSigningConfig": config.view()}

    def _delete(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        config = self._existing(params["CodeSigningConfigArn"])
        if any(self._functions_with(config.arn)):
            raise ResourceConflictException(
                f"The code signing configuration {config.arn} is used by functions. Remove it from "
                "them first."
            )
        del self._configs[config.arn]
        self._tags.forget(config.arn)
        return {}

    def _list(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        configs = [config.view() for config in self._configs.values()]
        return page("CodeSigningConfigs", configs, params)

    def _list_functions(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        config = self._existing(params["CodeSigningConfigArn"])
        return page("FunctionArns", [f.arn for f in self._functions_with(config.arn)], params)

    def _put_of_function(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        config = self._usable(params["CodeSigningConfigArn"])
        function = self._function(params)
        function.code_signing_config_arn = config.arn
        return _of_function(function)

    def _get_of_function(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        return _of_function(self._function(params))

    def _delete_of_function(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        self._function(params).code_signing_config_arn = None
        return {}

    def _function(self, params: Mapping[str, Any]) -> Function:
        return self._registry.get(self._registry.names.read(params["FunctionName"]))

    def _functions_with(self, arn: str) -> list[Function]:
        return [f for f in self._registry if f.code_signing_config_arn == arn]

    def _existing(self, arn: str) -> _CodeSigningConfig:
        if arn not in self._configs:
            raise ResourceNotFoundException(
                f"The Lambda code signing configuration {arn} can not be found.",
                Type=None,  # recorded without
            )
        return self._configs[arn]

    def _usable(self, arn: str) -> _CodeSigningConfig:
        """The configuration that a function is to have, or has.

        pf-lambda-code-signing-arn-region of
        https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda has what AWS says of
        another account's.
        """
        if account_of(arn) != self._identity.account_id:
            raise InvalidParameterValueException(
                "The code signing configuration must be in the same account as the Lambda "
                f"function. Check the provided ARN: {arn}."
            )
        if arn not in self._configs:
            raise CodeSigningConfigNotFoundException(arn)
        return self._configs[arn]


def _of_function(function: Function) -> dict[str, Any]:
    arn = function.code_signing_config_arn
    return {"CodeSigningConfigArn": arn, "FunctionName": function.name} if arn else {}
