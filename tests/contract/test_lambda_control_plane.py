"""Lambda's control plane against answers recorded from real AWS: what the recorded tests did."""

import json
from pathlib import Path
from typing import Any

import pytest

from localaws.identity import Identity
from tests.contract.recordings import Comparison, load
from tests.unit.control_plane import ControlPlane, package

RECORDED = load("lambda_api")
RECORDED_RUNTIME = load("lambda")
IDENTITY = Identity("111111111111", "us-east-1")
ROLE = "arn:aws:iam::111111111111:role/worker"
ARN = "arn:aws:lambda:us-east-1:111111111111:function"


class Replay:
    """One recorded test, performed step by step."""

    def __init__(self, plane: ControlPlane, content: dict[str, Any], **known: str) -> None:
        self.plane = plane
        self._content = content
        self._comparison = Comparison(**known)
        self.seen: set[str] = set()

    def step(self, step: str, operation: str, within: str | None = None, **params: Any) -> Any:
        """Call an operation and compare the answer with the step's."""
        return self.compare(step, self.plane.call(operation, **params), within)

    def compare(self, step: str, answer: dict[str, Any], within: str | None = None) -> Any:
        self.seen.add(step)
        recorded = self._content[step]
        answer = _as_recorded(answer)
        self._comparison.check(recorded[within] if within else recorded, answer, step)
        return answer

    def done(self, *left_out: str) -> None:
        """Every step was performed, but for those named."""
        assert self.seen | set(left_out) == set(self._content)


def _as_recorded(answer: dict[str, Any]) -> dict[str, Any]:
    """Recorded policies are shown as objects; a deleted function's status only as HTTP status."""
    answer = {key: value for key, value in answer.items() if key != "StatusCode"}
    for member in ("Policy", "Statement"):
        if member in answer:
            answer[member] = json.loads(answer[member])
    return answer


@pytest.fixture
def plane(tmp_path: Path) -> ControlPlane:
    return ControlPlane(tmp_path, IDENTITY)


def replay(plane: ControlPlane, test: str, **known: str) -> Replay:
    return Replay(plane, RECORDED[test], **known)


def create(plane: ControlPlane, name: str = "fn", **params: Any) -> dict[str, Any]:
    """As the recorded tests create functions, where they do not say otherwise."""
    defaults = {
        "Role": ROLE,
        "Handler": "handler.handler",
        "Timeout": 30,
        "Environment": {"Variables": {}},
    }
    return plane.create(name, **{**defaults, **params})


def plain(plane: ControlPlane, name: str = "fn", **params: Any) -> dict[str, Any]:
    """A function with nothing but what is mandatory."""
    return plane.create(name, Role=ROLE, **params)


@pytest.mark.parametrize(
    ("case", "operation"),
    [
        ("delete_function", "DeleteFunction"),
        ("get_function", "GetFunction"),
        ("get_function_configuration", "GetFunctionConfiguration"),
    ],
)
def test_qualifier_in_arn_and_beside_it(plane: ControlPlane, case: str, operation: str) -> None:
    test = replay(plane, f"TestLambdaFunction::test_ops_with_arn_qualifier_mismatch[{case}]")
    arn = f"{ARN}:some-function:$LATEST"

    test.step(
        "not_match_exception", operation, FunctionName=f"{ARN}:some-function:1", Qualifier="2"
    )
    test.step("match_exception", operation, FunctionName=arn, Qualifier="$LATEST")
    test.done()


def test_deleting_what_does_not_exist(plane: ControlPlane) -> None:
    test = replay(plane, "TestLambdaFunction::test_delete_on_nonexisting_version")

    test.step("delete_function_response_non_existent", "DeleteFunction", FunctionName="fn")
    test.step(
        "delete_function_response_non_existent_with_qualifier",
        "DeleteFunction",
        FunctionName="fn",
        Qualifier="1",
    )
    test.done()


def test_function_names_as_arns(plane: ControlPlane) -> None:
    test = replay(plane, "TestLambdaFunction::test_function_arns")

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


def _name_cases() -> dict[str, tuple[str, str | None]]:
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


NAMES = "TestLambdaFunction::test_function_name_and_qualifier_validation["
# Invoke is the data plane's.
NAME_TESTS = [test for test in RECORDED if test.startswith(NAMES) and not test.endswith("-invoke]")]


