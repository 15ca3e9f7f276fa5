"""Configurations: defaults, what an update keeps, and what AWS refuses."""

from pathlib import Path
from typing import Any

import pytest

from localaws.lambda_.model import LoggingConfig
from localaws.lambda_.runtime.log_lines import ON_DEMAND, platform_lines
from tests.unit.lambda_.control_plane import ROLE, PlaneWorld, package

QUEUE = "arn:aws:sqs:us-east-1:123456789012:dlq"
TOPIC = "arn:aws:sns:us-east-1:123456789012:dlq"
INVALID = "InvalidParameterValueException"


@pytest.fixture
def plane(tmp_path: Path) -> PlaneWorld:
    return PlaneWorld(tmp_path)


def refusal(answer: dict[str, Any]) -> tuple[str, str]:
    return answer["Error"]["Code"], answer["Error"]["Message"]


def test_what_runs_has_what_was_configured(plane: PlaneWorld) -> None:
    plane.create(
        Timeout=7,
        MemorySize=256,
        Environment={"Variables": {"STAGE": "1"}},
        DeadLetterConfig={"TargetArn": QUEUE},
    )

    version = plane.control_plane.resolve("fn").version

    assert (version.timeout_s, version.memory_mb) == (7, 256)
    assert version.environment == {"STAGE": "1"}
    assert version.dead_letter_target_arn == QUEUE
    assert version.logging == LoggingConfig("/aws/lambda/fn")
    assert (version.handler, version.runtime) == ("index.handler", "python3.12")


def test_a_new_function_has_a_dead_letter_target_or_none(plane: PlaneWorld) -> None:
    """As in https://github.com/cloud-custodian/cloud-custodian/issues/1990."""
    answer = plane.create(DeadLetterConfig={"TargetArn": ""})

    assert refusal(answer) == (
        INVALID,
        "Invalid dead letter queue ARN: ARNs must start with 'arn:':",
    )
    assert "Error" not in plane.create(DeadLetterConfig={})


