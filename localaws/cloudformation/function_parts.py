"""What belongs to a Lambda function, as CloudFormation resources: from versions to permissions."""

from typing import Any, ClassVar

from localaws.cloudformation.resources import (
    AlreadyExists,
    Api,
    Made,
    Properties,
    physical_name,
    unless_gone,
)
from localaws.words.errors import AwsError

# What RemovePermission takes; AddPermission would take more.
_LONGEST_STATEMENT_ID = 100


class VersionResource:
    """AWS::Lambda::Version.

    PublishVersion answers with the last version when nothing changed since; CloudFormation refuses
    it, as it would be one version with two owners.
    """

    def __init__(self, lambda_: Api) -> None:
        self._lambda = lambda_

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        function = properties["FunctionName"]
        before = await self._lambda("ListVersionsByFunction", FunctionName=function)
        made = await self._lambda(
            "PublishVersion",
            FunctionName=function,
            Description=properties.get("Description"),
            CodeSha256=properties.get("CodeSha256"),
        )
        arn = made["FunctionArn"]
        if made["Version"] in [version["Version"] for version in before["Versions"]]:
            raise AlreadyExists(
                f"A version for this Lambda function exists ( {made['Version']} ). "
                "Modify the function to create a new version."
            )
        await _provision(self._lambda, arn, {}, properties)
        return arn, {"Version": made["Version"], "FunctionArn": arn}

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        return await self.create(logical_id, new, stack)

    async def delete(self, physical_id: str, properties: Properties) -> None:
        function, _, version = physical_id.rpartition(":")
        await unless_gone(self._lambda("DeleteFunction", FunctionName=function, Qualifier=version))


class AliasResource:
    """AWS::Lambda::Alias."""

    def __init__(self, lambda_: Api) -> None:
        self._lambda = lambda_

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        made = self._made(await self._lambda("CreateAlias", **self._parameters(properties)))
        try:
            await _provision(self._lambda, made[0], {}, properties)
        except AwsError:
            await self.delete(made[0], properties)
            raise
        return made

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        if (old["FunctionName"], old["Name"]) != (new["FunctionName"], new["Name"]):
            return await self.create(logical_id, new, stack)
        made = self._made(await self._lambda("UpdateAlias", **self._parameters(new)))
        await _provision(self._lambda, physical_id, old, new)
        return made

    async def delete(self, physical_id: str, properties: Properties) -> None:
        function, _, name = physical_id.rpartition(":")
        await unless_gone(self._lambda("DeleteAlias", FunctionName=function, Name=name))

    def _parameters(self, properties: Properties) -> dict[str, Any]:
        names = ("FunctionName", "Name", "FunctionVersion")
        parameters = {name: properties[name] for name in names}
        parameters["Description"] = properties.get("Description", "")
        weights = properties.get("RoutingConfig", {}).get("AdditionalVersionWeights", [])
        parameters["RoutingConfig"] = {
            "AdditionalVersionWeights": {
                weight["FunctionVersion"]: float(weight["FunctionWeight"]) for weight in weights
            }
        }
        return parameters

    def _made(self, answer: dict[str, Any]) -> Made:
        return answer["AliasArn"], {"AliasArn": answer["AliasArn"]}


async def _provision(lambda_: Api, arn: str, old: Properties, new: Properties) -> None:
    """Give a version or alias its provisioned concurrency, or take it back."""
    name, _, qualifier = arn.rpartition(":")
    if asked := new.get("ProvisionedConcurrencyConfig"):
        if asked != old.get("ProvisionedConcurrencyConfig"):
            await lambda_(
                "PutProvisionedConcurrencyConfig",
                FunctionName=name,
                Qualifier=qualifier,
                **asked,
            )
    elif "ProvisionedConcurrencyConfig" in old:
        await unless_gone(
            lambda_("DeleteProvisionedConcurrencyConfig", FunctionName=name, Qualifier=qualifier)
        )


