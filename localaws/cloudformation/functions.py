"""Lambda functions and what belongs to them as CloudFormation resources."""

import io
import uuid
import zipfile
from collections.abc import Awaitable, Callable
from typing import Any

from .resources import Api, Made, Properties, physical_name, tags_of, unless_gone

# Waits for this many virtual seconds.
Pause = Callable[[float], Awaitable[None]]

_POLL_S = 0.1

# What UpdateFunctionConfiguration takes, with the value that a property has when the template
# does not name it: a property that is removed goes back to it.
_CONFIGURATION_DEFAULTS: dict[str, Any] = {
    "Role": None,
    "Handler": None,
    "Description": "",
    "Timeout": 3,
    "MemorySize": 128,
    "VpcConfig": None,
    "Environment": {"Variables": {}},
    "Runtime": None,
    "DeadLetterConfig": {"TargetArn": ""},
    "KMSKeyArn": None,
    "TracingConfig": {"Mode": "PassThrough"},
    "Layers": [],
    "FileSystemConfigs": None,
    "ImageConfig": None,
    "EphemeralStorage": {"Size": 512},
    "SnapStart": None,
    "LoggingConfig": None,
}


class Function:
    """AWS::Lambda::Function."""

    def __init__(self, lambda_: Api, pause: Pause) -> None:
        self._lambda = lambda_
        self._pause = pause

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        name: str = properties.get("FunctionName") or physical_name(stack, logical_id, 64)
        parameters = {
            key: properties.get(_property_of(key))
            for key in (*_CONFIGURATION_DEFAULTS, "PackageType", "Architectures")
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
        if _code(old) != _code(new):
            await self._lambda("UpdateFunctionCode", FunctionName=physical_id, **_code(new))
            await self._settle(physical_id)
        parameters = {
            key: new.get(_property_of(key), default)
            for key, default in _CONFIGURATION_DEFAULTS.items()
        }
        made = await self._lambda(
            "UpdateFunctionConfiguration", FunctionName=physical_id, **parameters
        )
        await self._settle(physical_id)
        await self._apply_settings(physical_id, old, new)
        arn = made["FunctionArn"]
        gone = [key for key in tags_of(old) if key not in tags_of(new)]
        if gone:
            await self._lambda("UntagResource", Resource=arn, TagKeys=gone)
        if tags_of(new):
            await self._lambda("TagResource", Resource=arn, Tags=tags_of(new))
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
        if "RecursiveLoop" in new:
            await self._lambda(
                "PutFunctionRecursionConfig",
                FunctionName=name,
                RecursiveLoop=new["RecursiveLoop"],
            )

    async def _settle(self, name: str) -> None:
        """CloudFormation goes on once the function can be invoked with what was sent."""
        while True:
            now = await self._lambda("GetFunctionConfiguration", FunctionName=name)
            if now["State"] != "Pending" and now["LastUpdateStatus"] != "InProgress":
                return
            await self._pause(_POLL_S)


def _property_of(parameter: str) -> str:
    return "KmsKeyArn" if parameter == "KMSKeyArn" else parameter


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


class Version:
    """AWS::Lambda::Version."""

    def __init__(self, lambda_: Api) -> None:
        self._lambda = lambda_

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        made = await self._lambda(
            "PublishVersion",
            FunctionName=properties["FunctionName"],
            Description=properties.get("Description"),
            CodeSha256=properties.get("CodeSha256"),
        )
        arn = made["FunctionArn"]
        return arn, {"Version": made["Version"], "FunctionArn": arn}

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        return await self.create(logical_id, new, stack)

    async def delete(self, physical_id: str, properties: Properties) -> None:
        function, _, version = physical_id.rpartition(":")
        await unless_gone(self._lambda("DeleteFunction", FunctionName=function, Qualifier=version))


class Alias:
    """AWS::Lambda::Alias."""

    def __init__(self, lambda_: Api) -> None:
        self._lambda = lambda_

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        return self._made(await self._lambda("CreateAlias", **self._parameters(properties)))

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        if (old["FunctionName"], old["Name"]) != (new["FunctionName"], new["Name"]):
            return await self.create(logical_id, new, stack)
        return self._made(await self._lambda("UpdateAlias", **self._parameters(new)))

    async def delete(self, physical_id: str, properties: Properties) -> None:
        function, _, name = physical_id.rpartition(":")
        await unless_gone(self._lambda("DeleteAlias", FunctionName=function, Name=name))

    def _parameters(self, properties: Properties) -> dict[str, Any]:
        names = ("FunctionName", "Name", "FunctionVersion", "Description")
        parameters = {name: properties[name] for name in names if name in properties}
        weights = properties.get("RoutingConfig", {}).get("AdditionalVersionWeights", [])
        parameters["RoutingConfig"] = {
            "AdditionalVersionWeights": {
                weight["FunctionVersion"]: float(weight["FunctionWeight"]) for weight in weights
            }
        }
        return parameters

    def _made(self, answer: dict[str, Any]) -> Made:
        return answer["AliasArn"], {"AliasArn": answer["AliasArn"]}


class EventSourceMapping:
    """AWS::Lambda::EventSourceMapping."""

    _IDENTITY = ("EventSourceArn",)

    def __init__(self, lambda_: Api, pause: Pause) -> None:
        self._lambda = lambda_
        self._pause = pause

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        made = await self._lambda("CreateEventSourceMapping", **self._parameters(properties))
        await self._settle(made["UUID"])
        return self._made(made)

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        if any(old.get(name) != new.get(name) for name in self._IDENTITY):
            return await self.create(logical_id, new, stack)
        parameters = self._parameters(new)
        for name in self._IDENTITY:
            parameters.pop(name, None)
        made = await self._lambda("UpdateEventSourceMapping", UUID=physical_id, **parameters)
        await self._settle(physical_id)
        return self._made(made)

    async def delete(self, physical_id: str, properties: Properties) -> None:
        await unless_gone(self._lambda("DeleteEventSourceMapping", UUID=physical_id))

    async def _settle(self, mapping_id: str) -> None:
        while True:
            now = await self._lambda("GetEventSourceMapping", UUID=mapping_id)
            if now["State"] in ("Enabled", "Disabled"):
                return
            await self._pause(_POLL_S)

    def _parameters(self, properties: Properties) -> dict[str, Any]:
        return {name: value for name, value in properties.items() if name != "Tags"}

    def _made(self, answer: dict[str, Any]) -> Made:
        mapping_id = answer["UUID"]
        return mapping_id, {
            "Id": mapping_id,
            "EventSourceMappingArn": answer["EventSourceMappingArn"],
        }


class EventInvokeConfig:
    """AWS::Lambda::EventInvokeConfig."""

    _IDENTITY = ("FunctionName", "Qualifier")

    def __init__(self, lambda_: Api) -> None:
        self._lambda = lambda_

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        await self._lambda("PutFunctionEventInvokeConfig", **properties)
        return f"{properties['FunctionName']}|{properties['Qualifier']}", {}

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        return await self.create(logical_id, new, stack)

    async def delete(self, physical_id: str, properties: Properties) -> None:
        identity = {name: properties[name] for name in self._IDENTITY}
        await unless_gone(self._lambda("DeleteFunctionEventInvokeConfig", **identity))


class Permission:
    """AWS::Lambda::Permission."""

    def __init__(self, lambda_: Api) -> None:
        self._lambda = lambda_

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        statement_id = f"{stack}-{logical_id}-{uuid.uuid4().hex[:12]}"
        await self._lambda("AddPermission", StatementId=statement_id, **properties)
        return statement_id, {"Id": statement_id}

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        return await self.create(logical_id, new, stack)

    async def delete(self, physical_id: str, properties: Properties) -> None:
        await unless_gone(
            self._lambda(
                "RemovePermission",
                FunctionName=properties["FunctionName"],
                StatementId=physical_id,
            )
        )


class LayerVersion:
    """AWS::Lambda::LayerVersion."""

    def __init__(self, lambda_: Api) -> None:
        self._lambda = lambda_

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        name = properties.get("LayerName") or physical_name(stack, logical_id, 64)
        made = await self._lambda("PublishLayerVersion", **(properties | {"LayerName": name}))
        return made["LayerVersionArn"], {"LayerVersionArn": made["LayerVersionArn"]}

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        return await self.create(logical_id, new, stack)

    async def delete(self, physical_id: str, properties: Properties) -> None:
        layer, _, version = physical_id.rpartition(":")
        await unless_gone(
            self._lambda("DeleteLayerVersion", LayerName=layer, VersionNumber=int(version))
        )
