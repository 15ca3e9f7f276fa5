"""Lambda's versions and aliases, against answers recorded from real AWS."""

from typing import Any

import pytest

from tests.contract.recordings import load
from tests.contract.replay import ARN, ROLE, Replay, create, plain
from tests.unit.lambda_.control_plane import PlaneWorld, package

RECORDED = load("lambda_api")
RECORDED_RUNTIME = load("lambda")


def test_life_of_versions(plane: PlaneWorld) -> None:
    test = Replay(plane, RECORDED["TestLambdaVersions::test_version_lifecycle"])
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


def test_publishing_with_an_update(plane: PlaneWorld) -> None:
    test = Replay(plane, RECORDED["TestLambdaVersions::test_publish_with_update"])
    fn = {"FunctionName": "fn"}

    test.compare("create_response", plain(plane))
    test.step("get_function_result", "GetFunction", **fn)
    update = {"ZipFile": package("# new"), "Publish": True}
    test.step("update_function_code_result", "UpdateFunctionCode", **fn, **update)
    test.step("get_function_version_result", "GetFunction", **fn, Qualifier="1")
    test.step("get_function_latest_result", "GetFunction", **fn, Qualifier="$LATEST")
    test.done()


def test_life_of_aliases(plane: PlaneWorld) -> None:
    test = Replay(plane, RECORDED["TestLambdaAlias::test_alias_lifecycle"])
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
def test_alias_that_does_not_exist(plane: PlaneWorld, action: str) -> None:
    test = Replay(plane, RECORDED[f"TestLambdaAlias::test_non_existent_alias_{action}"])
    alias = {"FunctionName": "fn", "Name": "non-existent"}

    test.compare("create_response", plain(plane, Environment={"Variables": {"testenv": "staging"}}))
    if action == "deletion":
        test.step("delete_alias_response", "DeleteAlias", **alias)
    else:
        test.step("update_alias_response", "UpdateAlias", **alias, Description="new")
    test.done()


def test_moving_an_alias(plane: PlaneWorld) -> None:
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
    resolved = plane.control_plane.resolve("fn", "alias1")
    assert (resolved.version.version, resolved.invoked_arn) == ("2", f"{ARN}:fn:alias1")


def test_alias_for_two_versions(plane: PlaneWorld) -> None:
    test = Replay(plane, RECORDED_RUNTIME["TestLambdaAliases::test_alias_routingconfig"])
    fn = {"FunctionName": "fn"}
    create(plane)
    plane.call("PublishVersion", **fn)
    plane.call("UpdateFunctionCode", **fn, ZipFile=package("# new"), Publish=True)

    split = {"RoutingConfig": {"AdditionalVersionWeights": {"2": 0.5}}}
    alias = {"Name": "alias1", "FunctionVersion": "1"}
    test.step("create_alias_response", "CreateAlias", **fn, **alias, **split)
    test.done()
