"""The API of publishing."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from localaws.sns.errors import (
    BatchEntryIdsNotDistinctException,
    BatchRequestTooLongException,
    EmptyBatchRequestException,
    EndpointDisabledException,
    InvalidBatchEntryIdException,
    InvalidParameterException,
    TooManyEntriesInBatchRequestException,
    check_path,
)
from localaws.sns.limits import MAX_BATCH_ENTRIES, MAX_ENTRY_ID_CHARACTERS, MAX_SMS_CHARACTERS
from localaws.sns.phone_numbers import PHONE_NUMBER
from localaws.sns.platforms import STEPS_OF_DEVICE, Platforms
from localaws.sns.publish_request import PublishRequest
from localaws.sns.publisher import Publisher
from localaws.sns.topics import Topics
from localaws.words.http import Caller

Params = dict[str, Any]

_ENTRY_ID = re.compile(r"[A-Za-z0-9_\-]+")


class PublishOperations:
    """Operations of boto3's names, parameters and results."""

    def __init__(self, topics: Topics, platforms: Platforms, publisher: Publisher) -> None:
        self._topics = topics
        self._platforms = platforms
        self._publisher = publisher

    def operations(self) -> Mapping[str, Any]:
        return {"Publish": self._publish, "PublishBatch": self._publish_batch}

    def _publish(self, params: Params, caller: Caller) -> Params:
        if params.get("PhoneNumber"):
            return _publish_to_phone(params)
        parameter = "TargetArn" if params.get("TopicArn") is None else "TopicArn"
        arn: str | None = params.get(parameter)
        if arn is None:
            raise InvalidParameterException(
                "TopicArn or TargetArn Reason: no value for required parameter"
            )
        if ":endpoint/" in arn:
            return self._publish_to_device(arn, params)
        topic = self._topics.get(arn, parameter)
        request = PublishRequest.of(params)
        return {**self._publisher.publish(topic, request, caller.arn, caller.trace_header)}

    def _publish_to_device(self, arn: str, params: Params) -> Params:
        """A mobile push; checked, but nothing leaves this machine."""
        PublishRequest.of(params).check()
        endpoint = self._platforms.find_endpoint(arn)
        if endpoint is None:
            check_path("TargetArn", arn, STEPS_OF_DEVICE)
            raise InvalidParameterException(
                "TargetArn Reason: No endpoint found for the target arn specified"
            )
        if not endpoint.enabled:
            raise EndpointDisabledException
        return {"MessageId": str(uuid.uuid4())}

    def _publish_batch(self, params: Params, caller: Caller) -> Params:
        topic = self._topics.get(params["TopicArn"])
        entries = params["PublishBatchRequestEntries"]
        ids = [entry["Id"] for entry in entries]
        _check_ids(ids)
        requests = [PublishRequest.of(entry) for entry in entries]
        if sum(request.size_bytes() for request in requests) > topic.max_message_bytes:
            raise BatchRequestTooLongException
        answers = self._publisher.publish_all(topic, requests, caller.arn, caller.trace_header)
        successful: list[Params] = []
        failed: list[Params] = []
        for id_, answer in zip(ids, answers, strict=True):
            if isinstance(answer, InvalidParameterException):
                failed.append(_failure(id_, answer))
            else:
                successful.append({"Id": id_, **answer})
        return {"Successful": successful, "Failed": failed}


def _publish_to_phone(params: Params) -> Params:
    """A text message; checked, but nothing leaves this machine."""
    PublishRequest.of(params).check()
    if len(params["Message"]) > MAX_SMS_CHARACTERS:
        raise InvalidParameterException("Message too long")
    number = params["PhoneNumber"]
    if not PHONE_NUMBER.fullmatch(number):
        raise InvalidParameterException(f"PhoneNumber Reason: {number} is not valid to publish to")
    return {"MessageId": str(uuid.uuid4())}


def _failure(id_: str, refused: InvalidParameterException) -> Params:
    return {
        "Id": id_,
        "Code": "InvalidParameter",
        "Message": refused.message,
        "SenderFault": True,
    }


def _check_ids(ids: list[str]) -> None:
    if not ids:
        raise EmptyBatchRequestException
    if len(ids) > MAX_BATCH_ENTRIES:
        raise TooManyEntriesInBatchRequestException
    if len(set(ids)) < len(ids):
        raise BatchEntryIdsNotDistinctException
    for id_ in ids:
        if len(id_) > MAX_ENTRY_ID_CHARACTERS:
            raise InvalidBatchEntryIdException(f"is too long: {id_}")
        if not _ENTRY_ID.fullmatch(id_):
            raise InvalidBatchEntryIdException(f"contains an impermissible character: {id_}")
