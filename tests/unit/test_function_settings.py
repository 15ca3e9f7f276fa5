"""Policies, tags, layers and the settings that no version owns."""

import json
from pathlib import Path
from typing import Any

import pytest

from localaws.lambda_.errors import resource_not_found
from tests.unit.control_plane import ControlPlane, package

FN = {"FunctionName": "fn"}
ARN = "arn:aws:lambda:us-east-1:123456789012:function:fn"
LAYER = "arn:aws:lambda:us-east-1:123456789012:layer:tools"
TOPIC = "arn:aws:sns:us-east-1:123456789012:orders"
UNQUALIFIED = (
    "This operation is permitted on Lambda functions only. Aliases and versions do not support "
    "this operation. Please specify either a function name or an unqualified function ARN."
)


@pytest.fixture
def plane(tmp_path: Path) -> ControlPlane:
    plane = ControlPlane(tmp_path)
    plane.create(Publish=True)
    return plane


def permission(**params: Any) -> dict[str, Any]:
    sns = {"Principal": "sns.amazonaws.com", "SourceArn": TOPIC}
    return {**FN, "StatementId": "s", "Action": "lambda:InvokeFunction", **sns, **params}


def test_policies_belong_to_what_was_named(plane: ControlPlane) -> None:
    plane.call("CreateAlias", **FN, Name="live", FunctionVersion="1")

    plane.call("AddPermission", **permission(Qualifier="live"))

    assert plane.store.resource_policy("fn", None) is None
    policy = plane.store.resource_policy("fn", "live")
    assert policy is not None
    assert policy["Statement"] == [
        {
            "Sid": "s",
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "lambda:InvokeFunction",
            "Resource": f"{ARN}:live",
            "Condition": {"ArnLike": {"AWS:SourceArn": TOPIC}},
        }
    ]


def test_the_last_statement_takes_the_policy_with_it(plane: ControlPlane) -> None:
    plane.call("AddPermission", **permission())
    assert plane.fail("RemovePermission", **FN, StatementId="other") == (
        "ResourceNotFoundException",
        "Statement other is not found in resource policy.",
        404,
    )

    removed = plane.call("RemovePermission", **FN, StatementId="s")

    assert removed["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert plane.fail("GetPolicy", **FN)[2] == 404
    assert plane.store.resource_policy("fn", None) is None


def test_the_revision_of_a_policy_is_that_of_its_function(plane: ControlPlane) -> None:
    plane.call("AddPermission", **permission())
    first = plane.call("GetPolicy", **FN)["RevisionId"]
    assert plane.call("GetFunctionConfiguration", **FN)["RevisionId"] == first
    plane.call("AddPermission", **permission(StatementId="t", RevisionId=first))

    code, message, _ = plane.fail("RemovePermission", **FN, StatementId="s", RevisionId=first)

    assert code == "PreconditionFailedException"
    assert "Call the GetPolicy API" in message


def test_policies_end_at_20_kilobytes(plane: ControlPlane) -> None:
    for number in range(200):
        answer = plane.call("AddPermission", **permission(StatementId=f"{number:090d}"))
        if "Error" in answer:
            break

    assert answer["Error"]["Code"] == "PolicyLengthExceededException"
    assert len(plane.call("GetPolicy", **FN)["Policy"]) <= 20_480


def test_tags_of_a_function(plane: ControlPlane) -> None:
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
    plane: ControlPlane, arn: str, tags: dict[str, str], message: str
) -> None:
    assert message in plane.fail("TagResource", Resource=arn, Tags=tags)[1]


def test_other_resources_may_have_tags(plane: ControlPlane) -> None:
    mapping = "arn:aws:lambda:us-east-1:123456789012:event-source-mapping:"
    known, unknown = (f"{mapping}{n}-2222-3333-4444-555555555555" for n in ("1" * 8, "9" * 8))

    def check(arn: str) -> None:
        if arn != known:
            raise resource_not_found()

    plane.store.tags.register("event-source-mapping", check)

    plane.call("TagResource", Resource=known, Tags={"a": "1"})
    assert plane.call("ListTags", Resource=known)["Tags"] == {"a": "1"}
    assert plane.fail("ListTags", Resource=unknown)[2] == 404


def test_reserved_concurrency_is_shown_to_the_data_plane(plane: ControlPlane) -> None:
    assert plane.store.reserved_concurrency("fn") is None

    plane.call("PutFunctionConcurrency", **FN, ReservedConcurrentExecutions=0)

    assert plane.store.reserved_concurrency("fn") == 0
    limit = plane.call("GetAccountSettings")["AccountLimit"]
    assert limit["UnreservedConcurrentExecutions"] == limit["ConcurrentExecutions"] == 1000


def test_reserved_concurrency_of_other_functions_counts(plane: ControlPlane) -> None:
    plane.create("other")
    plane.call("PutFunctionConcurrency", FunctionName="other", ReservedConcurrentExecutions=800)

    too_much = plane.fail("PutFunctionConcurrency", **FN, ReservedConcurrentExecutions=101)
    fits = plane.call("PutFunctionConcurrency", **FN, ReservedConcurrentExecutions=100)

    assert "below its minimum value of [100]" in too_much[1]
    assert fits["ReservedConcurrentExecutions"] == 100


def test_settings_of_functions_are_not_those_of_versions(plane: ControlPlane) -> None:
    put = {"FunctionName": f"{ARN}:1", "ReservedConcurrentExecutions": 1}

    assert plane.fail("PutFunctionConcurrency", **put)[1] == UNQUALIFIED


