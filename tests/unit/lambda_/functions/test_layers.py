"""Layers: what functions see of them, and what AWS refuses."""

import json
from pathlib import Path
from typing import Any

import pytest

from localaws.lambda_.functions import validation
from tests.unit.lambda_.control_plane import PlaneWorld, package

LAYER = "arn:aws:lambda:us-east-1:123456789012:layer:tools"


@pytest.fixture
def plane(tmp_path: Path) -> PlaneWorld:
    plane = PlaneWorld(tmp_path)
    plane.create(Publish=True)
    return plane


def test_a_function_sees_its_layers(plane: PlaneWorld) -> None:
    published = plane.call(
        "PublishLayerVersion",
        LayerName="tools",
        Content={"ZipFile": package("# tools")},
        CompatibleRuntimes=["python3.12"],
    )

    updated = plane.update(Layers=[f"{LAYER}:1"])

    assert published["LayerVersionArn"] == f"{LAYER}:1"
    assert updated["Layers"] == [{"Arn": f"{LAYER}:1", "CodeSize": len(package("# tools"))}]
    (directory,) = plane.control_plane.resolve("fn").version.layer_dirs
    assert (directory / "index.py").read_text() == "# tools"


def test_a_deleted_layer_version_stays_with_its_functions(plane: PlaneWorld) -> None:
    for _ in range(2):
        content = {"ZipFile": package("# tools")}
        plane.call("PublishLayerVersion", LayerName="tools", Content=content)
    plane.update(Layers=[f"{LAYER}:1"])

    plane.call("DeleteLayerVersion", LayerName="tools", VersionNumber=1)
    plane.pass_time(1000)

    assert plane.control_plane.resolve("fn").version.layer_dirs[0].exists()
    assert plane.fail("GetLayerVersion", LayerName="tools", VersionNumber=1)[2] == 404
    listed = plane.call("ListLayerVersions", LayerName="tools")["LayerVersions"]
    assert [version["Version"] for version in listed] == [2]
    (layer,) = plane.call("ListLayers")["Layers"]
    assert layer["LatestMatchingVersion"]["LayerVersionArn"] == f"{LAYER}:2"


def test_layers_that_are_refused(plane: PlaneWorld) -> None:
    """The words as LocalStack's `test_layer_function_exceptions` recorded them on AWS."""
    for _ in range(2):
        content = {"ZipFile": package("# tools")}
        plane.call("PublishLayerVersion", LayerName="tools", Content=content)

    missing = plane.update(Layers=[f"{LAYER}:9"])
    twice = plane.update(Layers=[f"{LAYER}:1", f"{LAYER}:2"])

    assert missing["Error"]["Message"] == f"Layer version {LAYER}:9 does not exist."
    assert twice["Error"]["Message"].endswith(
        f"same function. {LAYER}:1 and {LAYER}:2 are versions of the same layer."
    )
    same = plane.update(Layers=[f"{LAYER}:1", f"{LAYER}:1"])
    assert same["Error"]["Message"].endswith(
        f"same function. {LAYER}:1 and {LAYER}:1 are versions of the same layer."
    )


