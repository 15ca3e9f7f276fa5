"""Log groups and streams: made, listed, kept for so long, deleted."""

import pytest

from tests.unit.logs.world import GROUP, START_MS, STREAM, LogsWorld
from tests.unit.virtual_time import START_S

DAY_MS = 86_400_000
ARN = f"arn:aws:logs:us-east-1:111111111111:log-group:{GROUP}"


@pytest.fixture
def world() -> LogsWorld:
    return LogsWorld()


def names(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    listed = answer.get("logGroups") or answer.get("logStreams") or []
    return [one.get("logStreamName") or one["logGroupName"] for one in listed]


def test_a_group_is_described_as_aws_does(world: LogsWorld) -> None:
    world.call("CreateLogGroup", logGroupName=GROUP)
    [group] = world.call("DescribeLogGroups")["logGroups"]
    assert group == {
        "logGroupName": GROUP,
        "creationTime": START_MS,
        "metricFilterCount": 0,
        "arn": f"{ARN}:*",
        "storedBytes": 0,
        "logGroupClass": "STANDARD",
        "logGroupArn": ARN,
        "deletionProtectionEnabled": False,
    }


def test_what_services_write_makes_group_and_stream(world: LogsWorld) -> None:
    world.write("hello\n")
    [stream] = world.call("DescribeLogStreams", logGroupName=GROUP)["logStreams"]
    assert (stream["logStreamName"], stream["lastEventTimestamp"]) == (STREAM, START_MS)
    assert world.call("DescribeLogGroups")["logGroups"][0]["storedBytes"] == 6 + 26
    # And an empty stream that was made before is the one that is written to
    world.call("CreateLogStream", logGroupName=GROUP, logStreamName="empty")
    world.write("first", stream="empty")
    assert len(world.call("DescribeLogStreams", logGroupName=GROUP)["logStreams"]) == 2


def test_groups_are_listed_by_name_prefix_and_pattern_in_pages(world: LogsWorld) -> None:
    for name in ("b/two", "a/one", "b/one"):
        world.call("CreateLogGroup", logGroupName=name)
    first = world.call("DescribeLogGroups", limit=2)
    assert names(first) == ["a/one", "b/one"]
    # When the groups of the first page are deleted, the next page is still complete
    world.call("DeleteLogGroup", logGroupName="a/one")
    second = world.call("DescribeLogGroups", limit=2, nextToken=first["nextToken"])
    assert names(second) == ["b/two"]
    assert "nextToken" not in second
    assert names(world.call("DescribeLogGroups", logGroupNamePrefix="b/t")) == ["b/two"]
    assert names(world.call("DescribeLogGroups", logGroupNamePattern="one")) == ["b/one"]
    assert names(world.call("ListLogGroups", logGroupNamePattern="^b/tw")) == ["b/two"]


def test_streams_are_listed_by_name_or_by_their_last_event(world: LogsWorld) -> None:
    for place, name in enumerate(("c", "a", "b")):
        world.write("event", stream=name, at_ms=START_MS + place)
    by_name = world.call("DescribeLogStreams", logGroupName=GROUP)
    assert names(by_name) == ["a", "b", "c"]
    newest = {"logGroupName": GROUP, "orderBy": "LastEventTime", "descending": True, "limit": 2}
    first = world.call("DescribeLogStreams", **newest)
    assert names(first) == ["b", "a"]
    assert names(world.call("DescribeLogStreams", **newest, nextToken=first["nextToken"])) == ["c"]
    code, message = world.error("DescribeLogStreams", **newest, logStreamNamePrefix="a")
    assert code == "InvalidParameterException"
    assert message == "Cannot order by LastEventTime with a logStreamNamePrefix."


def test_events_beyond_the_retention_are_gone(world: LogsWorld) -> None:
    world.write("old", at_ms=START_MS - 3 * DAY_MS)
    world.write("new")
    world.call("PutRetentionPolicy", logGroupName=GROUP, retentionInDays=3)
    assert world.found() == ["old", "new"]
    world.clock.skip_to(START_S + 1)
    assert world.found() == ["new"]
    world.clock.skip_to(START_S + 3 * 86_400 + 1)
    assert world.found() == []
    assert world.call("DescribeLogGroups")["logGroups"][0]["storedBytes"] == 0
    # And what is written from then on stays
    world.write("later", at_ms=world.clock.now_ms())
    assert world.found() == ["later"]


def test_a_retention_that_aws_does_not_offer_is_refused(world: LogsWorld) -> None:
    world.call("CreateLogGroup", logGroupName=GROUP)
    code, message = world.error("PutRetentionPolicy", logGroupName=GROUP, retentionInDays=4)
    assert code == "InvalidParameterException"
    assert message == (
        "Invalid retention value. Valid values are: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, "
        "365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]"
    )
    assert "retentionInDays" not in world.call("DescribeLogGroups")["logGroups"][0]


def test_a_protected_group_stays(world: LogsWorld) -> None:
    world.call("CreateLogGroup", logGroupName=GROUP, deletionProtectionEnabled=True)
    assert world.error("DeleteLogGroup", logGroupName=GROUP)[0] == "ValidationException"
    world.call(
        "PutLogGroupDeletionProtection", logGroupIdentifier=ARN, deletionProtectionEnabled=False
    )
    world.call("DeleteLogGroup", logGroupName=GROUP)
    assert world.call("DescribeLogGroups")["logGroups"] == []


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("DeleteLogGroup", {}),
        ("CreateLogStream", {"logStreamName": "s"}),
        ("DescribeLogStreams", {}),
        ("FilterLogEvents", {}),
        ("GetLogEvents", {"logStreamName": "s"}),
        ("PutRetentionPolicy", {"retentionInDays": 1}),
        ("ListTagsLogGroup", {}),
    ],
)
def test_a_group_that_is_not_there(world: LogsWorld, operation: str, params: object) -> None:
    assert world.error(operation, logGroupName="nope", **dict(params)) == (  # type: ignore[call-overload]
        "ResourceNotFoundException",
        "The specified log group does not exist.",
    )


@pytest.mark.parametrize("name", ["with space", "a:b", ""])
def test_names_that_no_group_can_have(world: LogsWorld, name: str) -> None:
    assert world.error("CreateLogGroup", logGroupName=name)[0] == "InvalidParameterException"


def test_a_resource_has_fifty_tags_at_most(world: LogsWorld) -> None:
    world.call("CreateLogGroup", logGroupName=GROUP, tags={str(n): "" for n in range(50)})
    code, _ = world.error("TagResource", resourceArn=ARN, tags={"one": "more"})
    assert code == "TooManyTagsException"
