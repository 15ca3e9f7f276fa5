"""Existing resources of our services that a stack takes over: found by their own API calls.

A ResourceIdentifier has what AWS's schemas call the type's primary identifier; it is also what Ref
gives.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources.html
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from localaws.cloudformation.resources import Api, Made
from localaws.words.errors import AwsError


@dataclass(frozen=True)
class Importer:
    """How a resource type is imported.

    Attributes:
        identifier: the one member of its ResourceIdentifier.
        find: from the identifier's value to the resource; raises AwsError where there is none.
    """

    identifier: str
    find: Callable[[str], Awaitable[Made]]


def importers(*, sqs: Api, sns: Api, lambda_: Api, logs: Api) -> dict[str, Importer]:
    """Every resource type of our services that can be imported."""
    functions = _Functions(lambda_)

    async def queue(url: str) -> Made:
        answer = await sqs("GetQueueAttributes", QueueUrl=url, AttributeNames=["QueueArn"])
        name = url.rsplit("/", 1)[-1]
        return url, {"Arn": answer["Attributes"]["QueueArn"], "QueueName": name, "QueueUrl": url}

    async def topic(arn: str) -> Made:
        await sns("GetTopicAttributes", TopicArn=arn)
        return arn, {"TopicArn": arn, "TopicName": arn.rsplit(":", 1)[-1]}

    async def log_group(name: str) -> Made:
        token = None
        while True:
            page = await logs("DescribeLogGroups", logGroupNamePrefix=name, nextToken=token)
            for group in page["logGroups"]:
                if group["logGroupName"] == name:
                    return name, {"Arn": group["arn"]}
            if not (token := page.get("nextToken")):
                raise _missing(name)

    return {
        "AWS::SQS::Queue": Importer("QueueUrl", queue),
        "AWS::SNS::Topic": Importer("TopicArn", topic),
        "AWS::Logs::LogGroup": Importer("LogGroupName", log_group),
        "AWS::Lambda::Function": Importer("FunctionName", functions.function),
        "AWS::Lambda::Version": Importer("FunctionArn", functions.version),
        "AWS::Lambda::Alias": Importer("AliasArn", functions.alias),
        "AWS::Lambda::EventSourceMapping": Importer("Id", functions.mapping),
    }


class _Functions:
    """Lambda's types."""

    def __init__(self, lambda_: Api) -> None:
        self._lambda = lambda_

    async def function(self, name: str) -> Made:
        found = await self._lambda("GetFunctionConfiguration", FunctionName=name)
        if found["FunctionName"] != name:  # an ARN, which the API takes, too
            raise _missing(name)
        return name, {"Arn": found["FunctionArn"]}

    async def version(self, arn: str) -> Made:
        function, version = _qualified(arn)
        found = await self._lambda(
            "GetFunctionConfiguration", FunctionName=function, Qualifier=version
        )
        if found["Version"] != version or version == "$LATEST":
            raise _missing(arn)
        return arn, {"Version": version, "FunctionArn": arn}

    async def alias(self, arn: str) -> Made:
        function, name = _qualified(arn)
        await self._lambda("GetAlias", FunctionName=function, Name=name)
        return arn, {"AliasArn": arn}

    async def mapping(self, mapping_id: str) -> Made:
        found: dict[str, Any] = await self._lambda("GetEventSourceMapping", UUID=mapping_id)
        arn = found["EventSourceMappingArn"]
        return mapping_id, {"Id": mapping_id, "EventSourceMappingArn": arn}


def _qualified(arn: str) -> tuple[str, str]:
    """A function's ARN and its version or alias."""
    if len(arn.split(":")) != 8:
        raise _missing(arn)
    function, _, qualifier = arn.rpartition(":")
    return function, qualifier


def _missing(identifier: str) -> AwsError:
    return AwsError(f"There is no {identifier}.", code="NotFound", status=404)
