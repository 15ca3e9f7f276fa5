"""The API of topics: their life, attributes, permissions and tags."""

import json
import re
from collections.abc import Mapping
from typing import Any

from localaws.sns.errors import (
    InvalidParameterException,
    InvalidStateException,
    ResourceNotFoundException,
    TagLimitExceededException,
    check_arn,
)
from localaws.sns.limits import MAX_TAGS
from localaws.sns.pages import page
from localaws.sns.topic_attributes import GRANTABLE
from localaws.sns.topics import Topic, Topics
from localaws.words.http import Caller
from localaws.words.policies import account_statement, compact, statements_of
from localaws.words.propagation import PolicyPropagation
from localaws.words.tags import NOT_FOR_EVERYBODY, are_for_everybody

Params = dict[str, Any]

_ACCOUNT_ID = re.compile(r"\d{12}", re.ASCII)


class TopicOperations:
    """Operations of boto3's names, parameters and results."""

    def __init__(self, topics: Topics, propagation: PolicyPropagation) -> None:
        self._topics = topics
        self._propagation = propagation

    def operations(self) -> Mapping[str, Any]:
        return {
            "CreateTopic": self._create,
            "DeleteTopic": self._delete,
            "ListTopics": self._list,
            "GetTopicAttributes": self._get_attributes,
            "SetTopicAttributes": self._set_attribute,
            "AddPermission": self._add_permission,
            "RemovePermission": self._remove_permission,
            "ListTagsForResource": self._list_tags,
            "TagResource": self._tag,
            "UntagResource": self._untag,
        }

    def _create(self, params: Params, caller: Caller) -> Params:
        if params.get("DataProtectionPolicy"):
            raise InvalidParameterException(
                "DataProtectionPolicy: not part of the embedded AWS. AWS has closed it for new "
                "customers; use a real account that has it."
            )
        tags = _tags(params.get("Tags") or [], caller)
        if len(tags) > MAX_TAGS:
            raise TagLimitExceededException
        topic = self._topics.create(params["Name"], params.get("Attributes") or {}, tags)
        return {"TopicArn": topic.arn}

    def _delete(self, params: Params, caller: Caller) -> None:
        topic = self._topics.find(params["TopicArn"])
        if topic is not None and topic.is_archived:
            raise InvalidStateException
        self._topics.delete(params["TopicArn"])

    def _list(self, params: Params, caller: Caller) -> Params:
        arns = [{"TopicArn": topic.arn} for topic in self._topics]
        topics, token = page(arns, params.get("NextToken"))
        return {"Topics": topics, "NextToken": token}

    def _get_attributes(self, params: Params, caller: Caller) -> Params:
        return {"Attributes": self._topics.get(params["TopicArn"]).described()}

    def _set_attribute(self, params: Params, caller: Caller) -> None:
        topic = self._topics.get(params["TopicArn"])
        before = topic.policy
        topic.set_attribute(params["AttributeName"], params.get("AttributeValue") or "")
        if topic.policy != before:
            self._propagation.changed(topic.arn, before)

    def _add_permission(self, params: Params, caller: Caller) -> None:
        topic = self._topics.get(params["TopicArn"])
        policy = json.loads(topic.policy)
        statements = policy["Statement"] = statements_of(policy)
        if any(statement.get("Sid") == params["Label"] for statement in statements):
            raise InvalidParameterException("Statement already exists")
        _check_grant(params["AWSAccountId"], params["ActionName"])
        actions = [f"SNS:{action}" for action in params["ActionName"]]
        statements.append(
            account_statement(params["Label"], params["AWSAccountId"], actions, topic.arn)
        )
        self._propagation.changed(topic.arn, topic.policy)
        topic.attributes["Policy"] = compact(policy)

    def _remove_permission(self, params: Params, caller: Caller) -> None:
        topic = self._topics.get(params["TopicArn"])
        policy = json.loads(topic.policy)
        kept = [s for s in statements_of(policy) if s.get("Sid") != params["Label"]]
        policy["Statement"] = kept
        self._propagation.changed(topic.arn, topic.policy)
        topic.attributes["Policy"] = compact(policy)

    def _list_tags(self, params: Params, caller: Caller) -> Params:
        tags = self._tagged(params).tags
        return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}

    def _tag(self, params: Params, caller: Caller) -> Params:
        topic = self._tagged(params)
        tags = {**topic.tags, **_tags(params["Tags"], caller)}
        if len(tags) > MAX_TAGS:
            raise TagLimitExceededException
        topic.tags = tags
        return {}

    def _untag(self, params: Params, caller: Caller) -> Params:
        topic = self._tagged(params)
        for key in params["TagKeys"]:
            topic.tags.pop(key, None)
        return {}

    def _tagged(self, params: Params) -> Topic:
        topic = self._topics.find(params["ResourceArn"])
        if topic is None:
            check_arn("ResourceArn", params["ResourceArn"])
            raise ResourceNotFoundException
        return topic


def _tags(given: list[dict[str, str]], caller: Caller) -> dict[str, str]:
    """The tags of a request; those of AWS's own come by its services alone."""
    tags = {tag["Key"]: tag["Value"] for tag in given}
    if len(tags) < len(given):
        raise InvalidParameterException("Duplicated keys are not allowed.")
    if not are_for_everybody(tags, caller):
        raise InvalidParameterException(NOT_FOR_EVERYBODY)
    return tags


def _check_grant(account_ids: list[str], actions: list[str]) -> None:
    """Refuse accounts that cannot be, and actions that no policy of a topic may name.

    "*" is every account, which SQS's AddPermission refuses:
    https://github.com/amazon-archives/aws-sdk-core-ruby/issues/138.
    """
    if not account_ids or not all(id_ == "*" or _ACCOUNT_ID.fullmatch(id_) for id_ in account_ids):
        raise InvalidParameterException("Policy Error: PrincipalNotFound")
    if not actions or not set(actions) <= GRANTABLE | {"*"}:
        raise InvalidParameterException("Policy statement action out of service scope!")
