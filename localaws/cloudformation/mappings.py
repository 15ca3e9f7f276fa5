"""Event source mappings as CloudFormation resources."""

from typing import Any

from localaws.cloudformation.resources import (
    Api,
    Made,
    Pause,
    Properties,
    retag,
    tags_of,
    unless_gone,
)

_POLL_S = 0.1

# What UpdateEventSourceMapping takes for a setting that the template names no more. The API keeps
# what a request does not name, so CloudFormation sends what clears it:
# https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
# What AWS sends for BatchSize and ProvisionedPollerConfig is not documented; here they go, too.
_MAPPING_DEFAULTS: dict[str, Any] = {
    "BatchSize": 10,
    "Enabled": True,
    "FilterCriteria": {},
    "FunctionResponseTypes": [],
    "KmsKeyArn": "",
    "MaximumBatchingWindowInSeconds": 0,
    "MetricsConfig": {"Metrics": []},
    "ProvisionedPollerConfig": {},
    "ScalingConfig": {},
}


class EventSourceMappingResource:
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
        removed = {name: _MAPPING_DEFAULTS[name] for name in _MAPPING_DEFAULTS if name in old}
        parameters = self._parameters(removed | new)
        for name in self._IDENTITY:
            parameters.pop(name, None)
        made = await self._lambda("UpdateEventSourceMapping", UUID=physical_id, **parameters)
        await self._settle(physical_id)
        await retag(self._lambda, made["EventSourceMappingArn"], old, new)
        return self._made(made)

    async def delete(self, physical_id: str, properties: Properties) -> None:
        await unless_gone(self._lambda("DeleteEventSourceMapping", UUID=physical_id))
        # Until it is gone no other one can take its place.
        await unless_gone(self._settle(physical_id))

    async def _settle(self, mapping_id: str) -> None:
        while True:
            now = await self._lambda("GetEventSourceMapping", UUID=mapping_id)
            if now["State"] in ("Enabled", "Disabled"):
                return
            await self._pause(_POLL_S)

    def _parameters(self, properties: Properties) -> dict[str, Any]:
        return {
            "KMSKeyArn" if name == "KmsKeyArn" else name: value
            for name, value in properties.items()
            if name != "Tags"
        }

    def _made(self, answer: dict[str, Any]) -> Made:
        mapping_id = answer["UUID"]
        return mapping_id, {
            "Id": mapping_id,
            "EventSourceMappingArn": answer["EventSourceMappingArn"],
        }
