"""Code signing configurations: nothing here is signed, so one that enforces refuses code."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.lambda_.control_plane import PlaneWorld, package

PUBLISHERS = {
    "SigningProfileVersionArns": [
        "arn:aws:signer:us-east-1:123456789012:/signing-profiles/team/a1b2c3d4e5"
    ]
}
GONE = "arn:aws:lambda:us-east-1:123456789012:code-signing-config:csc-0123456789abcdefg"
FN = {"FunctionName": "fn"}


@pytest.fixture
def plane(tmp_path: Path) -> PlaneWorld:
    return PlaneWorld(tmp_path)


def made(plane: PlaneWorld, policy: str | None = None, **params: Any) -> dict[str, Any]:
    """Given a configuration."""
    if policy:
        params["CodeSigningPolicies"] = {"UntrustedArtifactOnDeployment": policy}
    answer = plane.call("CreateCodeSigningConfig", AllowedPublishers=PUBLISHERS, **params)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 201
    config: dict[str, Any] = answer["CodeSigningConfig"]
    return config


def test_configurations_of_other_accounts(plane: PlaneWorld) -> None:
    """https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda."""
    arn = "arn:aws:lambda:us-east-1:999999999999:code-signing-config:csc-0123456789abcdef0"
    answer = plane.create("other", CodeSigningConfigArn=arn)
    assert answer["Error"] == {
        "Code": "InvalidParameterValueException",
        "Message": "The code signing configuration must be in the same account as the Lambda "
        f"function. Check the provided ARN: {arn}.",
    }


def test_life_of_a_configuration(plane: PlaneWorld) -> None:
    config = made(plane, Description="one")
    arn = {"CodeSigningConfigArn": config["CodeSigningConfigArn"]}
    assert config["CodeSigningPolicies"] == {"UntrustedArtifactOnDeployment": "Warn"}
    assert config["AllowedPublishers"] == PUBLISHERS

    plane.pass_time()
    enforce = {"UntrustedArtifactOnDeployment": "Enforce"}
    updated = plane.call("UpdateCodeSigningConfig", **arn, CodeSigningPolicies=enforce)
    shown = plane.call("GetCodeSigningConfig", **arn)["CodeSigningConfig"]

    assert updated["CodeSigningConfig"] == shown
    assert (shown["Description"], shown["CodeSigningPolicies"]) == ("one", enforce)
    assert shown["LastModified"] > config["LastModified"]
    assert plane.call("ListCodeSigningConfigs")["CodeSigningConfigs"] == [shown]
    deleted = plane.call("DeleteCodeSigningConfig", **arn)
    assert deleted["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert plane.call("ListCodeSigningConfigs")["CodeSigningConfigs"] == []


@pytest.mark.parametrize(
    "operation",
    [
        "GetCodeSigningConfig",
        "UpdateCodeSigningConfig",
        "DeleteCodeSigningConfig",
        "ListFunctionsByCodeSigningConfig",
    ],
)
def test_a_configuration_that_does_not_exist(plane: PlaneWorld, operation: str) -> None:
    assert plane.fail(operation, CodeSigningConfigArn=GONE) == (
        "ResourceNotFoundException",
        f"The Lambda code signing configuration {GONE} can not be found.",
        404,
    )
    # As LocalStack's `test_function_code_signing_config` recorded it on AWS.
    assert "Type" not in plane.call(operation, CodeSigningConfigArn=GONE)


def test_a_function_and_its_configuration(plane: PlaneWorld) -> None:
    plane.create()
    arn = made(plane)["CodeSigningConfigArn"]
    assert "CodeSigningConfigArn" not in plane.call("GetFunctionCodeSigningConfig", **FN)

    put = plane.call("PutFunctionCodeSigningConfig", **FN, CodeSigningConfigArn=arn)
    shown = plane.call("GetFunctionCodeSigningConfig", **FN)
    users = plane.call("ListFunctionsByCodeSigningConfig", CodeSigningConfigArn=arn)

    for answer in (put, shown):
        assert (answer["CodeSigningConfigArn"], answer["FunctionName"]) == (arn, "fn")
    assert users["FunctionArns"] == ["arn:aws:lambda:us-east-1:123456789012:function:fn"]
    assert plane.fail("DeleteCodeSigningConfig", CodeSigningConfigArn=arn)[2] == 409
    plane.call("DeleteFunctionCodeSigningConfig", **FN)
    assert "CodeSigningConfigArn" not in plane.call("GetFunctionCodeSigningConfig", **FN)
    assert "Error" not in plane.call("DeleteCodeSigningConfig", CodeSigningConfigArn=arn)


def test_a_function_with_a_configuration_that_does_not_exist(plane: PlaneWorld) -> None:
    missing = ("CodeSigningConfigNotFoundException", 404)
    put = plane.fail("PutFunctionCodeSigningConfig", **FN, CodeSigningConfigArn=GONE)
    assert (put[0], put[2]) == missing
    created = plane.create(CodeSigningConfigArn=GONE)
    assert created["Error"]["Code"] == missing[0]


def test_unsigned_code_is_refused_where_signatures_are_enforced(plane: PlaneWorld) -> None:
    strict, lenient = (made(plane, policy)["CodeSigningConfigArn"] for policy in ("Enforce", None))

    refused = plane.create(CodeSigningConfigArn=strict)
    plane.create(CodeSigningConfigArn=lenient)
    assert refused["Error"]["Code"] == "CodeVerificationFailedException"
    assert "Error" not in plane.call("UpdateFunctionCode", **FN, ZipFile=package("# new"))

    plane.pass_time()
    plane.call("PutFunctionCodeSigningConfig", **FN, CodeSigningConfigArn=strict)
    code, _, status = plane.fail("UpdateFunctionCode", **FN, ZipFile=package("# newer"))
    assert (code, status) == ("CodeVerificationFailedException", 400)


def test_tags_of_a_configuration(plane: PlaneWorld) -> None:
    arn = made(plane, Tags={"team": "a"})["CodeSigningConfigArn"]
    plane.call("TagResource", Resource=arn, Tags={"stage": "b"})

    assert plane.call("ListTags", Resource=arn)["Tags"] == {"team": "a", "stage": "b"}
    assert plane.fail("ListTags", Resource=GONE)[2] == 404
