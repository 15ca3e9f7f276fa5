"""CloudWatch Logs' groups, streams and filters as CloudFormation resources.

Their property names are the API's with a capital first letter.
"""

import json
from typing import Any

from localaws.cloudformation.resources import (
    AlreadyExists,
    Api,
    Made,
    Properties,
    is_true,
    physical_name,
    tags_gone,
    tags_of,
    unless_gone,
)
from localaws.words.errors import AwsError

_MAX_NAME_LENGTH = 512


def _exists(kind: str, group: str, **more: str) -> AlreadyExists:
    """What a stack is told that may not have it: it names all that identifies the resource.

    https://github.com/serverless/serverless/issues/12312
    https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-logs: the handlers

    Args:
        more: properties that tell it from others of its group.
    """
    members = {
        f"/properties/{name}": value for name, value in {"LogGroupName": group, **more}.items()
    }
    return AlreadyExists.of(f"AWS::Logs::{kind}", json.dumps(members, separators=(",", ":")))


class LogGroupResource:
    """AWS::Logs::LogGroup."""

    def __init__(self, logs: Api) -> None:
        self._logs = logs

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        name = properties.get("LogGroupName") or physical_name(stack, logical_id, _MAX_NAME_LENGTH)
        try:
            await self._logs(
                "CreateLogGroup",
                logGroupName=name,
                kmsKeyId=properties.get("KmsKeyId"),
                logGroupClass=properties.get("LogGroupClass"),
                deletionProtectionEnabled=is_true(properties.get("DeletionProtectionEnabled")),
                tags=tags_of(properties) or None,
            )
        except AwsError as error:
            if "AlreadyExists" not in error.code:
                raise
            raise _exists("LogGroup", name) from None
        await self._keep_for(name, properties)
        return await self._made(name)

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        if new.get("LogGroupName", physical_id) != physical_id:
            return await self.create(logical_id, new, stack)
        await self._keep_for(physical_id, new)
        if key := new.get("KmsKeyId"):
            await self._logs("AssociateKmsKey", logGroupName=physical_id, kmsKeyId=key)
        elif "KmsKeyId" in old:
            await self._logs("DisassociateKmsKey", logGroupName=physical_id)
        await self._logs(
            "PutLogGroupDeletionProtection",
            logGroupIdentifier=physical_id,
            deletionProtectionEnabled=is_true(new.get("DeletionProtectionEnabled")),
        )
        if gone := tags_gone(old, new):
            await self._logs("UntagLogGroup", logGroupName=physical_id, tags=gone)
        if tags := tags_of(new):
            await self._logs("TagLogGroup", logGroupName=physical_id, tags=tags)
        return await self._made(physical_id)

    async def delete(self, physical_id: str, properties: Properties) -> None:
        await unless_gone(self._logs("DeleteLogGroup", logGroupName=physical_id))

    async def _keep_for(self, name: str, properties: Properties) -> None:
        days = properties.get("RetentionInDays")
        if days is None:
            await self._logs("DeleteRetentionPolicy", logGroupName=name)
        else:
            await self._logs("PutRetentionPolicy", logGroupName=name, retentionInDays=int(days))

    async def _made(self, name: str) -> Made:
        answer = await self._logs("DescribeLogGroups", logGroupIdentifiers=[name])
        return name, {"Arn": answer["logGroups"][0]["arn"]}


class LogStreamResource:
    """AWS::Logs::LogStream."""

    def __init__(self, logs: Api) -> None:
        self._logs = logs

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        name = properties.get("LogStreamName") or physical_name(stack, logical_id, _MAX_NAME_LENGTH)
        group = properties["LogGroupName"]
        try:
            await self._logs("CreateLogStream", logGroupName=group, logStreamName=name)
        except AwsError as error:
            if "AlreadyExists" not in error.code:
                raise
            raise _exists("LogStream", group, LogStreamName=name) from None
        return name, {}

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        return await self.create(logical_id, new, stack)

    async def delete(self, physical_id: str, properties: Properties) -> None:
        group = properties["LogGroupName"]
        await unless_gone(
            self._logs("DeleteLogStream", logGroupName=group, logStreamName=physical_id)
        )


class LogFilterResource:
    """AWS::Logs::MetricFilter and AWS::Logs::SubscriptionFilter.

    Args:
        kind: the operations are called after it: `MetricFilter`, `SubscriptionFilter`.
    """

    def __init__(self, logs: Api, kind: str) -> None:
        self._logs = logs
        self._kind = kind

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        name = properties.get("FilterName") or physical_name(stack, logical_id, _MAX_NAME_LENGTH)
        if await self._is_there(name, properties):
            raise _exists(self._kind, properties["LogGroupName"], FilterName=name)
        return await self._put(name, properties)

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        is_same = old["LogGroupName"] == new["LogGroupName"]
        if not is_same or new.get("FilterName", physical_id) != physical_id:
            return await self.create(logical_id, new, stack)
        return await self._put(physical_id, new)

    async def delete(self, physical_id: str, properties: Properties) -> None:
        await unless_gone(
            self._logs(
                f"Delete{self._kind}",
                logGroupName=properties["LogGroupName"],
                filterName=physical_id,
            )
        )

    async def _is_there(self, name: str, properties: Properties) -> bool:
        group = properties["LogGroupName"]
        found = await self._logs(
            f"Describe{self._kind}s", logGroupName=group, filterNamePrefix=name
        )
        kind = f"{self._kind[:1].lower()}{self._kind[1:]}s"
        return any(there["filterName"] == name for there in found[kind])

    async def _put(self, name: str, properties: Properties) -> Made:
        parameters = _as_parameters(properties) | {"filterName": name}
        if "metricTransformations" in parameters:
            parameters["metricTransformations"] = [
                _transformation(given) for given in properties["MetricTransformations"]
            ]
        await self._logs(f"Put{self._kind}", **parameters)
        return name, {}


class ResourcePolicyResource:
    """AWS::Logs::ResourcePolicy."""

    def __init__(self, logs: Api) -> None:
        self._logs = logs

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        await self._logs("PutResourcePolicy", **_as_parameters(properties))
        return properties["PolicyName"], {}

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        return await self.create(logical_id, new, stack)

    async def delete(self, physical_id: str, properties: Properties) -> None:
        await unless_gone(self._logs("DeleteResourcePolicy", policyName=physical_id))


def _as_parameters(properties: Properties) -> dict[str, Any]:
    return {name[:1].lower() + name[1:]: value for name, value in properties.items()}


def _transformation(properties: Properties) -> dict[str, Any]:
    parameters = _as_parameters(properties)
    if "defaultValue" in parameters:
        parameters["defaultValue"] = float(parameters["defaultValue"])
    if "dimensions" in parameters:
        parameters["dimensions"] = {d["Key"]: d["Value"] for d in parameters["dimensions"]}
    return parameters
