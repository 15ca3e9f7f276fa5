"""Lambda's concurrency settings, against answers recorded from real AWS."""

import json
from collections.abc import Callable
from typing import Any

from localaws.lambda_.model import FunctionVersion
from tests.contract.lambda_wire import Wire
from tests.contract.recordings import Comparison, load
from tests.contract.replay import Replay, create
from tests.unit.lambda_.control_plane import PlaneWorld, package
from tests.unit.lambda_.world import World

RECORDED = load("lambda_api")
RECORDED_RUNTIME = load("lambda")
AS_RECORDED = {
    "Runtime": "python3.12",
    "Handler": "handler.handler",
    "Environment": {"Variables": {}},
}


def test_limits_of_reserved_concurrency(plane: PlaneWorld) -> None:
    test = Replay(
        plane,
        RECORDED["TestLambdaReservedConcurrency::test_function_concurrency_limits"],
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


def test_reserved_concurrency(plane: PlaneWorld) -> None:
    test = Replay(plane, RECORDED["TestLambdaReservedConcurrency::test_function_concurrency"])
    create(plane)
    fn = {"FunctionName": "fn"}

    for reserved in (0, 1):
        step = f"put_function_concurrency_with_reserved_{reserved}"
        test.step(step, "PutFunctionConcurrency", **fn, ReservedConcurrentExecutions=reserved)
    test.step("get_function_concurrency", "GetFunctionConcurrency", **fn)
    test.step("delete_response", "DeleteFunctionConcurrency", **fn)
    test.step("get_function_concurrency_after_delete", "GetFunctionConcurrency", **fn)
    test.done()


def test_reserved_concurrency_beside_the_configuration(plane: PlaneWorld) -> None:
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


def test_reserved_concurrency_from_nothing_to_nothing(plane: PlaneWorld) -> None:
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


def test_provisioned_concurrency(plane: PlaneWorld) -> None:
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


class Init:
    """Environments whose init fails, or takes until `settle` is called."""

    def __init__(self, *, ready: bool) -> None:
        self.ready = ready
        self.started: list[tuple[str, int]] = []
        self.withdrawn: list[str] = []

    def provision(
        self, version: FunctionVersion, count: int, settled: Callable[[bool], None]
    ) -> None:
        self.started.append((version.version, count))
        settled(self.ready)

    def withdraw(self, version: FunctionVersion) -> None:
        self.withdrawn.append(version.version)


def test_provisioned_concurrency_whose_init_fails(plane: PlaneWorld) -> None:
    name = "TestLambdaConcurrency::test_provisioned_concurrency_init_failure"
    test = Replay(plane, RECORDED_RUNTIME[name])
    version = {"FunctionName": "fn", "Qualifier": "1"}
    plane.control_plane.provision_with(Init(ready=False))
    create(plane, Publish=True)

    put = {**version, "ProvisionedConcurrentExecutions": 1}
    test.step("put_provisioned", "PutProvisionedConcurrencyConfig", **put)
    test.step("get_provisioned_prewait", "GetProvisionedConcurrencyConfig", **version)
    plane.pass_time(120)
    test.step("get_provisioned_postwait", "GetProvisionedConcurrencyConfig", **version)
    test.done()


def test_provisioned_concurrency_moves_with_its_alias(plane: PlaneWorld) -> None:
    init = Init(ready=True)
    plane.control_plane.provision_with(init)
    create(plane, Publish=True)
    plane.call("UpdateFunctionCode", FunctionName="fn", ZipFile=package("# 2"), Publish=True)
    plane.pass_time()
    alias = {"FunctionName": "fn", "Name": "live"}
    qualified = {"FunctionName": "fn", "Qualifier": "live"}
    plane.call("CreateAlias", **alias, FunctionVersion="1")
    put = {**qualified, "ProvisionedConcurrentExecutions": 3}
    plane.call("PutProvisionedConcurrencyConfig", **put)
    plane.pass_time(120)

    plane.call("UpdateAlias", **alias, FunctionVersion="2")
    moving = plane.call("GetProvisionedConcurrencyConfig", **qualified)
    plane.pass_time(120)
    moved = plane.call("GetProvisionedConcurrencyConfig", **qualified)
    plane.call("DeleteAlias", **alias)

    assert (moving["Status"], moved["Status"]) == ("IN_PROGRESS", "READY")
    assert init.started == [("1", 3), ("2", 3)]
    assert init.withdrawn == ["1", "2"]


async def test_concurrency_that_is_all_provisioned(world: World, wire: Wire) -> None:
    name = "TestLambdaConcurrency::test_lambda_concurrency_block"
    recorded = RECORDED_RUNTIME[name]
    comparison = Comparison()
    await world.function(lambda event: event, **AS_RECORDED)
    fn, version = {"FunctionName": "fn"}, {"FunctionName": "fn", "Qualifier": "1"}
    event = {"Payload": json.dumps({"hello": "world"}).encode()}

    async def step(step: str, operation: str, **params: Any) -> None:
        answer = await wire.call(operation, **params)
        if "Payload" in answer:
            answer["Payload"] = json.loads(answer["Payload"])
        comparison.check(recorded[step], answer, step)

    await step("v1_result", "PublishVersion", **fn)
    reserved = {"ReservedConcurrentExecutions": 1}
    await step("reserved_concurrency_result", "PutFunctionConcurrency", **fn, **reserved)
    await step("invoke_latest_before_block", "Invoke", **fn, **event)
    provisioned = {"ProvisionedConcurrentExecutions": 1}
    put = "PutProvisionedConcurrencyConfig"
    await step("provisioned_concurrency_result", put, **version, **provisioned)
    await world.run(120)
    await step("invoke_latest_first_exc", "Invoke", **fn, **event)
    await step("invoke_v1_after_block", "Invoke", **version, **event)
    await step("invoke_latest_second_exc", "Invoke", **fn, **event)


async def test_throttled_while_an_event_runs(world: World, wire: Wire) -> None:
    name = "TestLambdaConcurrency::test_reserved_concurrency_async_queue"
    recorded = RECORDED_RUNTIME[name]
    comparison = Comparison()
    await world.function(lambda event: event, takes_s=10, **AS_RECORDED)
    fn = {"FunctionName": "fn"}

    latest = await wire.call("GetFunctionConfiguration", **fn, Qualifier="$LATEST")
    comparison.check(recorded["fn"], latest)
    put = await wire.call("PutFunctionConcurrency", **fn, ReservedConcurrentExecutions=1)
    comparison.check(recorded["put_fn_concurrency"], put)
    await wire.call("Invoke", **fn, InvocationType="Event")
    await world.run(1)
    throttled = await wire.call("Invoke", **fn)
    comparison.check(recorded["too_many_requests_exc"], throttled)
