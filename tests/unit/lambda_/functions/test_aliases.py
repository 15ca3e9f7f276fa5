"""Aliases that split their invocations, and what AWS refuses of aliases."""

from pathlib import Path

import pytest

from tests.unit.lambda_.control_plane import PlaneWorld, package

FN = {"FunctionName": "fn"}
ARN = "arn:aws:lambda:us-east-1:123456789012:function:fn"


def two_versions(work_dir: Path, draws: list[float] | None = None) -> PlaneWorld:
    plane = PlaneWorld(work_dir, draws=draws)
    plane.create(Publish=True)
    plane.call("UpdateFunctionCode", **FN, ZipFile=package("# new"), Publish=True)
    plane.pass_time()
    return plane


def weights(**shares: float) -> dict[str, dict[str, dict[str, float]]]:
    named = {version.removeprefix("v"): share for version, share in shares.items()}
    return {"RoutingConfig": {"AdditionalVersionWeights": named}}


def test_an_alias_stands_for_its_version(tmp_path: Path) -> None:
    plane = two_versions(tmp_path)
    plane.call("CreateAlias", **FN, Name="live", FunctionVersion="1")
    plane.call("CreateAlias", **FN, Name="newest", FunctionVersion="$LATEST")

    live, by_arn = (
        plane.control_plane.resolve("fn", "live"),
        plane.control_plane.resolve(f"{ARN}:live"),
    )

    assert live == by_arn
    assert (live.version.version, live.invoked_arn, live.qualifier) == ("1", f"{ARN}:live", "live")
    assert plane.control_plane.resolve("fn", "newest").version.version == "$LATEST"


def test_a_share_of_invocations_goes_to_the_other_version(tmp_path: Path) -> None:
    plane = two_versions(tmp_path, draws=[0.0, 0.09, 0.1, 0.9])
    plane.call("CreateAlias", **FN, Name="live", FunctionVersion="1", **weights(v2=0.1))

    versions = [plane.control_plane.resolve("fn", "live").version.version for _ in range(4)]

    assert versions == ["2", "2", "1", "1"]


@pytest.mark.parametrize(
    ("version", "shares", "message"),
    [
        ("1", {"v1": 0.5}, "Function version 1 is already included in routing configuration."),
        ("$LATEST", {"v1": 0.5}, "$LATEST is not supported for an alias pointing to more than"),
        ("1", {"v2": 0.1, "v3": 0.1}, "AdditionalVersionWeights cannot be greater than 1"),
        ("1", {"v7": 0.5}, f"Function not found: {ARN}:7"),
        ("7", {}, f"Function not found: {ARN}:7"),
        ("1", {"v2": 1.5}, "Member must have value less than or equal to 1"),
    ],
)
def test_weights_that_are_refused(
    tmp_path: Path, version: str, shares: dict[str, float], message: str
) -> None:
    plane = two_versions(tmp_path)

    alias = {"Name": "live", "FunctionVersion": version}
    assert message in plane.fail("CreateAlias", **FN, **alias, **weights(**shares))[1]


def test_an_alias_with_weights_has_nothing_provisioned(tmp_path: Path) -> None:
    """As in https://github.com/hashicorp/terraform/issues/24957."""
    plane = two_versions(tmp_path)
    plane.call("CreateAlias", **FN, Name="live", FunctionVersion="1", **weights(v2=0.1))
    one = {"Qualifier": "live", "ProvisionedConcurrentExecutions": 1}

    assert plane.fail("PutProvisionedConcurrencyConfig", **FN, **one) == (
        "InvalidParameterValueException",
        "Alias with weights can not be used with Provisioned Concurrency",
        400,
    )
    plane.call("UpdateAlias", **FN, Name="live", RoutingConfig={})
    assert "Error" not in plane.call("PutProvisionedConcurrencyConfig", **FN, **one)


def test_an_alias_moves_only_to_a_version_that_fits_its_weights(tmp_path: Path) -> None:
    """The shares that a request does not name are those of the alias as it is.

    CloudFormation met that in https://github.com/serverless/serverless/issues/7250.
    """
    plane = two_versions(tmp_path)
    plane.call("CreateAlias", **FN, Name="live", FunctionVersion="1", **weights(v2=0.1))

    same = plane.fail("UpdateAlias", **FN, Name="live", FunctionVersion="2")
    latest = plane.fail("UpdateAlias", **FN, Name="live", FunctionVersion="$LATEST")
    assert same[1].startswith("Invalid function version 2. Function version 2 is already included")
    assert latest[1] == "$LATEST is not supported for an alias pointing to more than 1 version"
    assert plane.call("GetAlias", **FN, Name="live")["FunctionVersion"] == "1"

    moved = plane.call("UpdateAlias", **FN, Name="live", FunctionVersion="2", RoutingConfig={})
    assert (moved["FunctionVersion"], "RoutingConfig" in moved) == ("2", False)


def test_an_alias_exists_once(tmp_path: Path) -> None:
    plane = two_versions(tmp_path)
    alias = {**FN, "Name": "live", "FunctionVersion": "1"}
    plane.call("CreateAlias", **alias)

    assert plane.fail("CreateAlias", **alias) == (
        "ResourceConflictException",
        f"Alias already exists: {ARN}:live",
        409,
    )


def test_an_alias_that_is_not_there(tmp_path: Path) -> None:
    plane = two_versions(tmp_path)

    assert plane.fail("GetAlias", **FN, Name="live") == (
        "ResourceNotFoundException",
        f"Cannot find alias arn: {ARN}:live",
        404,
    )


def test_an_alias_changed_meanwhile(tmp_path: Path) -> None:
    plane = two_versions(tmp_path)
    created = plane.call("CreateAlias", **FN, Name="live", FunctionVersion="1")
    update = {**FN, "Name": "live", "RevisionId": created["RevisionId"]}

    moved = plane.call("UpdateAlias", **update, FunctionVersion="2")
    code, _, status = plane.fail("UpdateAlias", **update, FunctionVersion="1")

    assert moved["FunctionVersion"] == "2"
    assert (code, status) == ("PreconditionFailedException", 412)


def test_words_of_refusals_as_recorded(tmp_path: Path) -> None:
    """As LocalStack's `test_notfound_and_invalid_routingconfigs` recorded them on AWS."""
    plane = two_versions(tmp_path)

    alias = {"Name": "live", "FunctionVersion": "$LATEST", **weights(v1=0.5)}
    assert "Type" not in plane.call("CreateAlias", **FN, **alias)
    gone = {"FunctionName": "nope", "Name": "live", "FunctionVersion": "1"}
    nope = ARN.rpartition(":")[0] + ":nope"
    assert plane.fail("CreateAlias", **gone)[1] == f"Function not found: {nope}:1"