def test_recursion_is_terminated_unless_allowed(plane: ControlPlane) -> None:
    assert plane.call("GetFunctionRecursionConfig", **FN)["RecursiveLoop"] == "Terminate"
    assert plane.store.terminates_recursion("fn")

    plane.call("PutFunctionRecursionConfig", **FN, RecursiveLoop="Allow")

    assert plane.call("GetFunctionRecursionConfig", **FN)["RecursiveLoop"] == "Allow"
    assert not plane.store.terminates_recursion("fn")


def test_answers_of_features_that_nobody_uses_here(plane: ControlPlane) -> None:
    assert "Error" not in plane.call("GetFunctionCodeSigningConfig", **FN)
    runtime = plane.call("GetRuntimeManagementConfig", **FN)
    assert (runtime["UpdateRuntimeOn"], runtime["FunctionArn"]) == ("Auto", f"{ARN}:$LATEST")


def test_a_function_sees_its_layers(plane: ControlPlane) -> None:
    published = plane.call(
        "PublishLayerVersion",
        LayerName="tools",
        Content={"ZipFile": package("# tools")},
        CompatibleRuntimes=["python3.12"],
    )

    updated = plane.update(Layers=[f"{LAYER}:1"])

    assert published["LayerVersionArn"] == f"{LAYER}:1"
    assert updated["Layers"] == [{"Arn": f"{LAYER}:1", "CodeSize": len(package("# tools"))}]
    (directory,) = plane.store.resolve("fn").version.layer_dirs
    assert (directory / "index.py").read_text() == "# tools"


def test_a_deleted_layer_version_stays_with_its_functions(plane: ControlPlane) -> None:
    for _ in range(2):
        content = {"ZipFile": package("# tools")}
        plane.call("PublishLayerVersion", LayerName="tools", Content=content)
    plane.update(Layers=[f"{LAYER}:1"])

    plane.call("DeleteLayerVersion", LayerName="tools", VersionNumber=1)
    plane.pass_time(1000)

    assert plane.store.resolve("fn").version.layer_dirs[0].exists()
    assert plane.fail("GetLayerVersion", LayerName="tools", VersionNumber=1)[2] == 404
    listed = plane.call("ListLayerVersions", LayerName="tools")["LayerVersions"]
    assert [version["Version"] for version in listed] == [2]
    (layer,) = plane.call("ListLayers")["Layers"]
    assert layer["LatestMatchingVersion"]["LayerVersionArn"] == f"{LAYER}:2"


def test_layers_that_are_refused(plane: ControlPlane) -> None:
    for _ in range(2):
        content = {"ZipFile": package("# tools")}
        plane.call("PublishLayerVersion", LayerName="tools", Content=content)

    missing = plane.update(Layers=[f"{LAYER}:9"])
    twice = plane.update(Layers=[f"{LAYER}:1", f"{LAYER}:2"])

    assert missing["Error"]["Message"] == f"Layer version {LAYER}:9 does not exist."
    assert "Two different versions of the same layer" in twice["Error"]["Message"]


def test_policy_of_a_layer_version(plane: ControlPlane) -> None:
    content = {"ZipFile": package("# tools")}
    plane.call("PublishLayerVersion", LayerName="tools", Content=content)
    version = {"LayerName": "tools", "VersionNumber": 1}
    grant = {"StatementId": "all", "Action": "lambda:GetLayerVersion", "Principal": "*"}

    assert plane.fail("GetLayerVersionPolicy", **version)[2] == 404
    added = plane.call("AddLayerVersionPermission", **version, **grant)
    assert json.loads(added["Statement"])["Resource"] == f"{LAYER}:1"
    plane.call("RemoveLayerVersionPermission", **version, StatementId="all")
    assert plane.fail("GetLayerVersionPolicy", **version)[2] == 404


def test_function_urls_are_configured_once(plane: ControlPlane) -> None:
    created = plane.call("CreateFunctionUrlConfig", **FN, AuthType="NONE")

    assert created["FunctionUrl"].endswith(".lambda-url.us-east-1.on.aws/")
    assert plane.fail("CreateFunctionUrlConfig", **FN, AuthType="NONE")[2] == 409
    updated = plane.call("UpdateFunctionUrlConfig", **FN, AuthType="AWS_IAM")
    assert updated["FunctionUrl"] == created["FunctionUrl"]
    assert plane.call("GetFunctionUrlConfig", **FN)["AuthType"] == "AWS_IAM"
    plane.call("DeleteFunction", **FN)
    plane.create()
    assert plane.fail("GetFunctionUrlConfig", **FN)[2] == 404


def test_provisioned_concurrency_needs_a_published_version(plane: ControlPlane) -> None:
    put = {**FN, "ProvisionedConcurrentExecutions": 1}
    name = "PutProvisionedConcurrencyConfig"

    assert "unpublished function versions" in plane.fail(name, **put, Qualifier="$LATEST")[1]
    assert plane.fail(name, **put, Qualifier="live")[1] == f"Cannot find alias arn: {ARN}:live"
    assert plane.fail("GetProvisionedConcurrencyConfig", **FN, Qualifier="1")[0] == (
        "ProvisionedConcurrencyConfigNotFoundException"
    )
    plane.call(name, **put, Qualifier="1")
    plane.pass_time(60)
    assert plane.store.provisioned_concurrency("fn") == {"1": 1}
