"""What belongs to a Lambda function, as CloudFormation resources: versions, aliases, triggers."""

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

_POLL_S = 0.1
# What RemovePermission takes; AddPermission would take more.
_LONGEST_STATEMENT_ID = 100


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
        parameters = self._parameters(properties) | {"Tags": tags_of(properties)}
        made = await self._lambda("CreateEventSourceMapping", **parameters)
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
        await retag(self._lambda, made["EventSourceMappingArn"], old, new)
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
        statement_id = physical_name(stack, logical_id, _LONGEST_STATEMENT_ID)
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
