"""Versions: their states, revisions, publishing, deletion, and what an invocation gets."""

import re
from pathlib import Path

import pytest

from localaws.words.errors import AwsError
from tests.unit.lambda_.control_plane import PlaneWorld, package

FN = {"FunctionName": "fn"}
ARN = "arn:aws:lambda:us-east-1:123456789012:function:fn"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:dlq"
STALE = "The Revision Id provided does not match the latest Revision Id."


@pytest.fixture
def plane(tmp_path: Path) -> PlaneWorld:
    return PlaneWorld(tmp_path)


def test_a_function_is_pending_then_active(plane: PlaneWorld) -> None:
    created = plane.create(wait=False)
    assert (created["State"], created["StateReasonCode"]) == ("Pending", "Creating")
    assert plane.control_plane.resolve("fn").state == "Pending"

    plane.pass_time()

    configuration = plane.call("GetFunctionConfiguration", **FN)
    assert (configuration["State"], configuration["LastUpdateStatus"]) == ("Active", "Successful")
    assert plane.control_plane.resolve("fn").state == "Active"


def test_an_update_is_dated_in_whole_seconds(plane: PlaneWorld) -> None:
    """Shown so by answers that people published, the creation's with its milliseconds."""
    plane.pass_time(0.25)
    created = plane.create()
    assert re.search(r"\.[1-9]\d*\+0000$", created["LastModified"])

    for operation, change in (
        ("UpdateFunctionConfiguration", {"Timeout": 4}),
        ("UpdateFunctionCode", {"ZipFile": package("# new")}),
    ):
        plane.pass_time(1.25)
        updated = plane.call(operation, **FN, **change)["LastModified"]
        assert updated.endswith(".000+0000")
        plane.pass_time(1.25)
        shown = plane.call("GetFunctionConfiguration", **FN)["LastModified"]
        assert shown == updated > created["LastModified"]


def test_nothing_changes_a_pending_function(plane: PlaneWorld) -> None:
    plane.create(wait=False)
    text = (
        "The operation cannot be performed at this time. "
        "The function is currently in the following state: Pending"
    )

    for operation in ("UpdateFunctionConfiguration", "PublishVersion"):
        assert plane.fail(operation, **FN) == ("ResourceConflictException", text, 409)


def test_one_update_at_a_time(plane: PlaneWorld) -> None:
    plane.create()
    plane.call("UpdateFunctionConfiguration", **FN, Timeout=4)

    code, message, _ = plane.fail("UpdateFunctionCode", **FN, ZipFile=package("# new"))

    assert code == "ResourceConflictException"
    assert message.endswith(f"An update is in progress for resource: {ARN}")


def test_settling_ends_what_is_under_way(plane: PlaneWorld) -> None:
    plane.create(wait=False)

    plane.control_plane.settle("fn")

    assert plane.call("GetFunctionConfiguration", **FN)["State"] == "Active"
    assert "Error" not in plane.call("PublishVersion", **FN)


def test_environments_are_told_of_updates_but_not_of_states(plane: PlaneWorld) -> None:
    plane.create(wait=False)
    pending = plane.control_plane.resolve("fn").version
    plane.pass_time()
    active = plane.control_plane.resolve("fn").version
    plane.update(Timeout=4)
    updated = plane.control_plane.resolve("fn").version

    assert pending is active
    assert updated.revision_id != active.revision_id


def test_an_invocation_gets_the_current_code(plane: PlaneWorld) -> None:
    plane.create()

    plane.call("UpdateFunctionCode", **FN, ZipFile=package("# new"))

    code = plane.control_plane.resolve("fn").version.code_dir / "index.py"
    assert code.read_text() == "# new"


def test_published_versions_keep_their_dead_letter_target(plane: PlaneWorld) -> None:
    plane.create(DeadLetterConfig={"TargetArn": QUEUE}, Publish=True)

    plane.update(DeadLetterConfig={"TargetArn": ""})

    assert plane.control_plane.resolve("fn", "1").version.dead_letter_target_arn == QUEUE
    assert plane.control_plane.resolve("fn").version.dead_letter_target_arn is None


def test_an_update_back_to_what_was_published_is_not_published_again(
    plane: PlaneWorld,
) -> None:
    plane.create(Timeout=5, Publish=True)
    plane.update(Timeout=6)
    plane.update(Timeout=5)

    assert plane.call("PublishVersion", **FN)["Version"] == "1"


def test_the_same_code_is_not_published_again(plane: PlaneWorld) -> None:
    plane.create(Publish=True)

    answer = plane.call("UpdateFunctionCode", **FN, ZipFile=package(), Publish=True)

    assert answer["Version"] == "1"


