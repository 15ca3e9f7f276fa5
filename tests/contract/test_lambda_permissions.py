"""Lambda's function policies, against answers recorded from real AWS."""

from typing import Any

from tests.contract.recordings import load
from tests.contract.replay import Replay, create
from tests.unit.lambda_.control_plane import PlaneWorld

RECORDED = load("lambda_api")


def test_permissions_that_are_refused(plane: PlaneWorld) -> None:
    test = Replay(plane, RECORDED["TestLambdaPermissions::test_permission_exceptions"])
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


def test_permission_for_a_service(plane: PlaneWorld) -> None:
    test = Replay(plane, RECORDED["TestLambdaPermissions::test_add_lambda_permission_aws"])

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


def test_members_of_permissions(plane: PlaneWorld) -> None:
    user = "arn:aws:iam::111111111111:user/someone"
    test = Replay(
        plane, RECORDED["TestLambdaPermissions::test_add_lambda_permission_fields"], user_arn=user
    )
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
