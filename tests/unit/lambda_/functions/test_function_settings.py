"""Tags, and the settings that no version owns."""

import re
from pathlib import Path

import pytest

from localaws.lambda_.errors import resource_not_found
from tests.unit.lambda_.control_plane import PlaneWorld

FN = {"FunctionName": "fn"}
ARN = "arn:aws:lambda:us-east-1:123456789012:function:fn"
UNQUALIFIED = (
    "This operation is permitted on Lambda functions only. Aliases and versions do not support "
    "this operation. Please specify either a function name or an unqualified function ARN."
)


@pytest.fixture
def plane(tmp_path: Path) -> PlaneWorld:
    plane = PlaneWorld(tmp_path)
    plane.create(Publish=True)
    return plane


def test_tags_of_a_function(plane: PlaneWorld) -> None:
    plane.call("TagResource", Resource=ARN, Tags={"a": "1", "b": "2"})
    plane.call("UntagResource", Resource=ARN, TagKeys=["a"])

    assert plane.call("ListTags", Resource=ARN)["Tags"] == {"b": "2"}
    assert plane.call("GetFunction", **FN)["Tags"] == {"b": "2"}


@pytest.mark.parametrize(
    ("arn", "tags", "message"),
    [
        (f"{ARN}:1", {"a": "1"}, "Tags on function aliases and versions are not supported."),
        (f"{ARN}-gone", {"a": "1"}, f"Function not found: {ARN}-gone"),
        (ARN, {f"k{n}": "" for n in range(51)}, "Number of tags exceeds resource tag limit."),
    ],
)
def test_tags_that_are_refused(
    plane: PlaneWorld, arn: str, tags: dict[str, str], message: str
) -> None:
    assert message in plane.fail("TagResource", Resource=arn, Tags=tags)[1]


def test_other_resources_may_have_tags(plane: PlaneWorld) -> None:
    mapping = "arn:aws:lambda:us-east-1:123456789012:event-source-mapping:"
    known, unknown = (f"{mapping}{n}-2222-3333-4444-555555555555" for n in ("1" * 8, "9" * 8))

    def check(arn: str) -> None:
        if arn != known:
            raise resource_not_found()

    plane.control_plane.tags.register("event-source-mapping", check)

    plane.call("TagResource", Resource=known, Tags={"a": "1"})
    assert plane.call("ListTags", Resource=known)["Tags"] == {"a": "1"}
    assert plane.fail("ListTags", Resource=unknown)[2] == 404


def test_reserved_concurrency_is_shown_to_the_data_plane(plane: PlaneWorld) -> None:
    assert plane.control_plane.reserved_concurrency("fn") is None

    plane.call("PutFunctionConcurrency", **FN, ReservedConcurrentExecutions=0)

    assert plane.control_plane.reserved_concurrency("fn") == 0
    limit = plane.call("GetAccountSettings")["AccountLimit"]
    assert limit["UnreservedConcurrentExecutions"] == limit["ConcurrentExecutions"] == 1000


def test_reserved_concurrency_of_other_functions_counts(plane: PlaneWorld) -> None:
    plane.create("other")
    plane.call("PutFunctionConcurrency", FunctionName="other", ReservedConcurrentExecutions=800)

    too_much = plane.fail("PutFunctionConcurrency", **FN, ReservedConcurrentExecutions=101)
    fits = plane.call("PutFunctionConcurrency", **FN, ReservedConcurrentExecutions=100)

    assert "below its minimum value of [100]" in too_much[1]
    assert fits["ReservedConcurrentExecutions"] == 100


def test_what_functions_take_for_themselves_is_missing_from_the_account(
    plane: PlaneWorld,
) -> None:
    def left() -> int:
        answer = plane.call("GetAccountSettings")
        unreserved: int = answer["AccountLimit"]["UnreservedConcurrentExecutions"]
        assert plane.control_plane.unreserved_concurrency() == unreserved
        return unreserved

    provision = {**FN, "Qualifier": "1", "ProvisionedConcurrentExecutions": 5}
    plane.call("PutProvisionedConcurrencyConfig", **provision)
    assert left() == 995
    plane.call("PutFunctionConcurrency", **FN, ReservedConcurrentExecutions=30)
    assert left() == 970
    plane.create("other")
    other = {"FunctionName": "other", "ReservedConcurrentExecutions": 870}
    plane.call("PutFunctionConcurrency", **other)
    assert left() == 100
    assert (
        "below its minimum value of [100]"
        in plane.fail("PutFunctionConcurrency", **{**other, "ReservedConcurrentExecutions": 871})[1]
    )


