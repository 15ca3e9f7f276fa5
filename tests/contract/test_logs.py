"""CloudWatch Logs, against answers recorded from real AWS."""

from typing import Any

from tests.contract.recordings import Comparison, load
from tests.unit.logs.world import START_MS, LogsWorld

RECORDED = {
    name: content
    for area in ("logs_events", "logs_filter_events", "logs_groups", "logs_streams")
    for name, content in load(area).items()
}
ARN = "arn:aws:logs:us-east-1:111111111111:log-group:group"
ONE_EVENT = [{"timestamp": START_MS, "message": "hello"}]


class Replay:
    """One recorded test, performed step by step in an account with one group and stream."""

    def __init__(self, name: str, **known: str) -> None:
        self.world = LogsWorld()
        self._content = RECORDED[name]
        self._comparison = Comparison(**known)
        self._seen: set[str] = set()

    def step(self, step: str, operation: str, **params: Any) -> None:
        """Call an operation and compare the answer with the step's."""
        self._seen.add(step)
        self._comparison.check(self._content[step], self.world.call(operation, **params), step)

    def make(self, *streams: str, **settings: Any) -> None:
        self.world.call("CreateLogGroup", logGroupName="group", **settings)
        for stream in streams:
            self.world.call("CreateLogStream", logGroupName="group", logStreamName=stream)

    def done(self) -> None:
        assert self._seen == set(self._content)


def test_put_log_events_to_invalid_stream() -> None:
    test = Replay("TestLogsEvents::test_put_log_events_to_invalid_stream")
    test.make()
    where = {"logGroupName": "group", "logStreamName": "nope"}
    test.step("error-invalid-stream", "PutLogEvents", **where, logEvents=ONE_EVENT)
    test.done()


def test_put_log_events_wrong_order() -> None:
    test = Replay("TestLogsEvents::test_put_log_events_wrong_order")
    test.make("stream")
    events = [*ONE_EVENT, {"timestamp": START_MS - 1, "message": "earlier"}]
    where = {"logGroupName": "group", "logStreamName": "stream"}
    test.step("error-wrong-order", "PutLogEvents", **where, logEvents=events)
    test.done()


def test_get_log_events_invalid_token() -> None:
    test = Replay("TestLogsEvents::test_get_log_events_invalid_token")
    test.make("stream")
    where = {"logGroupName": "group", "logStreamName": "stream"}
    test.step("error-invalid-token", "GetLogEvents", **where, nextToken="invalid")
    test.done()


def test_get_log_events_limit_validation() -> None:
    test = Replay("TestLogsEvents::test_get_log_events_limit_validation")
    test.make("stream")
    where = {"logGroupName": "group", "logStreamName": "stream"}
    test.step("error-limit-exceeded", "GetLogEvents", **where, limit=10_001)
    test.done()


def test_filter_log_events_unknown_token() -> None:
    test = Replay("TestFilterLogEvents::test_filter_log_events_unknown_token")
    test.make("stream")
    test.step("invalid-token", "FilterLogEvents", logGroupName="group", nextToken="unknown")
    test.done()


def test_filter_log_events_limit_validation() -> None:
    test = Replay("TestFilterLogEvents::test_filter_log_events_limit_validation")
    test.make("stream")
    test.step("error-limit-exceeded", "FilterLogEvents", logGroupName="group", limit=10_001)
    test.done()


def test_create_log_group_duplicate_error() -> None:
    test = Replay("TestLogsGroups::test_create_log_group_duplicate_error")
    test.make()
    test.step("error-duplicate-log-group", "CreateLogGroup", logGroupName="group")
    test.done()


def test_create_log_group_invalid_name_length() -> None:
    test = Replay("TestLogsGroups::test_create_log_group_invalid_name_length")
    test.step("error-invalid-name-length", "CreateLogGroup", logGroupName="a" * 513)
    test.done()


def test_describe_log_groups_prefix_and_pattern_error() -> None:
    test = Replay("TestLogsGroups::test_describe_log_groups_prefix_and_pattern_error")
    both = {"logGroupNamePrefix": "a", "logGroupNamePattern": "b"}
    test.step("error-prefix-and-pattern", "DescribeLogGroups", **both)
    test.done()


def test_create_log_group_with_tags() -> None:
    test = Replay("TestLogsGroupsTags::test_create_log_group_with_tags")
    test.make(tags={"env": "testing"})
    test.step("list-tags-after-create", "ListTagsForResource", resourceArn=ARN)
    test.done()


def test_tag_log_group() -> None:
    test = Replay("TestLogsGroupsTags::test_tag_log_group")
    test.make()
    test.world.call("TagLogGroup", logGroupName="group", tags={"tag_key_1": "tag_value_1"})
    test.step("list-tags-after-tag", "ListTagsLogGroup", logGroupName="group")
    test.done()


def test_untag_log_group() -> None:
    test = Replay("TestLogsGroupsTags::test_untag_log_group")
    test.make(tags={"tag_key_1": "tag_value_1", "tag_key_2": "tag_value_2"})
    test.world.call("UntagLogGroup", logGroupName="group", tags=["tag_key_1"])
    test.step("list-tags-after-untag", "ListTagsLogGroup", logGroupName="group")
    test.done()


def test_tag_resource_api() -> None:
    test = Replay("TestLogsGroupsTags::test_tag_resource_api")
    test.make(tags={"env": "testing1"})

    def both(after: str) -> None:
        test.step(f"list-tags-log-group-after-{after}", "ListTagsLogGroup", logGroupName="group")
        test.step(f"list-tags-for-resource-after-{after}", "ListTagsForResource", resourceArn=ARN)

    test.step("list-tags-after-create", "ListTagsLogGroup", logGroupName="group")
    test.world.call("TagResource", resourceArn=ARN, tags={"test1": "val1", "test2": "val2"})
    both("tag-resource")
    test.world.call("TagLogGroup", logGroupName="group", tags={"test3": "val3"})
    both("tag-log-group")
    test.world.call("UntagResource", resourceArn=ARN, tagKeys=["env", "test1", "test3"])
    both("untag")
    test.done()


def test_create_and_delete_log_stream() -> None:
    test = Replay("TestLogsStreams::test_create_and_delete_log_stream")
    test.make("stream")
    test.step("describe-log-streams-after-create", "DescribeLogStreams", logGroupName="group")
    test.world.call("DeleteLogStream", logGroupName="group", logStreamName="stream")
    assert test.world.call("DescribeLogStreams", logGroupName="group")["logStreams"] == []
    test.done()


def test_describe_log_streams_with_log_group_identifier() -> None:
    test = Replay("TestLogsStreams::test_describe_log_streams_with_log_group_identifier")
    test.make("stream")
    operation = "DescribeLogStreams"
    test.step("describe-streams-identifier-name", operation, logGroupIdentifier="group")
    test.step("describe-streams-identifier-arn", operation, logGroupIdentifier=ARN)
    both = {"logGroupName": "group", "logGroupIdentifier": ARN}
    test.step("error-both-name-and-identifier", operation, **both)
    test.done()


def test_describe_log_streams_with_prefix() -> None:
    test = Replay("TestLogsStreams::test_describe_log_streams_with_prefix")
    test.make("stream-1", "stream-2", "stream-3", "other")
    test.step(
        "describe-streams-with-prefix",
        "DescribeLogStreams",
        logGroupName="group",
        logStreamNamePrefix="stream",
    )
    test.done()