@pytest.mark.parametrize("test", NAME_TESTS)
def test_names_and_qualifiers(plane: ControlPlane, test: str) -> None:
    case, _, operation = test.removeprefix(NAMES).removesuffix("]").rpartition("-")
    name, qualifier = _name_cases()[case]

    if operation == "create_function":
        answer = create(plane, f"{name}:{qualifier}" if qualifier else name)
    else:
        call = {"get_function": "GetFunction", "delete_function": "DeleteFunction"}[operation]
        given = {"Qualifier": qualifier} if qualifier else {}
        answer = plane.call(call, FunctionName=name, **given)

    recorded = RECORDED[test][f"{operation}_exception"]
    error = answer["Error"]
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


def test_creations_that_are_refused(plane: ControlPlane) -> None:
    test = replay(plane, "TestLambdaFunction::test_create_lambda_exceptions")

    test.compare("invalid_role_arn_exc", create(plane, Role="r1"))
    test.compare("invalid_runtime_exc", create(plane, Runtime="non-existent-runtime"))
    test.compare("uppercase_runtime_exc", create(plane, Runtime="PYTHON3.9"))
    test.compare("multiple_architectures", create(plane, Architectures=["x86_64", "arm64"]))
    test.compare("uppercase_architecture", create(plane, Architectures=["X86_64"]))
    test.compare("invalid_zip_exc", create(plane, Code={"ZipFile": b"this is not a zip"}))
    test.done("empty_architectures")  # botocore itself refuses to send it


def test_lists_of_functions(plane: ControlPlane) -> None:
    test = replay(plane, "TestLambdaFunction::test_list_functions")
    created = "CreateFunctionResponse"

    test.compare("create_response_1", create(plane, "fn-1", Publish=True), created)
    second = create(plane, "fn-2", Code={"ZipFile": package("# other")})
    test.compare("create_response_2", second, created)
    test.step("list_functions_invalid_functionversion", "ListFunctions", FunctionVersion="invalid")
    every = test.plane.call("ListFunctions", FunctionVersion="ALL")
    test.compare("list_all", every)
    test.compare("list_default", test.plane.call("ListFunctions"))
    test.done()


def test_life_of_versions(plane: ControlPlane) -> None:
    test = replay(plane, "TestLambdaVersions::test_version_lifecycle")
    fn = {"FunctionName": "fn"}

    def update(step: str, description: str) -> None:
        test.step(step, "UpdateFunctionConfiguration", **fn, Description=description)
        plane.pass_time()

    test.compare("create_response", plain(plane, Description="No version :("))
    test.step("get_function_result", "GetFunction", **fn)
    test.step("list_versions_result", "ListVersionsByFunction", **fn)
    update("first_update_response", "First version :)")
    test.step("first_update_get_function", "GetFunction", **fn)
    first = {"Description": "First version description :)"}
    test.step("first_publish_response", "PublishVersion", **fn, **first)
    test.step("first_publish_get_function", "GetFunction", **fn, Qualifier="1")
    test.step("first_publish_get_function_config", "GetFunctionConfiguration", **fn, Qualifier="1")
    update("second_update_response", "Second version :))")
    test.step("first_publish_get_function_after_update", "GetFunction", **fn, Qualifier="1")
    test.step("second_publish_response", "PublishVersion", **fn)
    test.step("third_publish_response", "PublishVersion", **fn)
    test.step("list_versions_result_after_third_publish", "ListVersionsByFunction", **fn)
    plane.call("DeleteFunction", **fn, Qualifier="1")
    test.step(
        "list_versions_result_after_deletion_of_first_version", "ListVersionsByFunction", **fn
    )
    test.done()


def test_publishing_with_an_update(plane: ControlPlane) -> None:
    test = replay(plane, "TestLambdaVersions::test_publish_with_update")
    fn = {"FunctionName": "fn"}

    test.compare("create_response", plain(plane))
    test.step("get_function_result", "GetFunction", **fn)
    update = {"ZipFile": package("# new"), "Publish": True}
    test.step("update_function_code_result", "UpdateFunctionCode", **fn, **update)
    test.step("get_function_version_result", "GetFunction", **fn, Qualifier="1")
    test.step("get_function_latest_result", "GetFunction", **fn, Qualifier="$LATEST")
    test.done()