def test_settings_of_functions_are_not_those_of_versions(plane: PlaneWorld) -> None:
    put = {"FunctionName": f"{ARN}:1", "ReservedConcurrentExecutions": 1}

    assert plane.fail("PutFunctionConcurrency", **put)[1] == UNQUALIFIED


def test_recursion_is_terminated_unless_allowed(plane: PlaneWorld) -> None:
    assert plane.call("GetFunctionRecursionConfig", **FN)["RecursiveLoop"] == "Terminate"
    assert plane.control_plane.terminates_recursion("fn")

    plane.call("PutFunctionRecursionConfig", **FN, RecursiveLoop="Allow")

    assert plane.call("GetFunctionRecursionConfig", **FN)["RecursiveLoop"] == "Allow"
    assert not plane.control_plane.terminates_recursion("fn")


def test_answers_of_features_that_nobody_uses_here(plane: PlaneWorld) -> None:
    assert "Error" not in plane.call("GetFunctionCodeSigningConfig", **FN)
    runtime = plane.call("GetRuntimeManagementConfig", **FN)
    assert (runtime["UpdateRuntimeOn"], runtime["FunctionArn"]) == ("Auto", f"{ARN}:$LATEST")


def test_function_urls_are_configured_once(plane: PlaneWorld) -> None:
    created = plane.call("CreateFunctionUrlConfig", **FN, AuthType="NONE")

    # As LocalStack's `test_url_config_list_paging` recorded it on AWS: only a reader is told.
    assert "InvokeMode" not in created
    assert plane.call("GetFunctionUrlConfig", **FN)["InvokeMode"] == "BUFFERED"
    assert re.fullmatch(r"http://127.0.0.1:4566/_lambda-url/[a-z0-9]{32}/", created["FunctionUrl"])
    assert plane.fail("CreateFunctionUrlConfig", **FN, AuthType="NONE")[2] == 409
    updated = plane.call("UpdateFunctionUrlConfig", **FN, AuthType="AWS_IAM")
    assert updated["FunctionUrl"] == created["FunctionUrl"]
    assert "InvokeMode" not in updated
    streamed = plane.call("UpdateFunctionUrlConfig", **FN, InvokeMode="RESPONSE_STREAM")
    assert streamed["InvokeMode"] == "RESPONSE_STREAM"
    assert plane.call("GetFunctionUrlConfig", **FN)["AuthType"] == "AWS_IAM"
    plane.call("DeleteFunction", **FN)
    plane.create()
    assert plane.fail("GetFunctionUrlConfig", **FN)[2] == 404


def test_provisioned_concurrency_needs_a_published_version(plane: PlaneWorld) -> None:
    put = {**FN, "ProvisionedConcurrentExecutions": 1}
    name = "PutProvisionedConcurrencyConfig"

    assert "unpublished function versions" in plane.fail(name, **put, Qualifier="$LATEST")[1]
    assert plane.fail(name, **put, Qualifier="live")[1] == f"Cannot find alias arn: {ARN}:live"
    # As LocalStack's `test_provisioned_concurrency_exceptions` recorded it on AWS.
    for other in ("GetProvisionedConcurrencyConfig", "DeleteProvisionedConcurrencyConfig"):
        assert plane.fail(other, **FN, Qualifier="$LATEST")[1] == (
            "The function resource provided must be an alias or a published version."
        )
    nowhere = {**put, "FunctionName": "nope"}
    gone = ARN.rpartition(":")[0] + ":nope"
    assert plane.fail(name, **nowhere, Qualifier="live")[1] == (
        f"Cannot find alias arn: {gone}:live"
    )
    assert plane.fail(name, **nowhere, Qualifier="1")[1] == f"Function not found: {gone}:1"
    assert plane.fail("GetProvisionedConcurrencyConfig", **FN, Qualifier="1")[0] == (
        "ProvisionedConcurrencyConfigNotFoundException"
    )
    plane.call(name, **put, Qualifier="1")
    plane.pass_time(60)
    assert plane.control_plane.provisioned_concurrency("fn") == {"1": 1}


