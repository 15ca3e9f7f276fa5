"""Paths and variables of a child process, as its handler and its log show them."""

import json
import os
import sysconfig
from pathlib import Path

import pytest

from localaws.lambda_.model import LATEST, FunctionVersion, LoggingConfig
from localaws.lambda_.runtime.interpreters import own_interpreter
from localaws.lambda_.runtime.sandbox_paths import SandboxPaths
from localaws.lambda_.runtime.variables import Surroundings, environment_variables
from localaws.words.identity import Identity
from localaws.words.ports import TemporaryCredentials


def function(folder: Path, **environment: str) -> FunctionVersion:
    layers = (folder / "layer-1", folder / "layer-2")
    for layer in layers:
        layer.mkdir()
    return FunctionVersion(
        function_name="fn",
        arn="arn:aws:lambda:us-east-1:123456789012:function:fn",
        version=LATEST,
        runtime="python3.13",
        handler="h.h",
        role_arn="role",
        timeout_s=3,
        memory_mb=128,
        code_dir=folder / "code",
        revision_id="r",
        logging=LoggingConfig("/aws/lambda/fn", "JSON", "WARN", "INFO"),
        environment=environment,
        layer_dirs=layers,
    )


def paths_of(version: FunctionVersion, folder: Path) -> SandboxPaths:
    return SandboxPaths(version, folder / "tmp", own_interpreter())


def surroundings(folder: Path) -> Surroundings:
    return Surroundings(
        interpreter=own_interpreter(),
        identity=Identity("123456789012", "us-east-1"),
        base_url="http://127.0.0.1:4000",
        runtime_api="127.0.0.1:4000/_runtime/token",
        log_stream="stream",
        initialization_type="on-demand",
        tmp_dir=folder / "tmp",
        root_dir=folder / "root",
        credentials=TemporaryCredentials("key", "secret", "token"),
    )


def test_traces_show_the_paths_of_aws(tmp_path: Path) -> None:
    paths = paths_of(function(tmp_path), tmp_path)
    stdlib = sysconfig.get_path("stdlib")
    packages = sysconfig.get_path("purelib")
    text = (
        f'File "{tmp_path}/code/h.py", File "{stdlib}/json/decoder.py", '
        f'File "{packages}/boto3/session.py", {tmp_path}/layer-2/python {tmp_path}/tmp/x'
    )
    assert paths.of_everything(text.encode()).decode() == (
        'File "/var/task/h.py", File "/var/lang/lib/python3.13/json/decoder.py", '
        'File "/var/lang/lib/python3.13/site-packages/boto3/session.py", /opt/python /tmp/x'
    )


def test_only_whole_folder_names_are_translated(tmp_path: Path) -> None:
    paths = paths_of(function(tmp_path), tmp_path)
    for text in (f"{tmp_path}/code-2/h.py", f"{tmp_path}/codex", f"{tmp_path}/code.py"):
        assert paths.of_everything(text.encode()).decode() == text


def test_responses_keep_what_could_be_data(tmp_path: Path) -> None:
    paths = paths_of(function(tmp_path), tmp_path)
    stdlib = sysconfig.get_path("stdlib")
    assert paths.of_function(f"{stdlib} {tmp_path}/code".encode()) == f"{stdlib} /var/task".encode()


def test_the_last_layer_wins(tmp_path: Path) -> None:
    paths = paths_of(function(tmp_path), tmp_path)
    (tmp_path / "layer-1" / "wrap").touch()
    assert paths.real("/opt/wrap") == tmp_path / "layer-1" / "wrap"
    (tmp_path / "layer-2" / "wrap").touch()
    assert paths.real("/opt/wrap") == tmp_path / "layer-2" / "wrap"
    assert paths.real("/nowhere") == Path("/nowhere")


def test_reserved_variables_win_and_others_do_not(tmp_path: Path) -> None:
    version = function(tmp_path, AWS_REGION="mars-1", PATH="/mine", TABLE="orders")
    variables = environment_variables(version, surroundings(tmp_path))
    assert variables["AWS_REGION"] == "us-east-1"
    assert variables["PATH"] == "/mine"
    assert variables["TABLE"] == "orders"
    assert variables["AWS_LAMBDA_LOG_FORMAT"] == "JSON"
    assert variables["AWS_LAMBDA_LOG_LEVEL"] == "WARN"
    assert variables["AWS_LAMBDA_RUNTIME_API"] == "127.0.0.1:4000/_runtime/token"


def test_nothing_of_the_parents_environment_is_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/home/me/.aws/credentials")
    monkeypatch.setenv("PYTHONPATH", "/home/me")
    variables = environment_variables(function(tmp_path), surroundings(tmp_path))
    assert "AWS_SHARED_CREDENTIALS_FILE" not in variables
    assert variables["PYTHONPATH"] == "/var/runtime"
    assert variables["HOME"] == str(tmp_path / "tmp")
    assert variables["PATH"] != os.environ["PATH"]


def test_the_loader_looks_into_no_folder_of_the_function_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its libraries would be loaded outside of the fence; the child starts again inside."""
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    own = function(tmp_path, LD_LIBRARY_PATH="/opt/native")
    variables = environment_variables(own, surroundings(tmp_path))
    assert "LD_LIBRARY_PATH" not in variables
    assert json.loads(variables["_LOCALAWS_CHILD"])["library_folders"] == "/opt/native"

    monkeypatch.setenv("LD_LIBRARY_PATH", "/my/python/lib")
    variables = environment_variables(own, surroundings(tmp_path))
    assert variables["LD_LIBRARY_PATH"] == "/my/python/lib"


def test_temporary_folders_are_named_only_where_tmp_is_not_the_handlers_own(
    tmp_path: Path,
) -> None:
    variables = environment_variables(function(tmp_path, TMP="mine"), surroundings(tmp_path))
    assert variables["TMPDIR"] == str(tmp_path / "tmp")
    inside = json.loads(variables["_LOCALAWS_CHILD"])["inside"]
    assert inside["without"] == ["TMPDIR"]
    assert "TMP" not in inside["variables"]