def test_life_of_aliases(plane: ControlPlane) -> None:
    test = replay(plane, "TestLambdaAlias::test_alias_lifecycle")
    fn = {"FunctionName": "fn"}
    staging, prod = ({"Variables": {"testenv": name}} for name in ("staging", "prod"))

    def alias(step: str, name: str, operation: str = "CreateAlias", **params: Any) -> None:
        test.step(step, operation, **fn, Name=name, **params)

    test.compare("create_response", plain(plane, Environment=staging))
    test.step("publish_v1", "PublishVersion", **fn)
    plane.update(Environment=prod)
    test.step("publish_v2", "PublishVersion", **fn)
    first = {"FunctionVersion": "1", "Description": "custom-alias"}
    split = {"RoutingConfig": {"AdditionalVersionWeights": {"2": 0.2}}}
    alias("create_alias_1_1", "aliasname1_1", **first, **split)
    alias("get_alias_1_1", "aliasname1_1", "GetAlias")
    test.step("get_function_alias_1_1", "GetFunction", **fn, Qualifier="aliasname1_1")
    test.step("get_function_byarn_alias_1_1", "GetFunction", FunctionName=f"{ARN}:fn:aliasname1_1")
    missing = {"Qualifier": "aliasdoesnotexist"}
    test.step("get_function_alias_notfound_exc", "GetFunction", **fn, **missing)
    by_arn = {"FunctionName": f"{ARN}:fn:aliasdoesnotexist"}
    test.step("get_function_alias_byarn_notfound_exc", "GetFunction", **by_arn)
    alias("create_alias_1_2", "aliasname1_2", **first)
    alias("get_alias_1_2", "aliasname1_2", "GetAlias")
    alias("create_alias_1_3", "aliasname1_3", FunctionVersion="1")
    alias("get_alias_1_3", "aliasname1_3", "GetAlias")
    alias("create_alias_2", "aliasname2", FunctionVersion="2", Description="custom-alias")
    alias("get_alias_2", "aliasname2", "GetAlias")
    test.step("list_aliases_for_fnname", "ListAliases", **fn)
    unsplit = {"RoutingConfig": {"AdditionalVersionWeights": {}}}
    alias("update_alias_1_1", "aliasname1_1", "UpdateAlias", **unsplit)
    alias("get_alias_1_1_after_update", "aliasname1_1", "GetAlias")
    test.step("list_aliases_for_fnname_after_update", "ListAliases", **fn)
    alias("update_alias_1_2", "aliasname1_2", "UpdateAlias", **unsplit)
    alias("get_alias_1_2_after_update", "aliasname1_2", "GetAlias")
    test.step("list_aliases_for_fnname_after_update_2", "ListAliases", **fn)
    test.step("list_aliases_for_version", "ListAliases", **fn, FunctionVersion="1")
    alias("delete_alias_response", "aliasname1_1", "DeleteAlias")
    test.step("list_aliases_for_fnname_afterdelete", "ListAliases", **fn)
    test.done()


@pytest.mark.parametrize("action", ["deletion", "update"])
def test_alias_that_does_not_exist(plane: ControlPlane, action: str) -> None:
    test = replay(plane, f"TestLambdaAlias::test_non_existent_alias_{action}")
    alias = {"FunctionName": "fn", "Name": "non-existent"}

    test.compare("create_response", plain(plane, Environment={"Variables": {"testenv": "staging"}}))
    if action == "deletion":
        test.step("delete_alias_response", "DeleteAlias", **alias)
    else:
        test.step("update_alias_response", "UpdateAlias", **alias, Description="new")
    test.done()


def test_limits_of_reserved_concurrency(plane: ControlPlane) -> None:
    test = replay(
        plane,
        "TestLambdaReservedConcurrency::test_function_concurrency_limits",
        min_unreserved_concurrency="100",
    )
    create(plane)
    total = plane.call("GetAccountSettings")["AccountLimit"]["ConcurrentExecutions"]

    for step, reserved in (
        ("put_function_concurrency_account_limit_exceeded", total + 1),
        ("put_function_concurrency_below_unreserved_min_value", total - 99),
    ):
        put = {"FunctionName": "fn", "ReservedConcurrentExecutions": reserved}
        test.step(step, "PutFunctionConcurrency", **put)
    test.done()


def test_reserved_concurrency(plane: ControlPlane) -> None:
    test = replay(plane, "TestLambdaReservedConcurrency::test_function_concurrency")
    create(plane)
    fn = {"FunctionName": "fn"}

    for reserved in (0, 1):
        step = f"put_function_concurrency_with_reserved_{reserved}"
        test.step(step, "PutFunctionConcurrency", **fn, ReservedConcurrentExecutions=reserved)
    test.step("get_function_concurrency", "GetFunctionConcurrency", **fn)
    test.step("delete_response", "DeleteFunctionConcurrency", **fn)
    test.step("get_function_concurrency_after_delete", "GetFunctionConcurrency", **fn)
    test.done()


