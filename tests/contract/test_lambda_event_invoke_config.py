"""Settings of asynchronous invocation, against answers recorded from real AWS."""

from pathlib import Path
from typing import Any

import pytest

from localaws.lambda_.asynchronous.event_invoke_config import EventInvokeConfigs
from localaws.lambda_.names import FunctionNames
from localaws.wire import ServiceSkin
from tests.contract.recordings import load
from tests.contract.replay import ARN, IDENTITY, Replay, create
from tests.unit.lambda_.control_plane import PlaneWorld
from tests.unit.wire.client import WireClient

RECORDED = load("lambda_api")

PUT, UPDATE, GET, DELETE, LIST = (
    "PutFunctionEventInvokeConfig",
    "UpdateFunctionEventInvokeConfig",
    "GetFunctionEventInvokeConfig",
    "DeleteFunctionEventInvokeConfig",
    "ListFunctionEventInvokeConfigs",
)


class Plane(PlaneWorld):
    """The control plane, and the settings of asynchronous invocation."""

    def __init__(self, work_dir: Path) -> None:
        super().__init__(work_dir, IDENTITY)
        configs = EventInvokeConfigs(
            clock=self.clock,
            names=FunctionNames(IDENTITY),
            functions=self.control_plane,
            permissions=self.iam,
        )
        operations = {**self.control_plane.operations(), **configs.operations()}
        self._wire = WireClient(ServiceSkin("lambda", operations), "lambda")


@pytest.fixture
def plane(tmp_path: Path) -> Plane:
    return Plane(tmp_path)


def test_lifecycle(plane: Plane) -> None:
    """C36."""
    name = "TestLambdaEventInvokeConfig::test_lambda_eventinvokeconfig_lifecycle"
    test = Replay(plane, RECORDED[name])
    create(plane)
    fn: dict[str, Any] = {"FunctionName": "fn"}
    latest, published = {**fn, "Qualifier": "$LATEST"}, {**fn, "Qualifier": "1"}

    test.step("put_invokeconfig_retries_0", PUT, **fn, MaximumRetryAttempts=0)
    test.step("put_invokeconfig_eventage_60", PUT, **fn, MaximumEventAgeInSeconds=60)
    for step, params in (
        ("update_invokeconfig_eventage_nochange", {"MaximumEventAgeInSeconds": 60}),
        ("update_invokeconfig_retries", {"MaximumRetryAttempts": 1}),
    ):
        test.step(step, UPDATE, **fn, **params)
    test.step("get_invokeconfig", GET, **fn)
    test.step("get_invokeconfig_latest", GET, **latest)
    test.step("list_single_invokeconfig", LIST, **fn)
    test.step("publish_version_result", "PublishVersion", **fn)
    test.step("get_invokeconfig_postpublish", GET, **published)
    test.step("put_published_invokeconfig", PUT, **published, MaximumEventAgeInSeconds=120)
    test.step("get_published_invokeconfig", GET, **published)
    plane.call(DELETE, **fn)
    test.step("list_paging_nolimit_postdelete", LIST, **fn)
    test.done()


@pytest.fixture
def refusals(plane: Plane) -> Replay:
    """The recorded refusals, with a version 1 and an alias of it."""
    name = "TestLambdaEventInvokeConfig::test_lambda_eventinvokeconfig_exceptions"
    test = Replay(plane, RECORDED[name])
    create(plane)
    test.step("fn_version_result", "PublishVersion", FunctionName="fn")
    alias = {"Name": "eventinvokealias", "FunctionVersion": "1"}
    test.step("fn_alias_result", "CreateAlias", FunctionName="fn", **alias)
    return test


def test_destinations(plane: Plane, refusals: Replay) -> None:
    """C35, J52, J53."""
    test, fn = refusals, {"FunctionName": "fn"}
    create(plane, "other")

    def on_success(arn: str | None) -> dict[str, Any]:
        return {"DestinationConfig": {"OnSuccess": {"Destination": arn} if arn else {}}}

    nope = {"MaximumRetryAttempts": 1}
    test.step("put_functionname_name_notfound", PUT, FunctionName="nope", **nope)
    test.step("put_functionname_arn_notfound", PUT, FunctionName=f"{ARN}:nope", **nope)
    test.step("put_functionname_nootherargs", PUT, **fn)
    missing = on_success(f"{ARN}:doesnotexist")
    test.step("put_destination_lambda_doesntexist", PUT, **fn, **missing)
    test.step("put_destination_recursive", PUT, **fn, **on_success(f"{ARN}:fn"))
    test.step("put_destination_other_lambda", PUT, **fn, **on_success(f"{ARN}:other"))
    strange = on_success(f"{ARN}:fn".replace("lambda", "iam"))
    test.step("put_destination_invalid_service_arn", PUT, **fn, **strange)
    test.step("put_destination_success_no_destination_arn", PUT, **fn, **on_success(None))
    test.step(
        "put_destination_failure_no_destination_arn",
        PUT,
        **fn,
        DestinationConfig={"OnFailure": {}},
    )
    invalid = {"OnFailure": {"Destination": f"{ARN}:fn".replace("lambda", "_-/!lambda")}}
    test.step("put_destination_invalid_arn_pattern", PUT, **fn, DestinationConfig=invalid)


