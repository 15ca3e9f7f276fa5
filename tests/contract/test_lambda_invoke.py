"""Invoke, against answers recorded from real AWS."""

import json
from typing import Any

import pytest

from tests.contract.lambda_wire import Wire
from tests.contract.recordings import Comparison, load
from tests.contract.test_lambda_names import NAMES, check_refusal, name_cases, name_tests
from tests.unit.lambda_.world import World

RECORDED = load("lambda")
RECORDED_API = load("lambda_api")
FN = {"FunctionName": "fn"}
ENCODING = "TestLambdaErrors::test_lambda_invoke_payload_encoding_error"


def shown(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer as recorded: with its payload parsed."""
    payload = answer.get("Payload")
    return answer | ({} if payload is None else {"Payload": json.loads(payload or b'""')})


@pytest.mark.parametrize("test", name_tests("invoke"))
async def test_names_and_qualifiers(wire: Wire, test: str) -> None:
    case = test.removeprefix(NAMES).removesuffix("-invoke]")
    name, qualifier = name_cases()[case]
    given = {"Qualifier": qualifier} if qualifier else {}

    answer = await wire.call("Invoke", FunctionName=name, **given)
    check_refusal(RECORDED_API[test]["invoke_exception"], answer["Error"])


async def test_a_function_that_does_not_exist(wire: Wire) -> None:
    recorded = RECORDED["TestLambdaFeatures::test_invoke_exceptions"]
    answer = await wire.call("Invoke", FunctionName="doesnotexist", Payload=b"{}")
    Comparison().check(recorded["invoke_function_doesnotexist"], answer)


async def test_a_dry_run(world: World, wire: Wire) -> None:
    recorded = RECORDED["TestLambdaFeatures::test_invocation_type_dry_run[python3.10]"]
    await world.function(lambda event: event)
    answer = await wire.call("Invoke", **FN, InvocationType="DryRun", Payload=b"{}")
    Comparison().check(recorded["invoke-result"], shown(answer))
    assert world.runs == []


@pytest.mark.parametrize(
    ("case", "payload"),
    [
        ("body-n\\x87r\\x9e\\xe9\\xb5\\xd7I\\xee\\x9bmt", b"n\x87r\x9e\xe9\xb5\xd7I\xee\x9bmt"),
        ("message-\\x99\\xeb,j\\x07\\xa1zYh", b"\x99\xeb,j\x07\xa1zYh"),
    ],
)
async def test_a_payload_that_is_not_text(
    world: World, wire: Wire, case: str, payload: bytes
) -> None:
    await world.function(lambda event: event)
    (recorded,) = RECORDED[f"{ENCODING}[{case}]"].values()
    Comparison().check(recorded, await wire.call("Invoke", **FN, Payload=payload))


async def test_another_handler_after_a_publication(world: World, wire: Wire) -> None:
    recorded = RECORDED["TestLambdaVersions::test_lambda_handler_update"]
    await world.function(lambda event: {"handler": "handler_two"})
    await wire.call("PublishVersion", **FN)
    answer = shown(await wire.call("Invoke", **FN, Payload=b"{}"))
    Comparison().check(recorded["invoke_result_handler_two_postpublish"], answer)


async def test_moving_an_alias(world: World, wire: Wire) -> None:
    recorded = RECORDED["TestLambdaAliases::test_lambda_alias_moving"]
    comparison = Comparison()

    async def invoked(step: str, qualifier: str = "alias1", name: str = "fn") -> None:
        answer = await wire.call("Invoke", FunctionName=name, Qualifier=qualifier, Payload=b"{}")
        comparison.check(recorded[step], shown(answer), step)

    def handler(event: Any) -> dict[str, str]:
        run = world.runs[-1].request
        return {"invoked_arn": run.invoked_arn, "version_id": code, "version_from_ctx": version}

    arn = await world.function(handler)
    code, version = "version1", "1"
    await wire.call("PublishVersion", **FN)
    alias = {**FN, "Name": "alias1"}
    await wire.call("CreateAlias", **alias, FunctionVersion="1")
    await invoked("invocation_result_qualifier_v1")
    await invoked("invocation_result_qualifier_v1_arn", name=arn)
    await wire.call("UpdateFunctionConfiguration", **FN, Description="another")
    await world.run(1)
    await invoked("invocation_result_qualifier_v1_after_update")
    await wire.call("PublishVersion", **FN)
    await invoked("invocation_result_qualifier_v1_after_publish")
    await wire.call("UpdateAlias", **alias, FunctionVersion="2")
    code, version = "version2", "2"
    await invoked("invocation_result_qualifier_v2")
    await invoked("invocation_exc_not_existent", qualifier="non-existent-alias")