def test_reserved_concurrency_beside_the_configuration(plane: ControlPlane) -> None:
    name = "TestLambdaConcurrency::test_lambda_concurrency_update"
    test = Replay(plane, RECORDED_RUNTIME[name])
    create(plane)
    fn = {"FunctionName": "fn"}

    put = {"ReservedConcurrentExecutions": 3}
    test.step("put_function_concurrency", "PutFunctionConcurrency", **fn, **put)
    test.step("get_function_concurrency_updated", "GetFunctionConcurrency", **fn)
    test.step("get_function_concurrency_info", "GetFunction", **fn)
    plane.call("DeleteFunctionConcurrency", **fn)
    test.step("get_function_concurrency_deleted", "GetFunctionConcurrency", **fn)
    test.done()


def test_permissions_that_are_refused(plane: ControlPlane) -> None:
    test = replay(plane, "TestLambdaPermissions::test_permission_exceptions")
    create(plane)
    add = {"StatementId": "s3", "Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com"}
    fn, gone = {"FunctionName": "fn"}, {"FunctionName": "doesnotexist"}

    def added(step: str, **params: Any) -> None:
        test.step(f"add_permission_{step}", "AddPermission", **{**fn, **add, **params})

    added("invalid_statement_id", StatementId="example.com")
    added("fn_qualifier_mismatch", FunctionName="fn:alias-not-42", Qualifier="42")
    added("fn_qualifier_latest", Qualifier="$LATEST")
    added("principal_invalid", Principal="invalid.nonaws.com")
    test.step("get_policy_fn_doesnotexist", "GetPolicy", **gone)
    test.step("get_policy_fn_version_doesnotexist", "GetPolicy", **fn, Qualifier="42")
    added("fn_doesnotexist", **gone)
    remove = {"StatementId": "s3"}
    test.step("remove_permission_policy_doesnotexist", "RemovePermission", **fn, **remove)
    added("fn_alias_doesnotexist", Qualifier="alias-doesnotexist")
    added("fn_version_doesnotexist", Qualifier="42")
    added("fn_qualifier_invalid", Qualifier="invalid-qualifier-with-?-char")
    added("fn_qualifier_valid_doesnotexist", Qualifier="valid-with-$-but-doesnotexist")
    plane.call("AddPermission", **fn, **add)
    added("conflicting_statement_id")
    test.step("remove_permission_fn_doesnotexist", "RemovePermission", **gone, **remove)
    alias = {"Qualifier": "alias-doesnotexist"}
    test.step(
        "remove_permission_fn_alias_doesnotexist", "RemovePermission", **fn, **remove, **alias
    )
    test.done()


def test_permission_for_a_service(plane: ControlPlane) -> None:
    test = replay(plane, "TestLambdaPermissions::test_add_lambda_permission_aws")

    test.compare("create_lambda", create(plane), "CreateFunctionResponse")
    test.step(
        "add_permission",
        "AddPermission",
        FunctionName="fn",
        StatementId="s3",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn="arn:aws:s3:::some-bucket",
    )
    test.step("get_policy", "GetPolicy", FunctionName="fn")
    test.done()


def test_members_of_permissions(plane: ControlPlane) -> None:
    user = "arn:aws:iam::111111111111:user/someone"
    test = replay(plane, "TestLambdaPermissions::test_add_lambda_permission_fields", user_arn=user)
    create(plane)
    account = {"SourceAccount": "111111111111"}

    def added(step: str, sid: str, principal: str, **params: Any) -> None:
        statement = {"StatementId": sid, "Principal": principal, "Action": "lambda:InvokeFunction"}
        params = {"FunctionName": "fn", **statement, **params}
        test.step(f"add_permission_{step}", "AddPermission", **params)

    added("principal_wildcard", "wilcard", "*", **account)
    added("principal_service", "lambda", "lambda.amazonaws.com", **account)
    added("principal_account", "account-id", "111111111111")
    added("principal_arn", "user-arn", user, **account)
    added(
        "optional_fields",
        "urlPermission",
        "*",
        Action="lambda:InvokeFunctionUrl",
        FunctionUrlAuthType="NONE",
        PrincipalOrgID="o-1234567890",
        SourceArn="arn:aws:s3:::some-bucket",
        **account,
    )
    token = "amzn1.ask.skill.xxxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
    added("alexa_skill", "alexaSkill", "*", EventSourceToken=token)
    test.done()


