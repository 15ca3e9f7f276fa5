"""What Lambda has and the embedded AWS has not is refused, and never ignored in silence."""

from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import Loader

from tests.unit.lambda_.control_plane import PlaneWorld, package

ROOT = Path(__file__).parents[4]
FN = {"FunctionName": "fn"}
CODE = {"ZipFile": package("# new")}
PROVIDER = "arn:aws:lambda:us-east-1:123456789012:capacity-provider:p"
MANAGED = {"LambdaManagedInstancesCapacityProviderConfig": {"CapacityProviderArn": PROVIDER}}
KEY = "arn:aws:kms:us-east-1:123456789012:key/k"


@pytest.fixture
def plane(tmp_path: Path) -> PlaneWorld:
    plane = PlaneWorld(tmp_path)
    plane.create()
    return plane


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("CreateFunction", {"CapacityProviderConfig": MANAGED}),
        ("CreateFunction", {"Code": {**CODE, "SourceKMSKeyArn": KEY}}),
        ("CreateFunction", {"DurableConfig": {"ExecutionTimeout": 60}}),
        ("CreateFunction", {"PublishTo": "LATEST_PUBLISHED"}),
        ("CreateFunction", {"TenancyConfig": {"TenantIsolationMode": "PER_TENANT"}}),
        ("PublishVersion", {"PublishTo": "LATEST_PUBLISHED"}),
        ("UpdateFunctionCode", {**CODE, "PublishTo": "LATEST_PUBLISHED"}),
        ("UpdateFunctionCode", {**CODE, "S3ObjectStorageMode": "REFERENCE"}),
        ("UpdateFunctionCode", {**CODE, "SourceKMSKeyArn": KEY}),
        ("UpdateFunctionConfiguration", {"CapacityProviderConfig": MANAGED}),
        ("UpdateFunctionConfiguration", {"DurableConfig": {"ExecutionTimeout": 60}}),
    ],
)
def test_parts_of_functions_that_are_not_here(
    plane: PlaneWorld, operation: str, params: dict[str, Any]
) -> None:
    if operation == "CreateFunction":
        answer = plane.create("other", **params)
    else:
        answer = plane.call(operation, **FN, **params)

    assert answer["Error"]["Code"] == "InvalidParameterValueException"
    assert "not part of the embedded AWS. Leave " in answer["Error"]["Message"]


def test_a_package_has_no_settings_of_an_image(plane: PlaneWorld) -> None:
    """https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda."""
    image = {"ImageConfig": {"Command": ["app"]}}
    for answer in (
        plane.create("other", **image),
        plane.call("UpdateFunctionConfiguration", **FN, **image),
    ):
        assert answer["Error"] == {
            "Code": "InvalidParameterValueException",
            "Message": "The ImageConfig parameter is not supported for functions created with "
            "deployment packages.",
        }


def test_what_asks_for_nothing_is_taken(plane: PlaneWorld) -> None:
    assert "Error" not in plane.update(FileSystemConfigs=[], Layers=[])
    assert "Error" not in plane.call("UpdateFunctionCode", **FN, **CODE, S3ObjectStorageMode="COPY")


def test_every_parameter_is_either_read_or_refused() -> None:
    """A parameter that botocore learns must not be ignored: it is named somewhere in the code."""
    model = Loader().load_service_model("lambda", "service-2")
    code = "".join(path.read_text("utf-8") for path in (ROOT / "localaws/lambda_").rglob("*.py"))
    operations = [name for name in model["operations"] if f'"{name}": ' in code]

    unnamed = {
        member
        for name in operations
        for member in model["shapes"][model["operations"][name]["input"]["shape"]]["members"]
        if f'"{member}"' not in code
    }

    assert len(operations) > 60
    assert unnamed == set()
