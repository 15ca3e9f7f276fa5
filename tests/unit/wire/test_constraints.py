"""What Lambda's model demands, in AWS's words; the recorded ones are in tests/contract."""

import pytest

from localaws.wire import ServiceSkin
from localaws.words.lambda_runtimes import CREATABLE
from tests.unit.wire.client import Recorder, WireClient

ROLE = "arn:aws:iam::123456789012:role/r"


@pytest.fixture(scope="module")
def client():
    names = (
        "CreateFunction GetFunction DeleteFunction Invoke AddPermission ListFunctions "
        "PutFunctionEventInvokeConfig CreateEventSourceMapping PublishLayerVersion"
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


def test_values_of_an_enum_are_named_in_the_frameworks_order(client):
    # As AWS named them in https://github.com/ex-aws/ex_aws/pull/442.
    answer = client.call("Invoke", FunctionName="f", InvocationType="dry_run")
    assert answer["Error"]["Message"] == (
        "1 validation error detected: Value 'dry_run' at 'invocationType' failed to satisfy "
        "constraint: Member must satisfy enum value set: [DryRun, RequestResponse, Event]"
    )


def test_runtimes_that_a_layer_is_published_for(client):
    """As in https://github.com/aws-cloudformation/cfn-lint/issues/4427."""
    answer = client.call(
        "PublishLayerVersion",
        LayerName="tools",
        Content={"ZipFile": b"PK"},
        CompatibleRuntimes=["python3.12", "python3.16"],
        CompatibleArchitectures=["x86"],
    )
    message = answer["Error"]["Message"]
    assert message.startswith("2 validation errors detected: Value '[x86]' at 'compatibleArch")
    assert message.endswith(
        f"; Value '[python3.12, python3.16]' at 'compatibleRuntimes' failed to satisfy constraint: "
        f"Member must satisfy enum value set: [{CREATABLE}]"
    )


def test_tags_are_of_letters_and_numbers_of_all_languages(client):
    assert create(client, Tags={"Straße 1": "größer/kleiner=@-_:.+"}) == "accepted"
    assert create(client, Tags={"k*": "v"}).endswith(
        "Map keys must satisfy constraint: [Member must have length less than or equal to 128, "
        "Member must have length greater than or equal to 1, Member must satisfy regular "
        r"expression pattern: ([\p{L}\p{Z}\p{N}_.:/=+\-@]*)]"
    )


def test_structures_in_lists_are_shown_as_java_prints_them(client):
    """As in https://github.com/nubo-db/dynoxide/issues/11; members that are missing are null:
    https://github.com/risingwavelabs/risingwave/issues/17572."""
    arn = "arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-0123456789abcdef0"
    system = {"Arn": arn, "LocalMountPath": "/mnt/data"}
    shown = f"FileSystemConfig(arn={arn}, localMountPath=/mnt/data, s3FilesConfig=null)"
    assert create(client, FileSystemConfigs=[system, system]) == (
        f"1 validation error detected: Value '[{shown}, {shown}]' at 'fileSystemConfigs' failed to "
        "satisfy constraint: Member must have length less than or equal to 1"
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
    assert message.endswith(
        "Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy "
        "constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]"
    )
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
