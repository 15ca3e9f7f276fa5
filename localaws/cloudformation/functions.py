"""Lambda functions as CloudFormation resources."""

import io
import zipfile
from typing import Any

from localaws.cloudformation.resources import (
    Api,
    Made,
    Pause,
    Properties,
    physical_name,
    retag,
    tags_of,
    unless_gone,
)
from localaws.lambda_.model import default_log_group

_POLL_S = 0.1

# What UpdateFunctionConfiguration takes, with the value that a property has when the template
# does not name it: a property that is removed goes back to it. LoggingConfig's depends on the name.
_CONFIGURATION_DEFAULTS: dict[str, Any] = {
    "Role": None,
    "Handler": None,
    "Description": "",
    "Timeout": 3,
    "MemorySize": 128,
    "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []},
    "Environment": {"Variables": {}},
    "Runtime": None,
    "DeadLetterConfig": {"TargetArn": ""},
    "KMSKeyArn": "",
    "TracingConfig": {"Mode": "PassThrough"},
    "Layers": [],
    "FileSystemConfigs": [],
    "ImageConfig": None,
    "EphemeralStorage": {"Size": 512},
    "SnapStart": {"ApplyOn": "None"},
    "LoggingConfig": None,
}


# Lambda says of them what it says to whoever calls it.
_REFUSED = ("CapacityProviderConfig", "DurableConfig", "TenancyConfig")
_SHOWN_ONCE_SET = frozenset({"VpcConfig", "KMSKeyArn", "FileSystemConfigs", "SnapStart"})


class FunctionResource:
    """AWS::Lambda::Function."""

    def __init__(self, lambda_: Api, pause: Pause) -> None:
        self._lambda = lambda_
        self._pause = pause

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        name: str = properties.get("FunctionName") or physical_name(stack, logical_id, 64)
        parameters = {
            key: properties.get(_property_of(key))
            for key in (
                *_CONFIGURATION_DEFAULTS,
                *_REFUSED,
                "Architectures",
                "CodeSigningConfigArn",
                "PackageType",
            )
        }
        made = await self._lambda(
            "CreateFunction",
            FunctionName=name,
            Code=_code(properties),
            Tags=tags_of(properties),
            **parameters,
        )
        await self._settle(name)
        await self._apply_settings(name, {}, properties)
        return name, {"Arn": made["FunctionArn"]}

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        code = _code(new) | {"Architectures": _architectures(new)}
        if code != _code(old) | {"Architectures": _architectures(old)}:
            await self._lambda("UpdateFunctionCode", FunctionName=physical_id, **code)
            await self._settle(physical_id)
        parameters = {
            key: new.get(_property_of(key), default)
            for key, default in _CONFIGURATION_DEFAULTS.items()
            # Once set, these are shown as none; never set, not at all.
            if _property_of(key) in old | new or key not in _SHOWN_ONCE_SET
        }
        parameters |= {key: new.get(key) for key in _REFUSED}
        if parameters["LoggingConfig"] is None:
            group = default_log_group(physical_id)
            parameters["LoggingConfig"] = {"LogFormat": "Text", "LogGroup": group}
        made = await self._lambda(
            "UpdateFunctionConfiguration", FunctionName=physical_id, **parameters
        )
        await self._settle(physical_id)
        await self._apply_settings(physical_id, old, new)
        arn = made["FunctionArn"]
        await retag(self._lambda, arn, old, new)
        return physical_id, {"Arn": arn}

    async def delete(self, physical_id: str, properties: Properties) -> None:
        await unless_gone(self._lambda("DeleteFunction", FunctionName=physical_id))

    async def _apply_settings(self, name: str, old: Properties, new: Properties) -> None:
        """The properties that have API calls of their own."""
        reserved = new.get("ReservedConcurrentExecutions")
        if reserved is not None:
            await self._lambda(
                "PutFunctionConcurrency",
                FunctionName=name,
                ReservedConcurrentExecutions=int(reserved),
            )
        elif "ReservedConcurrentExecutions" in old:
            await self._lambda("DeleteFunctionConcurrency", FunctionName=name)
        if "RecursiveLoop" in old | new:
            await self._lambda(
                "PutFunctionRecursionConfig",
                FunctionName=name,
                RecursiveLoop=new.get("RecursiveLoop", "Terminate"),
            )

        if "RuntimeManagementConfig" in old | new:
            runtime = new.get("RuntimeManagementConfig", {"UpdateRuntimeOn": "Auto"})
            await self._lambda("PutRuntimeManagementConfig", FunctionName=name, **runtime)
        signing = new.get("CodeSigningConfigArn")
        if signing and signing != old.get("CodeSigningConfigArn"):
            await self._lambda(
                "PutFunctionCodeSigningConfig", FunctionName=name, CodeSigningConfigArn=signing
            )
        elif not signing and "CodeSigningConfigArn" in old:
            await self._lambda("DeleteFunctionCodeSigningConfig", FunctionName=name)

    async def _settle(self, name: str) -> None:
        """CloudFormation goes on once the function can be invoked with what was sent."""
        while True:
            now = await self._lambda("GetFunctionConfiguration", FunctionName=name)
            if now["State"] != "Pending" and now["LastUpdateStatus"] != "InProgress":
                return
            await self._pause(_POLL_S)


def _property_of(parameter: str) -> str:
    return "KmsKeyArn" if parameter == "KMSKeyArn" else parameter


def _architectures(properties: Properties) -> list[str]:
    return list(properties.get("Architectures") or ["x86_64"])


def _code(properties: Properties) -> dict[str, Any]:
    """The API's code location; inline source becomes the archive that CloudFormation makes."""
    code: dict[str, Any] = properties.get("Code", {})
    if "ZipFile" not in code:
        return code
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as package:
        # A fixed date: the same source is the same package.
        package.writestr(zipfile.ZipInfo("index.py", (1980, 1, 1, 0, 0, 0)), code["ZipFile"])
    return {"ZipFile": archive.getvalue()}
