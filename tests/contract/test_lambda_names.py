"""Lambda's function names, against answers recorded from real AWS."""

from typing import Any

import pytest

from tests.contract.recordings import Comparison, load
from tests.contract.replay import ARN, Replay, create
from tests.unit.lambda_.control_plane import ControlPlane, package

RECORDED = load("lambda_api")
MISMATCH = "TestLambdaFunction::test_ops_with_arn_qualifier_mismatch"


@pytest.mark.parametrize(
    ("case", "operation"),
    [
        ("delete_function", "DeleteFunction"),
        ("get_function", "GetFunction"),
        ("get_function_configuration", "GetFunctionConfiguration"),
    ],
)
def test_qualifier_in_arn_and_beside_it(plane: ControlPlane, case: str, operation: str) -> None:
    test = Replay(plane, RECORDED[f"{MISMATCH}[{case}]"])
    arn = f"{ARN}:some-function:$LATEST"

    test.step(
        "not_match_exception", operation, FunctionName=f"{ARN}:some-function:1", Qualifier="2"
    )
    test.step("match_exception", operation, FunctionName=arn, Qualifier="$LATEST")
    test.done()


def test_deleting_what_does_not_exist(plane: ControlPlane) -> None:
    test = Replay(plane, RECORDED["TestLambdaFunction::test_delete_on_nonexisting_version"])

    test.step("delete_function_response_non_existent", "DeleteFunction", FunctionName="fn")
    test.step(
        "delete_function_response_non_existent_with_qualifier",
        "DeleteFunction",
        FunctionName="fn",
        Qualifier="1",
    )
    test.done()


def test_function_names_as_arns(plane: ControlPlane) -> None:
    test = Replay(plane, RECORDED["TestLambdaFunction::test_function_arns"])

    def named(name: str) -> dict[str, Any]:
        return create(plane, name, Code={"ZipFile": package(f"# {name}")})

    created = "CreateFunctionResponse"
    test.compare("create-function-arn-response", named(f"{ARN}:one"), created)
    test.compare(
        "create-function-partial-arn-response", named("111111111111:function:two"), created
    )
    test.compare("invalid_function_name_exc", named("invalid:function:name"))
    test.compare("long_function_name_exc", named("a" * 65))
    test.compare("long_function_arn_exc", named(f"{ARN}:{'a' * 141}"))
    other_region = ARN.replace("us-east-1", "ap-southeast-1")
    test.step("function_arn_other_region_exc", "GetFunction", FunctionName=f"{other_region}:one")
    other_account = ARN.replace("1" * 12, "2" * 12)
    test.step("function_arn_other_account_exc", "GetFunction", FunctionName=f"{other_account}:one")
    test.done()


def name_cases() -> dict[str, tuple[str, str | None]]:
    """Function name and qualifier of each recorded case."""
    bad_region = ARN.replace("us-east-1", "invalid-region")
    return {
        "invalid_characters_in_function_name": ("my-function!", None),
        "function_name_is_single_invalid": ("*", None),
        "invalid_characters_in_qualifier": ("my-function", "invalid!"),
        "qualifier_too_long": ("my-function", "a" * 129),
        "invalid_account_id_in_partial_arn": ("invalid-account:function:my-function", None),
        "invalid_region_in_arn": (f"{bad_region}:my-function", None),
        "non_lambda_arn": ("arn:aws:ec2:us-east-1:111111111111:instance:i-1234567890abcdef0", None),
        "function_name_too_long": ("a" * 65, None),
        "function_name_too_long_and_invalid_region": (f"{bad_region}:my-function{'a' * 170}", None),
        "full_arn_and_qualifier_too_long_and_invalid_region": (
            f"{bad_region}:my-function-{'a' * 170}",
            "a" * 129,
        ),
        "full_arn_with_multiple_qualifiers": (f"{ARN}:my-function:1", "2"),
        "incomplete_arn": ("arn:aws:lambda:us-east-1:111111111111:function", None),
        "partial_arn_with_extra_qualifier": ("function:my-function:$LATEST:extra", None),
        "latest_version_with_additional_qualifier": (f"{ARN}:my-function:$LATEST", "1"),
        "lowercase_latest_qualifier": (f"{ARN}:my-function", "$latest"),
        "missing_region_in_arn": ("arn:aws:lambda::111111111111:function:my-function", None),
        "missing_account_id_in_arn": ("arn:aws:lambda:us-east-1::function:my-function", None),
        "misspelled_latest_in_arn": (f"{ARN}:my-function:$LATES", None),
    }


# The operations that each case is replayed with; there are recordings of more.
REPLAYED = {
    "invalid_characters_in_function_name": "get_function delete_function invoke",
    "function_name_is_single_invalid": "get_function delete_function create_function",
    "invalid_characters_in_qualifier": "create_function",
    "qualifier_too_long": "delete_function create_function",
    "invalid_account_id_in_partial_arn": "get_function delete_function invoke create_function",
    "invalid_region_in_arn": "delete_function invoke",
    "non_lambda_arn": "get_function delete_function invoke create_function",
    "function_name_too_long": "get_function invoke create_function",
    "function_name_too_long_and_invalid_region": "invoke",
    "full_arn_and_qualifier_too_long_and_invalid_region": (
        "get_function delete_function create_function"
    ),
    "full_arn_with_multiple_qualifiers": "create_function",
    "incomplete_arn": "get_function delete_function",
    "partial_arn_with_extra_qualifier": "delete_function create_function",
    "latest_version_with_additional_qualifier": (
        "get_function delete_function invoke create_function"
    ),
    "lowercase_latest_qualifier": "delete_function create_function",
    "missing_region_in_arn": "delete_function create_function",
    "missing_account_id_in_arn": "get_function delete_function create_function",
    "misspelled_latest_in_arn": "delete_function invoke",
}
NAMES = "TestLambdaFunction::test_function_name_and_qualifier_validation["


def name_tests(*operations: str) -> list[str]:
    """The recorded tests of these operations that are replayed, by their names."""
    return [
        f"{NAMES}{case}-{operation}]"
        for case, replayed in REPLAYED.items()
        for operation in replayed.split()
        if operation in operations
    ]


# Those of Invoke are in test_lambda_invoke.
@pytest.mark.parametrize("test", name_tests("get_function", "delete_function", "create_function"))
def test_names_and_qualifiers(plane: ControlPlane, test: str) -> None:
    case, _, operation = test.removeprefix(NAMES).removesuffix("]").rpartition("-")
    name, qualifier = name_cases()[case]

    if operation == "create_function":
        answer = create(plane, f"{name}:{qualifier}" if qualifier else name)
    else:
        call = {"get_function": "GetFunction", "delete_function": "DeleteFunction"}[operation]
        given = {"Qualifier": qualifier} if qualifier else {}
        answer = plane.call(call, FunctionName=name, **given)

    check_refusal(RECORDED[test][f"{operation}_exception"], answer["Error"])


def check_refusal(recorded: dict[str, Any], error: dict[str, Any]) -> None:
    """Compare an error with a recorded one, which lists several violations in any order."""
    assert error["Code"] == recorded["Code"]
    comparison = Comparison()
    if "Message" in recorded:
        comparison.check(recorded["Message"], error["Message"])
    else:
        count = recorded["Count"]
        prefix = f"{count} validation error{'s' if count > 1 else ''} detected: "
        assert error["Message"].startswith(prefix)
        violations = error["Message"].removeprefix(prefix).split("; ")
        comparison.check(sorted(recorded["Errors"]), sorted(violations))
