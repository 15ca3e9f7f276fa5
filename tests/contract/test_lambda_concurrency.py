"""Lambda's concurrency settings, against answers recorded from real AWS."""

from tests.contract.recordings import load
from tests.contract.replay import Replay, create
from tests.unit.control_plane import ControlPlane

RECORDED = load("lambda_api")
RECORDED_RUNTIME = load("lambda")


def test_limits_of_reserved_concurrency(plane: ControlPlane) -> None:
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


def test_reserved_concurrency(plane: ControlPlane) -> None:
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
