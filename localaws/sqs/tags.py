"""Cost allocation tags of queues: how many there may be, and how long they may be.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-tags.html,
https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
"""

from collections.abc import Collection, Mapping

from localaws.sqs.errors import InvalidParameterValue
from localaws.sqs.limits import MAX_TAG_KEY_LENGTH, MAX_TAG_VALUE_LENGTH, MAX_TAGS
from localaws.words.http import Caller
from localaws.words.tags import NOT_FOR_EVERYBODY, are_for_everybody


def check_tags(queue_name: str, tags: Mapping[str, str], caller: Caller) -> None:
    """Refuse tags that a queue cannot have; those of AWS's own come by its services alone.

    Raises:
        InvalidParameterValue
    """
    check_number(queue_name, tags)
    if tags:
        check_tag_keys(tags)
    if any(len(value) > MAX_TAG_VALUE_LENGTH for value in tags.values()):
        raise InvalidParameterValue(
            f"Tag values must be between 0 and {MAX_TAG_VALUE_LENGTH} characters in length."
        )
    if not are_for_everybody(tags, caller):
        raise InvalidParameterValue(NOT_FOR_EVERYBODY)


def check_number(queue_name: str, tags: Mapping[str, str]) -> None:
    """Refuse more tags than a queue can have.

    Raises:
        InvalidParameterValue
    """
    if len(tags) > MAX_TAGS:
        raise InvalidParameterValue(f"Too many tags added for queue {queue_name}.")


def check_tag_keys(keys: Collection[str]) -> None:
    """Refuse keys that no tag can have, and no keys at all.

    Raises:
        InvalidParameterValue
    """
    if not keys or not all(1 <= len(key) <= MAX_TAG_KEY_LENGTH for key in keys):
        raise InvalidParameterValue(
            f"Tag keys must be between 1 and {MAX_TAG_KEY_LENGTH} characters in length."
        )