def test_publishing_code_that_is_not_there(plane: PlaneWorld) -> None:
    sha256 = plane.create()["CodeSha256"]

    _, message, _ = plane.fail("PublishVersion", **FN, CodeSha256="other")

    assert message == (
        f"CodeSHA256 (other) is different from current CodeSHA256 in $LATEST ({sha256}). "
        "Please try again with the CodeSHA256 in $LATEST."
    )


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("UpdateFunctionConfiguration", {"Timeout": 4}),
        ("UpdateFunctionCode", {"ZipFile": package("# new")}),
        ("PublishVersion", {}),
    ],
)
def test_revision_that_is_not_current(
    plane: PlaneWorld, operation: str, params: dict[str, object]
) -> None:
    first = plane.create()["RevisionId"]
    current = plane.call("GetFunctionConfiguration", **FN)["RevisionId"]

    code, message, status = plane.fail(operation, **FN, **params, RevisionId=first)
    answer = plane.call(operation, **FN, **params, RevisionId=current)

    assert (code, status) == ("PreconditionFailedException", 412)
    assert message.startswith(STALE)
    assert "Error" not in answer


def test_a_dry_run_changes_nothing(plane: PlaneWorld) -> None:
    before = plane.create()["CodeSha256"]

    would_be = plane.call("UpdateFunctionCode", **FN, ZipFile=package("# new"), DryRun=True)

    assert would_be["CodeSha256"] != before
    assert plane.call("GetFunctionConfiguration", **FN)["CodeSha256"] == before


def test_version_that_an_alias_needs_stays(plane: PlaneWorld) -> None:
    plane.create(Publish=True)
    plane.call("CreateAlias", **FN, Name="live", FunctionVersion="1")

    assert plane.fail("DeleteFunction", **FN, Qualifier="1") == (
        "ResourceConflictException",
        "Unable to delete version because the following aliases reference it: [live]",
        409,
    )
    plane.call("DeleteAlias", **FN, Name="live")
    assert "Error" not in plane.call("DeleteFunction", **FN, Qualifier="1")
    assert plane.fail("GetFunction", **FN, Qualifier="1")[1] == f"Function not found: {ARN}:1"


def test_aliases_are_not_deleted_as_versions(plane: PlaneWorld) -> None:
    plane.create()

    _, message, _ = plane.fail("DeleteFunction", **FN, Qualifier="live")

    assert message == "Deletion of aliases is not currently supported."


def test_the_number_of_a_deleted_version_is_not_given_again(plane: PlaneWorld) -> None:
    plane.create(Publish=True)
    plane.call("DeleteFunction", **FN, Qualifier="1")

    assert plane.call("PublishVersion", **FN)["Version"] == "2"


def test_a_deleted_function_is_gone_with_all_it_had(plane: PlaneWorld) -> None:
    plane.create(Publish=True, Tags={"a": "b"})
    plane.call("PutFunctionConcurrency", **FN, ReservedConcurrentExecutions=3)

    assert plane.call("DeleteFunction", **FN)["ResponseMetadata"]["HTTPStatusCode"] == 204
    plane.create()

    found = plane.call("GetFunction", **FN)
    assert "Tags" not in found
    assert "Concurrency" not in found
    assert plane.fail("GetFunction", **FN, Qualifier="1")[2] == 404


@pytest.mark.parametrize(
    ("name", "qualifier", "missing"),
    [("nope", None, "nope:$LATEST"), ("fn", "7", "fn:7"), ("fn:live", None, "fn:live")],
)
def test_resolving_what_does_not_exist(
    plane: PlaneWorld, name: str, qualifier: str | None, missing: str
) -> None:
    plane.create()

    with pytest.raises(AwsError) as refused:
        plane.control_plane.resolve(name, qualifier)

    assert refused.value.code == "ResourceNotFoundException"
    assert refused.value.message == f"Function not found: {ARN.removesuffix('fn')}{missing}"


def test_observers_learn_of_updates_and_deletions(plane: PlaneWorld) -> None:
    seen: list[tuple[str, str]] = []
    plane.control_plane.on_change(lambda name, change: seen.append((name, change)))

    plane.create()
    plane.update(Timeout=4)
    plane.call("UpdateFunctionCode", **FN, ZipFile=package("# new"))
    plane.pass_time()
    plane.call("PublishVersion", **FN)
    plane.call("DeleteFunction", **FN, Qualifier="1")
    plane.call("DeleteFunction", **FN)

    assert seen == [
        ("fn", "updated"),
        ("fn", "updated"),
        ("fn:1", "deleted"),
        ("fn", "deleted"),
    ]


def test_long_lists_come_in_pages(plane: PlaneWorld) -> None:
    for number in range(5):
        plane.create(f"fn-{number}")
    names, marker = [], {}

    while True:
        answer = plane.call("ListFunctions", MaxItems=2, **marker)
        names += [function["FunctionName"] for function in answer["Functions"]]
        if "NextMarker" not in answer:
            break
        marker = {"Marker": answer["NextMarker"]}

    assert names == [f"fn-{number}" for number in range(5)]
    assert plane.fail("ListFunctions", Marker="?")[0] == "InvalidParameterValueException"