def test_what_a_snapshot_cannot_have(plane: PlaneWorld) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html"""
    snapshot = {"SnapStart": {"ApplyOn": "PublishedVersions"}}
    large = {"EphemeralStorage": {"Size": 513}}

    assert refusal(plane.create(**snapshot, **large))[0] == INVALID
    plane.create(**snapshot, Publish=True)
    assert refusal(plane.update(**large))[0] == INVALID
    provisioned = {"FunctionName": "fn", "Qualifier": "1", "ProvisionedConcurrentExecutions": 1}
    assert plane.fail("PutProvisionedConcurrencyConfig", **provisioned)[0] == INVALID
    assert "Error" not in plane.update(SnapStart={"ApplyOn": "None"}, **large)


def test_the_log_names_the_runtime_version_of_the_configuration(plane: PlaneWorld) -> None:
    plane.create()
    shown = plane.call("GetFunctionConfiguration", FunctionName="fn")["RuntimeVersionConfig"]

    lines = platform_lines(plane.control_plane.resolve("fn").version, ON_DEMAND)
    (logged,) = lines.init_start(0, "init", "stream")

    assert logged.endswith(f"Runtime Version ARN: {shown['RuntimeVersionArn']}\n")


def test_an_update_keeps_what_it_does_not_name(plane: PlaneWorld) -> None:
    plane.create(Timeout=7, Description="first", Environment={"Variables": {"STAGE": "1"}})

    updated = plane.update(MemorySize=512)

    assert (updated["MemorySize"], updated["Timeout"]) == (512, 7)
    assert updated["Description"] == "first"
    assert updated["Environment"] == {"Variables": {"STAGE": "1"}}


def test_role_that_lambda_cannot_assume(plane: PlaneWorld) -> None:
    plane.iam.untrusted.add(ROLE)

    assert refusal(plane.create()) == (
        INVALID,
        "The role defined for the function cannot be assumed by Lambda.",
    )
    assert plane.fail("GetFunction", FunctionName="fn")[2] == 404


def test_role_of_another_account(plane: PlaneWorld) -> None:
    answer = plane.create(Role="arn:aws:iam::999999999999:role/worker")

    assert refusal(answer) == ("AccessDeniedException", "Cross-account pass role is not allowed.")


@pytest.mark.parametrize(
    ("target", "action", "service", "call"),
    [(QUEUE, "sqs:SendMessage", "SQS", "SendMessage"), (TOPIC, "sns:Publish", "SNS", "Publish")],
)
def test_dead_letter_target_that_the_role_may_not_write(
    plane: PlaneWorld, target: str, action: str, service: str, call: str
) -> None:
    plane.iam.denied.add((action, target))
    plane.create("without")
    dead_letters = {"DeadLetterConfig": {"TargetArn": target}}
    text = f"The provided execution role does not have permissions to call {call} on {service}"

    assert refusal(plane.create("with", **dead_letters)) == (INVALID, text)
    assert refusal(plane.update("without", **dead_letters)) == (INVALID, text)
    assert plane.control_plane.resolve("without").version.dead_letter_target_arn is None


def test_dead_letter_target_is_checked_for_a_new_role(plane: PlaneWorld) -> None:
    plane.create(DeadLetterConfig={"TargetArn": QUEUE})
    plane.iam.denied.add(("sqs:SendMessage", QUEUE))

    assert "Error" not in plane.update(Timeout=4)
    assert refusal(plane.update(Role=ROLE))[0] == INVALID


@pytest.mark.parametrize(("target", "kind"), [(QUEUE, "SQS queue"), (TOPIC, "SNS topic")])
def test_dead_letter_target_that_keeps_an_order(plane: PlaneWorld, target: str, kind: str) -> None:
    """C21, with the words of a deployment that AWS refused."""
    plane.create("without")
    dead_letters = {"DeadLetterConfig": {"TargetArn": f"{target}.fifo"}}
    text = (
        f"Invalid dead letter queue ARN: FIFO {kind} is not supported for dead letter configuration"
    )

    assert refusal(plane.create("with", **dead_letters)) == (INVALID, text)
    assert refusal(plane.update("without", **dead_letters)) == (INVALID, text)
    assert plane.control_plane.resolve("without").version.dead_letter_target_arn is None


def test_empty_dead_letter_config_keeps_and_empty_arn_removes(plane: PlaneWorld) -> None:
    plane.create(DeadLetterConfig={"TargetArn": QUEUE})

    kept = plane.update(DeadLetterConfig={})
    removed = plane.update(DeadLetterConfig={"TargetArn": ""})

    assert kept["DeadLetterConfig"] == {"TargetArn": QUEUE}
    assert "DeadLetterConfig" not in removed
    assert plane.control_plane.resolve("fn").version.dead_letter_target_arn is None


def test_json_logging_has_levels_and_text_has_none(plane: PlaneWorld) -> None:
    created = plane.create(LoggingConfig={"LogFormat": "JSON"})
    levelled = plane.update(LoggingConfig={"ApplicationLogLevel": "DEBUG"})
    grouped = plane.update(LoggingConfig={"LogGroup": "/mine"})
    text = plane.update(LoggingConfig={"LogFormat": "Text"})

    json_defaults = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO", "LogFormat": "JSON"}
    assert created["LoggingConfig"] == {**json_defaults, "LogGroup": "/aws/lambda/fn"}
    assert levelled["LoggingConfig"]["ApplicationLogLevel"] == "DEBUG"
    assert grouped["LoggingConfig"] == {
        **json_defaults,
        "ApplicationLogLevel": "DEBUG",
        "LogGroup": "/mine",
    }
    assert text["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/mine"}


def test_reserved_environment_variables(plane: PlaneWorld) -> None:
    answer = plane.create(Environment={"Variables": {"AWS_REGION": "x", "MINE": "y"}})

    assert refusal(answer)[1].endswith("Reserved keys used in this request: AWS_REGION")


@pytest.mark.parametrize("name", ["LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES"])
def test_variables_of_the_loader_are_refused(plane: PlaneWorld, name: str) -> None:
    answer = plane.create(Environment={"Variables": {name: "/tmp/any.so"}})

    code, message = refusal(answer)
    assert code == "InvalidParameterValueException"
    assert "not part of the embedded aws" in message.lower()
    assert name in message


def test_size_of_the_environment_counts_bytes(plane: PlaneWorld) -> None:
    answer = plane.create(Environment={"Variables": {"UMLAUTS": "ü" * 2100}})

    assert "exceeded the 4KB limit" in refusal(answer)[1]


@pytest.mark.parametrize(
    ("member", "limit", "refused"),
    [
        ("Timeout", 900, "1 validation error detected: Value '901' at 'timeout' failed to satisfy"),
        ("MemorySize", 10_240, "'MemorySize' value failed to satisfy"),
    ],
)
def test_what_is_too_much(plane: PlaneWorld, member: str, limit: int, refused: str) -> None:
    """As AWS says it of the timeout and of the account's memory, with one code for both.

    https://github.com/covidatlas/li/pull/575,
    https://github.com/ubc-cirrus-lab/parrotfish/issues/38
    """
    assert "Error" not in plane.create("most", **{member: limit})
    answer = plane.create("more", **{member: limit + 1})

    constraint = f"constraint: Member must have value less than or equal to {limit}"
    assert refusal(answer) == ("ValidationException", f"{refused} {constraint}")


def test_deprecated_runtime(plane: PlaneWorld) -> None:
    answer = plane.create(Runtime="python3.7")

    assert "The runtime parameter of python3.7 is no longer supported" in refusal(answer)[1]


def test_handler_is_needed(plane: PlaneWorld) -> None:
    answer = plane.call(
        "CreateFunction", FunctionName="fn", Role=ROLE, Code={"ZipFile": b""}, Runtime="python3.12"
    )
    assert answer["Error"]["Code"] == INVALID


def test_container_images_are_refused(plane: PlaneWorld) -> None:
    image = {"FunctionName": "fn", "Role": ROLE, "PackageType": "Image"}
    uri = {"ImageUri": "repository/image"}

    assert (
        "Container images are not part of the embedded AWS"
        in refusal(plane.call("CreateFunction", **image, Code=uri))[1]
    )
    assert refusal(plane.call("CreateFunction", **image, Code={})) == (
        INVALID,
        "ImageUri is required.",
    )
    assert refusal(plane.create(PackageType="Image", Code=uri)) == (
        INVALID,
        "Please don't provide Handler or Runtime or Layer when the intended function PackageType "
        "is Image.",
    )
    plane.create()
    assert refusal(plane.call("UpdateFunctionCode", FunctionName="fn", **uri)) == (
        INVALID,
        "Please don't provide ImageUri when updating a function with packageType Zip.",
    )


def test_code_from_one_place_only(plane: PlaneWorld) -> None:
    code = {"ZipFile": package(), "S3Bucket": "bucket", "S3Key": "key"}
    assert refusal(plane.create(Code=code)) == (
        INVALID,
        "Please do not provide other FunctionCode parameters when providing a ZipFile.",
    )


def test_too_much_ephemeral_storage(plane: PlaneWorld) -> None:
    assert refusal(plane.create(EphemeralStorage={"Size": 10_241}))[0] == "ValidationException"


@pytest.mark.parametrize("level", ["ApplicationLogLevel", "SystemLogLevel"])
def test_text_logs_take_no_level(plane: PlaneWorld, level: str) -> None:
    answer = plane.create(LoggingConfig={"LogFormat": "Text", level: "INFO"})
    assert refusal(answer) == (
        INVALID,
        'LogLevel is not supported when LogFormat is set to "Text". Remove LogLevel from your '
        'request or change the LogFormat to "JSON" and try again.',
    )


def test_log_groups_of_aws(plane: PlaneWorld) -> None:
    """https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda."""
    assert refusal(plane.create(LoggingConfig={"LogGroup": "aws/orders"})) == (
        INVALID,
        "Log groups starting with AWS/ are reserved for AWS. Update the LogGroup value and try "
        "again.",
    )


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        (
            "arn:aws:sqs:eu-west-1:123456789012:q",
            "The resource specified by the TargetArn must be in the same region as the Lambda "
            "function it's associated with.",
        ),
        (
            "arn:aws:s3:::bucket",
            "The resource specified by the TargetArn must be in the same region as the Lambda "
            "function it's associated with.",
        ),
        (
            "arn:aws:lambda:us-east-1:123456789012:function:fn",
            "The service specified by the TargetArn is not supported for dead letter "
            "configuration.",
        ),
    ],
)
def test_dead_letter_targets_that_cannot_be(plane: PlaneWorld, target: str, problem: str) -> None:
    """https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda."""
    assert refusal(plane.create(DeadLetterConfig={"TargetArn": target})) == (
        INVALID,
        f"Invalid dead letter queue ARN: {problem}",
    )


@pytest.mark.parametrize("code", [{"S3Bucket": "bucket"}, {"S3Key": "key"}])
def test_code_in_s3_has_a_bucket_and_a_key(plane: PlaneWorld, code: dict[str, str]) -> None:
    """https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda."""
    assert refusal(plane.create(Code=code)) == (
        INVALID,
        "S3 Bucket and Key are required for uploading with S3 parameters.",
    )


def test_snap_start_is_on_for_published_versions(plane: PlaneWorld) -> None:
    created = plane.create(SnapStart={"ApplyOn": "PublishedVersions"})
    published = plane.call("PublishVersion", FunctionName="fn")
    plane.pass_time()
    ready = plane.call("GetFunctionConfiguration", FunctionName="fn", Qualifier="1")
    refused = plane.create("old", Runtime="python3.9", SnapStart={"ApplyOn": "PublishedVersions"})

    assert created["SnapStart"] == {"ApplyOn": "PublishedVersions", "OptimizationStatus": "Off"}
    assert published["SnapStart"] == {"ApplyOn": "PublishedVersions", "OptimizationStatus": "On"}
    assert (published["State"], ready["State"]) == ("Pending", "Active")
    assert refusal(refused)[1] == "python3.9 is not supported for SnapStart enabled functions."


@pytest.mark.parametrize(
    ("member", "given"),
    [
        ("Handler", {"Handler": "index.\0handler"}),
        ("Environment", {"Environment": {"Variables": {"STAGE": "\0"}}}),
    ],
)
def test_text_that_no_process_can_be_given(
    plane: PlaneWorld, member: str, given: dict[str, Any]
) -> None:
    code, message = refusal(plane.create(**given))
    assert code == INVALID
    assert message.startswith(f"'{member}' contains the character U+0000")
