"""Settings that contradict each other, or name what a function has not."""

from pathlib import Path

import pytest

from tests.unit.lambda_.control_plane import PlaneWorld

FN = {"FunctionName": "fn"}


@pytest.fixture
def plane(tmp_path: Path) -> PlaneWorld:
    plane = PlaneWorld(tmp_path)
    plane.create(Publish=True)
    return plane


def test_provisioned_concurrency_through_an_alias_needs_a_published_version(
    plane: PlaneWorld,
) -> None:
    """AWS says so of an alias of $LATEST, too, whenever that comes to be."""
    put = {**FN, "ProvisionedConcurrentExecutions": 1}
    plane.call("CreateAlias", **FN, Name="newest", FunctionVersion="$LATEST")
    plane.call("CreateAlias", **FN, Name="live", FunctionVersion="1")
    unpublished = "Provisioned Concurrency Configs cannot be applied to unpublished function versi"

    refused = plane.fail("PutProvisionedConcurrencyConfig", **put, Qualifier="newest")
    plane.call("PutProvisionedConcurrencyConfig", **put, Qualifier="live")
    moved = plane.fail("UpdateAlias", **FN, Name="live", FunctionVersion="$LATEST")

    assert refused[1].startswith(unpublished)
    assert moved[1].startswith(unpublished)


def test_a_runtime_is_kept_by_hand_at_a_version_that_is_named(plane: PlaneWorld) -> None:
    """ "RuntimeVersionArn ... is required if you are using the Manual runtime update mode."

    https://docs.aws.amazon.com/lambda/latest/api/API_PutRuntimeManagementConfig.html; the words:
    https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda.
    """
    manual = {**FN, "UpdateRuntimeOn": "Manual"}
    arn = f"arn:aws:lambda:us-east-1::runtime:{'a' * 64}"
    abroad = arn.replace("us-east-1", "eu-west-1")
    auto = {**FN, "UpdateRuntimeOn": "Auto", "RuntimeVersionArn": arn}
    for params, text in (
        (manual, "Missing runtime version ARN. A runtime version ARN is required when Update"),
        (auto, "Unexpected runtime version ARN when UpdateRuntimeVersionOn=Auto. Remove the "),
        ({**manual, "RuntimeVersionArn": abroad}, f"Invalid runtime version ARN ({abroad}). "),
    ):
        code, message, status = plane.fail("PutRuntimeManagementConfig", **params)
        assert (code, status) == ("InvalidParameterValueException", 400)
        assert message.startswith(text)

    plane.call("PutRuntimeManagementConfig", **manual, RuntimeVersionArn=arn)
    assert plane.call("GetRuntimeManagementConfig", **FN)["RuntimeVersionArn"] == arn


def test_functions_of_a_master_region(plane: PlaneWorld) -> None:
    """https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html: replicas alone."""
    region = {"MasterRegion": "us-east-1"}

    assert plane.fail("ListFunctions", **region)[2] == 400
    assert plane.call("ListFunctions", **region, FunctionVersion="ALL")["Functions"] == []
    everything = plane.call("ListFunctions", MasterRegion="ALL", FunctionVersion="ALL")
    assert everything["Functions"]


@pytest.mark.parametrize("one", ["SubnetIds", "SecurityGroupIds"])
def test_a_network_has_subnets_and_security_groups(plane: PlaneWorld, one: str) -> None:
    """As in https://github.com/aws/aws-sdk-js/issues/1293."""
    ids = {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}

    refused = plane.update(VpcConfig={one: ids[one]})

    assert refused["Error"]["Message"] == (
        "SubnetIds and SecurityIds must coexist or be both empty list."
    )