@pytest.mark.parametrize(
    ("reserved", "provisioned", "message"),
    [
        (3, 4, "should not be greater than the reservedConcurrentExecution for function"),
        (None, 1001, "greater than account's unreserved concurrency [1000]"),
        (None, 901, "below its minimum value of [100]"),
    ],
)
def test_room_for_provisioned_concurrency(
    plane: PlaneWorld, reserved: int | None, provisioned: int, message: str
) -> None:
    if reserved is not None:
        plane.call("PutFunctionConcurrency", **FN, ReservedConcurrentExecutions=reserved)

    put = {**FN, "Qualifier": "1", "ProvisionedConcurrentExecutions": provisioned}
    assert message in plane.fail("PutProvisionedConcurrencyConfig", **put)[1]


def test_reserved_concurrency_covers_what_is_provisioned(plane: PlaneWorld) -> None:
    put = {**FN, "Qualifier": "1", "ProvisionedConcurrentExecutions": 5}
    plane.call("PutProvisionedConcurrencyConfig", **put)

    _, message, _ = plane.fail("PutFunctionConcurrency", **FN, ReservedConcurrentExecutions=3)

    assert "should not be lower than function's total provisioned concurrency [5]" in message


def test_every_version_counts_in_the_code_size_of_the_account(plane: PlaneWorld) -> None:
    size = plane.call("GetFunctionConfiguration", **FN)["CodeSize"]

    usage = plane.call("GetAccountSettings")["AccountUsage"]

    assert usage == {"TotalCodeSize": 2 * size, "FunctionCount": 1}


def test_runtime_management_is_kept_per_version(plane: PlaneWorld) -> None:
    plane.call("PutRuntimeManagementConfig", **FN, Qualifier="1", UpdateRuntimeOn="FunctionUpdate")

    version = plane.call("GetRuntimeManagementConfig", **FN, Qualifier="1")
    latest = plane.call("GetRuntimeManagementConfig", **FN)
    assert version["UpdateRuntimeOn"] == "FunctionUpdate"
    assert latest["UpdateRuntimeOn"] == "Auto"


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("PutRuntimeManagementConfig", {"UpdateRuntimeOn": "FunctionUpdate"}),
        ("GetRuntimeManagementConfig", {}),
    ],
)
def test_the_runtime_of_an_alias_is_not_managed(
    plane: PlaneWorld, operation: str, params: dict[str, str]
) -> None:
    """As in https://github.com/DataBiosphere/azul/issues/7730."""
    plane.call("CreateAlias", **FN, Name="active", FunctionVersion="1")

    assert plane.fail(operation, **FN, **params, Qualifier="active") == (
        "InvalidParameterValueException",
        f"The provided function name {ARN}:active is invalid. Aliases are not allowed.",
        400,
    )


def test_networks_and_file_systems_are_not_here(plane: PlaneWorld) -> None:
    vpc = plane.update(VpcConfig={"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]})
    none = plane.update(VpcConfig={"SubnetIds": [], "SecurityGroupIds": []})

    arn = "arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-0123456789abcdef0"
    files = plane.update(FileSystemConfigs=[{"Arn": arn, "LocalMountPath": "/mnt/files"}])

    assert "The subnet ID 'subnet-1' does not exist" in vpc["Error"]["Message"]
    assert none["VpcConfig"]["SubnetIds"] == []
    assert files["Error"]["Message"] == (
        "File systems are not part of the embedded AWS. Leave FileSystemConfigs out."
    )


def test_a_function_s_revision_changes_with_its_tags(plane: PlaneWorld) -> None:
    """As LocalStack's `TestLambdaTags::test_tag_lifecycle` recorded it on AWS."""

    def revision() -> str:
        return str(plane.call("GetFunctionConfiguration", **FN)["RevisionId"])

    seen = [revision()]
    for operation, params in (
        ("TagResource", {"Tags": {"a": "1"}}),
        ("TagResource", {"Tags": {"a": "2"}}),
        ("UntagResource", {"TagKeys": ["a"]}),
    ):
        plane.call(operation, Resource=ARN, **params)
        seen.append(revision())
    assert len(set(seen)) == len(seen)


def test_reserving_for_a_function_that_is_missing_names_latest(plane: PlaneWorld) -> None:
    """As LocalStack's `test_function_concurrency_exceptions` recorded it on AWS."""
    gone = {"FunctionName": "gone"}
    put = plane.fail("PutFunctionConcurrency", **gone, ReservedConcurrentExecutions=10_000)

    assert put[1] == f"Function not found: {ARN[:-2]}gone:$LATEST"
    read = plane.fail("GetFunctionConcurrency", **gone)
    assert read[1] == f"Function not found: {ARN[:-2]}gone"
