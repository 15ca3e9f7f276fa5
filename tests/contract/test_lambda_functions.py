"""Lambda's functions, against answers recorded from real AWS."""

from tests.contract.recordings import load
from tests.contract.replay import Replay, create
from tests.unit.lambda_.control_plane import PlaneWorld, package

RECORDED = load("lambda_api")
RECORDED_RUNTIME = load("lambda")


def test_creations_that_are_refused(plane: PlaneWorld) -> None:
    test = Replay(plane, RECORDED["TestLambdaFunction::test_create_lambda_exceptions"])

    test.compare("invalid_role_arn_exc", create(plane, Role="r1"))
    test.compare("invalid_runtime_exc", create(plane, Runtime="non-existent-runtime"))
    test.compare("uppercase_runtime_exc", create(plane, Runtime="PYTHON3.9"))
    test.compare("multiple_architectures", create(plane, Architectures=["x86_64", "arm64"]))
    test.compare("uppercase_architecture", create(plane, Architectures=["X86_64"]))
    test.compare("invalid_zip_exc", create(plane, Code={"ZipFile": b"this is not a zip"}))
    test.done("empty_architectures")  # botocore itself refuses to send it


def test_lists_of_functions(plane: PlaneWorld) -> None:
    test = Replay(plane, RECORDED["TestLambdaFunction::test_list_functions"])
    created = "CreateFunctionResponse"

    test.compare("create_response_1", create(plane, "fn-1", Publish=True), created)
    second = create(plane, "fn-2", Code={"ZipFile": package("# other")})
    test.compare("create_response_2", second, created)
    test.step("list_functions_invalid_functionversion", "ListFunctions", FunctionVersion="invalid")
    every = test.plane.call("ListFunctions", FunctionVersion="ALL")
    test.compare("list_all", every)
    test.compare("list_default", test.plane.call("ListFunctions"))
    test.done()


def test_size_of_environment_variables(plane: PlaneWorld) -> None:
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
        Replay(plane, RECORDED[f"{limits}{name}"]).compare(step, answer)

    fits = create(plane, Environment={"Variables": {"LARGE_VAR": "x" * 4080}})
    test = Replay(plane, RECORDED[f"{limits}lambda_envvars_near_limit_succeeds"])
    test.compare("successful_create_fn_result", fits, "CreateFunctionResponse")


def test_another_handler(plane: PlaneWorld) -> None:
    test = Replay(plane, RECORDED_RUNTIME["TestLambdaVersions::test_lambda_handler_update"])
    fn = {"FunctionName": "fn"}
    create(plane)

    step = "update_function_configuration_result"
    test.step(step, "UpdateFunctionConfiguration", **fn, Handler="handler.handler_two")
    plane.pass_time()
    test.step("get_function_result", "GetFunction", **fn)


def test_a_function_made_again(plane: PlaneWorld) -> None:
    test = Replay(plane, RECORDED_RUNTIME["TestLambdaCleanup::test_recreate_function"])

    for number in ("one", "two"):
        answer = create(plane, Handler="lambda_echo.handler")
        test.compare(f"create_function_response_{number}", answer, "CreateFunctionResponse")
        plane.call("DeleteFunction", FunctionName="fn")
