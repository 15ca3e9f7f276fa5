"""How the query protocol names lists and maps on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass

from localaws.wire.models import Member, Shape


@dataclass(frozen=True)
class QueryNames:
    """Names of one service's query protocol.

    SQS's model describes its JSON protocol only; the names that its older query protocol gives
    to flattened lists and maps are listed here, by shape.
    """

    flattened: Mapping[str, str]
    keys: Mapping[str, tuple[str, str]]

    def of_member(self, member: Member) -> str:
        """The name of a structure's member."""
        if member.renamed:
            return member.wire_name
        return self.flattened.get(member.shape.name, member.wire_name)

    def of_entry(self, shape: Shape) -> tuple[str, str]:
        """What a map calls its keys and its values."""
        if shape.name in self.keys:
            return self.keys[shape.name]
        assert shape.key is not None, shape.name
        assert shape.value is not None, shape.name
        return shape.key.wire_name, shape.value.wire_name


def names_of(service: str) -> QueryNames:
    """The names that a service's model does not tell; most models tell all."""
    return SQS_NAMES if service == "sqs" else QueryNames({}, {})


SQS_NAMES = QueryNames(
    flattened={
        "AWSAccountIdList": "AWSAccountId",
        "ActionNameList": "ActionName",
        "AttributeNameList": "AttributeName",
        "MessageAttributeNameList": "MessageAttributeName",
        "MessageSystemAttributeList": "MessageSystemAttributeName",
        "QueueAttributeMap": "Attribute",
        "MessageSystemAttributeMap": "Attribute",
        "MessageBodyAttributeMap": "MessageAttribute",
        "MessageBodySystemAttributeMap": "MessageSystemAttribute",
        "TagMap": "Tag",
        "TagKeyList": "TagKey",
        "MessageList": "Message",
        "QueueUrlList": "QueueUrl",
        "StringList": "StringListValue",
        "BinaryList": "BinaryListValue",
        "SendMessageBatchRequestEntryList": "SendMessageBatchRequestEntry",
        "SendMessageBatchResultEntryList": "SendMessageBatchResultEntry",
        "DeleteMessageBatchRequestEntryList": "DeleteMessageBatchRequestEntry",
        "DeleteMessageBatchResultEntryList": "DeleteMessageBatchResultEntry",
        "ChangeMessageVisibilityBatchRequestEntryList": (
            "ChangeMessageVisibilityBatchRequestEntry"
        ),
        "ChangeMessageVisibilityBatchResultEntryList": "ChangeMessageVisibilityBatchResultEntry",
        "BatchResultErrorEntryList": "BatchResultErrorEntry",
        "ListMessageMoveTasksResultEntryList": "ListMessageMoveTasksResultEntry",
    },
    keys={
        "QueueAttributeMap": ("Name", "Value"),
        "MessageSystemAttributeMap": ("Name", "Value"),
        "MessageBodyAttributeMap": ("Name", "Value"),
        "MessageBodySystemAttributeMap": ("Name", "Value"),
        "TagMap": ("Key", "Value"),
    },
)