def test_names_and_qualifiers(refusals: Replay) -> None:
    """C35."""
    test, alias = refusals, "eventinvokealias"
    for step, name, qualifier in (
        ("put_destination_latest", "fn", None),
        ("put_destination_latest_explicit_qualifier", "fn", "$LATEST"),
        ("put_destination_version", "fn", "1"),
        ("put_alias_functionname_qualifier", "fn", alias),
        ("put_alias_doesnotexist", "fn", "doesnotexist"),
        ("put_alias_qualifiedarn", f"{ARN}:fn:{alias}", None),
        ("put_alias_qualifiedarn_qualifier", f"{ARN}:fn:{alias}", alias),
        ("put_alias_qualifiedarn_qualifierconflict", f"{ARN}:fn:{alias}", "1"),
        ("put_alias_shorthand", f"fn:{alias}", None),
        ("put_alias_shorthand_qualifier", f"fn:{alias}", alias),
        ("put_alias_shorthand_qualifierconflict", f"fn:{alias}", "1"),
        ("put_version_shorthand", "fn:1", None),
        ("put_shorthand_qualifier_match", "fn:$LATEST", "$LATEST"),
        ("put_shorthand_qualifier_mismatch_1", "fn:1", "$LATEST"),
        ("put_shorthand_qualifier_mismatch_2", f"fn:{alias}", "$LATEST"),
        ("put_shorthand_qualifier_mismatch_3", "fn:$LATEST", alias),
    ):
        given = {"FunctionName": name} | ({"Qualifier": qualifier} if qualifier else {})
        test.step(step, PUT, **given, MaximumRetryAttempts=1)


def test_values(plane: Plane, refusals: Replay) -> None:
    """C36: Put replaces, Update merges."""
    test, fn = refusals, {"FunctionName": "fn"}
    both = {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 60}
    largest = {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 21_600}
    test.step("put_maxevent_maxvalue_result", PUT, **fn, **largest)
    test.step("put_pre_overwrite", PUT, **fn, **both)
    test.step("put_post_overwrite", PUT, **fn, MaximumRetryAttempts=0)
    test.step("second_overwrite_existing_response", PUT, **fn, MaximumRetryAttempts=0)
    test.step("get_post_overwrite", GET, **fn)
    test.step("pre_update_response", PUT, **fn, **both)
    test.step("update_response", UPDATE, **fn, MaximumRetryAttempts=0)
    test.step("update_response_existing", UPDATE, **fn, MaximumRetryAttempts=0)
    for qualifier in ("1", "eventinvokealias"):
        plane.call(PUT, **fn, Qualifier=qualifier, MaximumRetryAttempts=1)
    test.step("list_configs", LIST, **fn)
    test.step("delete_latest", DELETE, **fn)
    test.step("delete_version", DELETE, **fn, Qualifier="1")
    test.step("delete_alias", DELETE, **fn, Qualifier="eventinvokealias")
    test.step("list_configs_postdelete", LIST, **fn)


def test_what_does_not_exist(refusals: Replay) -> None:
    """C35."""
    test, fn, nope = refusals, {"FunctionName": "fn"}, {"FunctionName": "doesnotexist"}
    alias = {**fn, "Qualifier": "eventinvokealias"}
    retries = {"MaximumRetryAttempts": 0}
    test.step("delete_function_not_found", DELETE, **fn)
    test.step("delete_function_doesnotexist", DELETE, **nope)
    test.step("list_function_doesnotexist", LIST, **nope)
    test.step("get_function_doesnotexist", GET, **nope)
    test.step("get_qualifier_doesnotexist", GET, **fn, Qualifier="doesnotexist")
    test.step("update_eventinvokeconfig_function_doesnotexist", UPDATE, **nope, **retries)
    test.step("get_eventinvokeconfig_doesnotexist", GET, **alias)
    step = "update_eventinvokeconfig_config_doesnotexist_with_qualifier"
    test.step(step, UPDATE, **alias, **retries)
    step = "update_eventinvokeconfig_config_doesnotexist_without_qualifier"
    test.step(step, UPDATE, **fn, **retries)


def test_a_destination_that_the_role_may_not_write(plane: Plane) -> None:
    """C34."""
    queue = "arn:aws:sqs:us-east-1:111111111111:q"
    create(plane)
    plane.iam.denied.add(("sqs:SendMessage", queue))
    refused = plane.fail(
        PUT, FunctionName="fn", DestinationConfig={"OnFailure": {"Destination": queue}}
    )
    text = f"The function's execution role does not have permissions to call SendMessage on {queue}"
    assert refused == ("InvalidParameterValueException", text, 400)
