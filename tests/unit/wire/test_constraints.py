"""What Lambda's model demands, in the words that were recorded from AWS."""

import json
import re
from pathlib import Path

import pytest

from localaws.wire import ServiceSkin
from tests.unit.wire.client import Recorder, WireClient

RECORDINGS = Path(__file__).parents[4] / "shared" / "aws-recordings" / "lambda_api.json"
ROLE = "arn:aws:iam::123456789012:role/r"


@pytest.fixture(scope="module")
def client():
    names = (
        "CreateFunction GetFunction DeleteFunction Invoke AddPermission ListFunctions "
        "PutFunctionEventInvokeConfig CreateEventSourceMapping"
    )
    recorder = Recorder(**{name: {} for name in names.split()})
    return WireClient(ServiceSkin("lambda", recorder.operations), "lambda")


def create(client, **changes):
    params = {"FunctionName": "f", "Role": ROLE, "Code": {"ZipFile": b"PK"}, **changes}
    return client.call("CreateFunction", **params).get("Error", {}).get("Message", "accepted")


def test_what_keeps_to_the_model_is_accepted(client):
    assert create(client, Timeout=900, Architectures=["arm64"]) == "accepted"


def test_ranges_lengths_enums_and_patterns(client):
    detected = "1 validation error detected: "
    assert create(client, Timeout=0) == (
        f"{detected}Value '0' at 'timeout' failed to satisfy constraint: "
        "Member must have value greater than or equal to 1"
    )
    assert create(client, Description="d" * 257).endswith(
        "at 'description' failed to satisfy constraint: "
        "Member must have length less than or equal to 256"
    )
    assert create(client, PackageType="Jar") == (
        f"{detected}Value 'Jar' at 'packageType' failed to satisfy constraint: "
        "Member must satisfy enum value set: [Zip, Image]"
    )
    assert create(client, Architectures=["X86_64"]) == (
        f"{detected}Value '[X86_64]' at 'architectures' failed to satisfy constraint: "
        "Member must satisfy constraint: [Member must satisfy enum value set: "
        "[x86_64, arm64], Member must not be null]"
    )
    assert create(client, Architectures=["x86_64", "arm64"]) == (
        f"{detected}Value '[x86_64, arm64]' at 'architectures' failed to satisfy constraint: "
        "Member must have length less than or equal to 1"
    )


def test_nested_members_are_named_by_their_path(client):
    answer = client.call(
        "PutFunctionEventInvokeConfig",
        FunctionName="f",
        DestinationConfig={"OnFailure": {"Destination": "nowhere"}},
    )
    assert (
        "Value 'nowhere' at 'destinationConfig.onFailure.destination'"
        in (answer["Error"]["Message"])
    )


def test_values_that_may_be_secret_are_not_repeated(client):
    message = create(client, Environment={"Variables": {"1_bad": "my-secret"}})
    assert "at 'environment.variables' failed to satisfy constraint: Map keys must" in message
    assert "my-secret" not in message


def test_every_problem_is_counted(client):
    assert create(client, Timeout=0, Role="r1").startswith("2 validation errors detected: Value ")


def test_missing_members(client):
    answer = client.call("CreateFunction")
    assert answer["Error"]["Code"] == "ValidationException"
    assert (
        "Value null at 'role' failed to satisfy constraint: Member must not be null"
        in (answer["Error"]["Message"])
    )


def test_runtime_is_left_to_the_operation(client):
    assert create(client, Runtime="non-existent-runtime") == "accepted"


def recorded_refusals():
    """Per recorded name or qualifier test: the operation and the problems that AWS listed."""
    if not RECORDINGS.exists():
        return []
    tests = json.loads(RECORDINGS.read_text(encoding="utf-8"))
    marker = "test_function_name_and_qualifier_validation["
    return [
        pytest.param(case.rsplit("-", 1)[1].rstrip("]"), answer, id=case.split("[")[1])
        for case, test in tests.items()
        if marker in case
        for answer in test["content"].values()
        if answer.get("Code") == "ValidationException"
    ]


@pytest.mark.skipif(
    not RECORDINGS.exists(), reason=f"no recordings of real AWS at {RECORDINGS.parent}"
)
@pytest.mark.parametrize(("operation", "recorded"), recorded_refusals())
def test_recorded_refusals_of_names_and_qualifiers(client, operation, recorded):
    # Given the names that AWS refused
    expected = [_concrete(text) for text in recorded["Errors"]]
    values = {
        match["member"]: match["value"]
        for text in expected
        if (match := re.match(r"Value '(?P<value>.*)' at '(?P<member>\w+)'", text))
    }
    params = {"FunctionName": values.get("functionName", "my-function")}
    if "qualifier" in values:
        params["Qualifier"] = values["qualifier"]
    # When they are used here
    name = "".join(part.capitalize() for part in operation.split("_"))
    if name == "CreateFunction":
        params |= {"Role": ROLE, "Code": {"ZipFile": b"PK"}}
    error = client.call(name, **params)["Error"]
    # Then the same problems are listed, in any order
    count = recorded["Count"]
    noun = "error" if count == 1 else "errors"
    prefix = f"{count} validation {noun} detected: "
    assert error["Code"] == recorded["Code"]
    assert error["Message"].startswith(prefix)
    assert sorted(error["Message"].removeprefix(prefix).split("; ")) == sorted(expected)


def _concrete(text):
    text = text.replace("<partition>", "aws").replace("<region>", "us-east-1")
    return re.sub(r"<a:len\((\d+)\)>", lambda match: "a" * int(match[1]), text)