class EventInvokeConfigResource:
    """AWS::Lambda::EventInvokeConfig."""

    _IDENTITY = ("FunctionName", "Qualifier")

    def __init__(self, lambda_: Api) -> None:
        self._lambda = lambda_

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        if await self._exists(properties):
            raise AlreadyExists(f"{self._physical_id(properties)} already exists")
        return await self._put(properties)

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        if self._physical_id(new) != physical_id:
            return await self.create(logical_id, new, stack)
        return await self._put(new)

    async def delete(self, physical_id: str, properties: Properties) -> None:
        identity = {name: properties[name] for name in self._IDENTITY}
        await unless_gone(self._lambda("DeleteFunctionEventInvokeConfig", **identity))

    async def _put(self, properties: Properties) -> Made:
        await self._lambda("PutFunctionEventInvokeConfig", **properties)
        return self._physical_id(properties), {}

    async def _exists(self, properties: Properties) -> bool:
        identity = {name: properties[name] for name in self._IDENTITY}
        found = await unless_gone(self._lambda("GetFunctionEventInvokeConfig", **identity))
        return found is not None

    def _physical_id(self, properties: Properties) -> str:
        return f"{properties['FunctionName']}|{properties['Qualifier']}"


class PermissionResource:
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


class LayerVersionResource:
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


class LayerVersionPermissionResource:
    """AWS::Lambda::LayerVersionPermission."""

    def __init__(self, lambda_: Api) -> None:
        self._lambda = lambda_

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        layer, _, version = properties["LayerVersionArn"].rpartition(":")
        given = {name: value for name, value in properties.items() if name != "LayerVersionArn"}
        statement_id = physical_name(stack, logical_id, _LONGEST_STATEMENT_ID)
        await self._lambda(
            "AddLayerVersionPermission",
            LayerName=layer,
            VersionNumber=int(version),
            StatementId=statement_id,
            **given,
        )
        physical_id = f"{properties['LayerVersionArn']}#{statement_id}"
        return physical_id, {"Id": physical_id}

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        return await self.create(logical_id, new, stack)

    async def delete(self, physical_id: str, properties: Properties) -> None:
        arn, _, statement_id = physical_id.partition("#")
        layer, _, version = arn.rpartition(":")
        await unless_gone(
            self._lambda(
                "RemoveLayerVersionPermission",
                LayerName=layer,
                VersionNumber=int(version),
                StatementId=statement_id,
            )
        )


class UrlResource:
    """AWS::Lambda::Url."""

    # UpdateFunctionUrlConfig keeps what a request does not name.
    _DEFAULTS: ClassVar[dict[str, Any]] = {"Cors": {}, "InvokeMode": "BUFFERED"}

    def __init__(self, lambda_: Api) -> None:
        self._lambda = lambda_

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        return self._made(
            await self._lambda("CreateFunctionUrlConfig", **self._parameters(properties))
        )

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        if _function_of(old) != _function_of(new):
            return await self.create(logical_id, new, stack)
        parameters = self._parameters(self._DEFAULTS | new)
        return self._made(await self._lambda("UpdateFunctionUrlConfig", **parameters))

    async def delete(self, physical_id: str, properties: Properties) -> None:
        await unless_gone(self._lambda("DeleteFunctionUrlConfig", **_function_of(properties)))

    def _parameters(self, properties: Properties) -> dict[str, Any]:
        settings = ("AuthType", "Cors", "InvokeMode")
        given = {name: properties[name] for name in settings if name in properties}
        return _function_of(properties) | given

    def _made(self, answer: dict[str, Any]) -> Made:
        arn = answer["FunctionArn"]
        return arn, {"FunctionArn": arn, "FunctionUrl": answer["FunctionUrl"]}


def _function_of(properties: Properties) -> dict[str, Any]:
    return {
        "FunctionName": properties["TargetFunctionArn"],
        "Qualifier": properties.get("Qualifier"),
    }
