"""SQS's operations on queues: create, describe, configure, tag, permit, purge, delete, list."""

from typing import Any

from localaws.sqs import attributes as queue_attributes
from localaws.sqs.errors import (
    InvalidAttributeName,
    InvalidParameterValue,
    MissingParameter,
)
from localaws.sqs.paging import page
from localaws.sqs.permissions import with_permission, without_permission
from localaws.sqs.registry import Queues
from localaws.sqs.tags import check_number, check_tag_keys, check_tags
from localaws.words.http import Caller

Params = dict[str, Any]


class QueueOperations:
    """Each takes and returns what boto3 does."""

    def __init__(self, queues: Queues) -> None:
        self._queues = queues

    def create_queue(self, params: Params, caller: Caller) -> Params:
        tags = params.get("tags") or {}
        check_tags(params["QueueName"], tags, caller)
        queue = self._queues.create(params["QueueName"], params.get("Attributes") or {}, tags)
        return {"QueueUrl": queue.url}

    def delete_queue(self, params: Params, _caller: Caller) -> None:
        self._queues.delete(self._queues.at(params["QueueUrl"]))

    def get_queue_url(self, params: Params, _caller: Caller) -> Params:
        if not params["QueueName"]:
            raise InvalidParameterValue(
                "Value for parameter QueueName is invalid. Reason: Must specify a queue name."
            )
        owner = params.get("QueueOwnerAWSAccountId")
        return {"QueueUrl": self._queues.named(params["QueueName"], owner).url}

    def list_queues(self, params: Params, _caller: Caller) -> Params:
        prefix = params.get("QueueNamePrefix") or ""
        matching = [queue for queue in self._queues if queue.name.startswith(prefix)]
        urls, token = page(matching, params.get("MaxResults"), params.get("NextToken"))
        return {**({"QueueUrls": urls} if urls else {}), **_token(token)}

    def list_dead_letter_source_queues(self, params: Params, _caller: Caller) -> Params:
        sources = self._queues.sources_of(self._queues.at(params["QueueUrl"]).arn)
        urls, token = page(sources, params.get("MaxResults"), params.get("NextToken"))
        return {"queueUrls": urls, **_token(token)}

    def get_queue_attributes(self, params: Params, _caller: Caller) -> Params:
        queue = self._queues.at(params["QueueUrl"])
        names = params.get("AttributeNames") or []
        for name in names:
            if name not in queue_attributes.READABLE:
                raise InvalidAttributeName.unknown(name)
        described = queue.described()
        if "All" not in names:
            described = {name: described[name] for name in names if name in described}
        return {"Attributes": described} if described else {}

    def set_queue_attributes(self, params: Params, _caller: Caller) -> None:
        queue = self._queues.at(params["QueueUrl"])
        if not params["Attributes"]:
            # https://github.com/aws-controllers-k8s/community/issues/2139
            raise MissingParameter("Attribute.Name")
        queue.set_attributes(params["Attributes"])

    def purge_queue(self, params: Params, _caller: Caller) -> None:
        self._queues.at(params["QueueUrl"]).purge()

    def tag_queue(self, params: Params, caller: Caller) -> None:
        queue = self._queues.at(params["QueueUrl"])
        if not params["Tags"]:
            raise MissingParameter("Tags")
        check_tags(queue.name, params["Tags"], caller)
        tags = {**queue.tags, **params["Tags"]}
        check_number(queue.name, tags)
        queue.tags = tags

    def untag_queue(self, params: Params, _caller: Caller) -> None:
        queue = self._queues.at(params["QueueUrl"])
        check_tag_keys(params["TagKeys"])
        queue.tags = {k: v for k, v in queue.tags.items() if k not in params["TagKeys"]}

    def list_queue_tags(self, params: Params, _caller: Caller) -> Params:
        tags = self._queues.at(params["QueueUrl"]).tags
        return {"Tags": dict(tags)} if tags else {}

    def add_permission(self, params: Params, _caller: Caller) -> None:
        queue = self._queues.at(params["QueueUrl"])
        policy = with_permission(
            queue.attributes.get("Policy"),
            queue.arn,
            params["Label"],
            params["AWSAccountIds"],
            params["Actions"],
        )
        queue.set_attributes({"Policy": policy})

    def remove_permission(self, params: Params, _caller: Caller) -> None:
        queue = self._queues.at(params["QueueUrl"])
        policy = without_permission(queue.attributes.get("Policy"), queue.arn, params["Label"])
        queue.set_attributes({"Policy": policy})


def _token(token: str | None) -> Params:
    return {"NextToken": token} if token else {}