def test_size_of_environment_variables(plane: ControlPlane) -> None:
    limits = "TestLambdaSizeLimits::test_"
    for name, step, variables in (
        ("large_environment_variables_fails", "failed_create_fn_result", {"LARGE_VAR": "x" * 4081}),
        (
            "large_environment_fails_multiple_keys",
            "failured_create_fn_result_multi_key",
            {"SMALL_VAR": "ok", "LARGE_VAR": "x" * 4064},
        ),
    ):
        answer = create(plane, Environment={"Variables": variables})
        replay(plane, f"{limits}{name}").compare(step, answer)

    fits = create(plane, Environment={"Variables": {"LARGE_VAR": "x" * 4080}})
    test = replay(plane, f"{limits}lambda_envvars_near_limit_succeeds")
    test.compare("successful_create_fn_result", fits, "CreateFunctionResponse")


def test_moving_an_alias(plane: ControlPlane) -> None:
    test = Replay(plane, RECORDED_RUNTIME["TestLambdaAliases::test_lambda_alias_moving"])
    fn = {"FunctionName": "fn"}

    created = plane.create(Role=ROLE, Handler="handler.handler", Description="No version :(")
    test.compare("create_response", created)
    plane.call("PublishVersion", **fn, Description="First version description :)")
    alias = {**fn, "Name": "alias1"}
    test.step("create_alias_response", "CreateAlias", **alias, FunctionVersion="1")
    test.step("update_lambda_response", "UpdateFunctionCode", **fn, ZipFile=package("# new"))
    plane.pass_time()
    second = {"Description": "Second version description :)"}
    test.step("second_publish_response", "PublishVersion", **fn, **second)
    test.step("update_alias_response", "UpdateAlias", **alias, FunctionVersion="2")
    resolved = plane.store.resolve("fn", "alias1")
    assert (resolved.version.version, resolved.invoked_arn) == ("2", f"{ARN}:fn:alias1")


def test_alias_for_two_versions(plane: ControlPlane) -> None:
    test = Replay(plane, RECORDED_RUNTIME["TestLambdaAliases::test_alias_routingconfig"])
    fn = {"FunctionName": "fn"}
    create(plane)
    plane.call("PublishVersion", **fn)
    plane.call("UpdateFunctionCode", **fn, ZipFile=package("# new"), Publish=True)

    split = {"RoutingConfig": {"AdditionalVersionWeights": {"2": 0.5}}}
    alias = {"Name": "alias1", "FunctionVersion": "1"}
    test.step("create_alias_response", "CreateAlias", **fn, **alias, **split)
    test.done()


def test_another_handler(plane: ControlPlane) -> None:
    test = Replay(plane, RECORDED_RUNTIME["TestLambdaVersions::test_lambda_handler_update"])
    fn = {"FunctionName": "fn"}
    create(plane)

    step = "update_function_configuration_result"
    test.step(step, "UpdateFunctionConfiguration", **fn, Handler="handler.handler_two")
    plane.pass_time()
    test.step("get_function_result", "GetFunction", **fn)


def test_a_function_made_again(plane: ControlPlane) -> None:
    test = Replay(plane, RECORDED_RUNTIME["TestLambdaCleanup::test_recreate_function"])

    for number in ("one", "two"):
        answer = create(plane, Handler="lambda_echo.handler")
        test.compare(f"create_function_response_{number}", answer, "CreateFunctionResponse")
        plane.call("DeleteFunction", FunctionName="fn")


def test_provisioned_concurrency(plane: ControlPlane) -> None:
    test = Replay(plane, RECORDED_RUNTIME["TestLambdaConcurrency::test_provisioned_concurrency"])
    version = {"FunctionName": "fn", "Qualifier": "1"}
    create(plane)
    plane.call("PublishVersion", FunctionName="fn")

    put = {**version, "ProvisionedConcurrentExecutions": 5}
    test.step("put_provisioned_5", "PutProvisionedConcurrencyConfig", **put)
    test.step("get_provisioned_prewait", "GetProvisionedConcurrencyConfig", **version)
    plane.pass_time(120)
    test.step("get_provisioned_postwait", "GetProvisionedConcurrencyConfig", **version)
    test.done()


def test_reserved_concurrency_from_nothing_to_nothing(plane: ControlPlane) -> None:
    name = "TestLambdaConcurrency::test_lambda_concurrency_crud"
    test = Replay(plane, RECORDED_RUNTIME[name])
    fn = {"FunctionName": "fn"}
    create(plane)

    test.step("get_function_concurrency_default", "GetFunctionConcurrency", **fn)
    put = {**fn, "ReservedConcurrentExecutions": 0}
    test.step("put_function_concurrency", "PutFunctionConcurrency", **put)
    test.step("get_function_concurrency_updated", "GetFunctionConcurrency", **fn)
    plane.call("DeleteFunctionConcurrency", **fn)
    test.step("get_function_concurrency_deleted", "GetFunctionConcurrency", **fn)
    test.done()
