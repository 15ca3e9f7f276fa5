"""Tags of log groups, by the API of today and by the one before it."""

from collections.abc import Iterable, Mapping
from typing import Any

from localaws.logs.errors import InvalidParameterException, TooManyTagsException
from localaws.logs.group import LogGroup
from localaws.logs.limits import MAX_TAGS
from localaws.logs.registry import LogGroups
from localaws.words.http import Caller
from localaws.words.tags import NOT_FOR_EVERYBODY, are_for_everybody

Params = dict[str, Any]


class TagOperations:
    """Each takes and returns what boto3 does."""

    def __init__(self, groups: LogGroups) -> None:
        self._groups = groups

    def tag_resource(self, params: Params, caller: Caller) -> None:
        _tag(self._groups.identified(params["resourceArn"]), params["tags"], caller)

    def untag_resource(self, params: Params, _caller: Caller) -> None:
        _untag(self._groups.identified(params["resourceArn"]), params["tagKeys"])

    def list_tags_for_resource(self, params: Params, _caller: Caller) -> Params:
        return {"tags": dict(self._groups.identified(params["resourceArn"]).tags)}

    def tag_log_group(self, params: Params, caller: Caller) -> None:
        _tag(self._groups.named(params["logGroupName"]), params["tags"], caller)

    def untag_log_group(self, params: Params, _caller: Caller) -> None:
        _untag(self._groups.named(params["logGroupName"]), params["tags"])

    def list_tags_log_group(self, params: Params, _caller: Caller) -> Params:
        return {"tags": dict(self._groups.named(params["logGroupName"]).tags)}


def expect_tags(tags: Mapping[str, str], caller: Caller) -> None:
    """Refuse those that a log group is not given by everybody."""
    if not are_for_everybody(tags, caller):
        raise InvalidParameterException(NOT_FOR_EVERYBODY)


def _tag(group: LogGroup, tags: Mapping[str, str], caller: Caller) -> None:
    expect_tags(tags, caller)
    tagged = {**group.tags, **tags}
    if len(tagged) > MAX_TAGS:
        raise TooManyTagsException(
            f"{len(tagged)} tags are more than the {MAX_TAGS} that a resource may have."
        )
    group.tags = tagged


def _untag(group: LogGroup, keys: Iterable[str]) -> None:
    gone = set(keys)
    group.tags = {key: value for key, value in group.tags.items() if key not in gone}