def test_code_and_layers_are_small_enough_together(
    plane: PlaneWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in https://github.com/lambci/git-lambda-layer/issues/27 and
    https://github.com/bento-video/bento/issues/1."""
    monkeypatch.setattr(validation, "MAX_UNZIPPED_BYTES", 100)
    plane.call("PublishLayerVersion", LayerName="tools", Content={"ZipFile": package("x" * 60)})
    plane.call("PublishLayerVersion", LayerName="more", Content={"ZipFile": package("x" * 41)})
    both = [f"{LAYER}:1", f"{LAYER.replace('tools', 'more')}:1"]
    combined = "Function code combined with layers exceeds the maximum allowed size of 100 bytes. "

    layers = plane.update(Layers=both)["Error"]["Message"]
    assert layers == "Layers consume more than the available size of 100 bytes"
    code = {"Code": {"ZipFile": package("x" * 41)}, "Layers": both[:1]}
    created = plane.create("other", **code)["Error"]["Message"]
    assert created == f"{combined}The actual size is 101 bytes."
    plane.create("small", Code={"ZipFile": package("x" * 40)}, Layers=both[:1])
    updated = plane.fail("UpdateFunctionCode", FunctionName="small", ZipFile=package("x" * 50))
    assert updated[1] == f"{combined}The actual size is 110 bytes."


def test_policy_of_a_layer_version(plane: PlaneWorld) -> None:
    content = {"ZipFile": package("# tools")}
    plane.call("PublishLayerVersion", LayerName="tools", Content=content)
    version = {"LayerName": "tools", "VersionNumber": 1}
    grant = {"StatementId": "all", "Action": "lambda:GetLayerVersion", "Principal": "*"}

    assert plane.fail("GetLayerVersionPolicy", **version)[2] == 404
    added = plane.call("AddLayerVersionPermission", **version, **grant)
    assert json.loads(added["Statement"])["Resource"] == f"{LAYER}:1"
    plane.call("RemoveLayerVersionPermission", **version, StatementId="all")
    assert plane.fail("GetLayerVersionPolicy", **version)[2] == 404


def test_an_organization_has_no_principal(plane: PlaneWorld) -> None:
    """https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda."""
    content = {"ZipFile": package("# tools")}
    plane.call("PublishLayerVersion", LayerName="tools", Content=content)
    grant = {
        "LayerName": "tools",
        "VersionNumber": 1,
        "StatementId": "all",
        "Action": "lambda:GetLayerVersion",
        "OrganizationId": "o-1234567890",
    }
    refused = plane.fail("AddLayerVersionPermission", **grant, Principal="123456789012")
    assert refused == (
        "InvalidParameterValueException",
        "If organization id is specified then principal should be *",
        400,
    )
    plane.call("AddLayerVersionPermission", **grant, Principal="*")


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_a_layer_of_another_account_that_gives_no_permission(
    plane: PlaneWorld, region: str
) -> None:
    arn = f"arn:aws:lambda:{region}:999999999999:layer:tools:1"
    answer = plane.create("other", Layers=[arn])
    assert answer["Error"]["Code"] == "AccessDeniedException"
    assert answer["Error"]["Message"].endswith(
        f"is not authorized to perform: lambda:GetLayerVersion on resource: {arn} because no "
        "resource-based policy allows the lambda:GetLayerVersion action"
    )


def test_a_public_layer_is_told_as_missing_here(plane: PlaneWorld) -> None:
    arn = "arn:aws:lambda:us-east-1:999999999999:layer:AWSLambdaPowertoolsPythonV3-python313:7"

    message = plane.create("other", Layers=[arn])["Error"]["Message"]

    assert "Layers of other accounts are not part of the embedded AWS: publish" in message


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("PublishLayerVersion", {"Content": {"ZipFile": package("# tools")}}),
        ("GetLayerVersion", {"VersionNumber": 1}),
        ("ListLayerVersions", {}),
        ("DeleteLayerVersion", {"VersionNumber": 1}),
    ],
)
def test_another_account_s_layer_is_nobody_else_s(
    plane: PlaneWorld, operation: str, params: dict[str, Any]
) -> None:
    own = plane.call("PublishLayerVersion", LayerName="tools", Content={"ZipFile": package()})
    foreign = LAYER.replace("123456789012", "999999999999")

    code, message, status = plane.fail(operation, LayerName=foreign, **params)

    assert (code, status) == ("AccessDeniedException", 403)
    assert f"is not authorized to perform: lambda:{operation} on resource: {foreign}" in message
    by_arn = plane.fail("GetLayerVersionByArn", Arn=f"{foreign}:1")
    assert f"lambda:GetLayerVersion on resource: {foreign}:1 because no resource-" in by_arn[1]
    assert (
        "is not in this region"
        in plane.fail(operation, LayerName=LAYER.replace("us-east-1", "eu-west-1"), **params)[1]
    )
    assert plane.call("ListLayerVersions", LayerName=own["LayerArn"])["LayerVersions"]


def test_questions_about_layers_that_are_refused(plane: PlaneWorld) -> None:
    """As LocalStack's `test_layer_exceptions` recorded them on AWS."""
    for operation in ("GetLayerVersion", "DeleteLayerVersion"):
        assert plane.fail(operation, LayerName="tools", VersionNumber=0) == (
            "InvalidParameterValueException",
            "Layer Version Cannot be less than 1",
            400,
        )
    for operation, params in (("ListLayers", {}), ("ListLayerVersions", {"LayerName": "tools"})):
        refused = plane.fail(operation, **params, CompatibleRuntime="python9")
        assert refused[0] == "ValidationException"
        assert "Value 'python9' at 'compatibleRuntime' failed to satisfy" in refused[1]
        assert (
            "enum value set: [ruby2.6, dotnetcore1.0, python3.7, nodejs8.10, nasa, " in refused[1]
        )
        past = plane.call(operation, **params, CompatibleRuntime="python2.7")
        assert "Error" not in past
