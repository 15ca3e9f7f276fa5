"""Prepares a child process and runs the handler under awslambdaric."""

import json
import os
import site
import sys
from importlib import import_module
from typing import Any

from . import lifeline
from .framing import LogSink, Telemetry, stream
from .runtime_client import RuntimeClient
from .virtual_time import VirtualTime

SETTINGS_VARIABLE = "_LOCALAWS_CHILD"


class _Client(RuntimeClient):
    """The Runtime API's client, keeping the process clock."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.virtual_time = VirtualTime(self)
        self._served = False

    def next(self) -> tuple[bytes, dict[str, object]]:
        if self._served:
            self.virtual_time.prepare()
        event, headers = super().next()
        self._served = True
        self.virtual_time.follow(float(str(headers["Localaws-Now-S"])))
        return event, headers


def run() -> None:
    """Run the handler until the process is ended."""
    settings = json.loads(os.environ.pop(SETTINGS_VARIABLE))
    lifeline.hold()
    telemetry = Telemetry(os.dup(1))
    sys.stdout, sys.stderr = stream(telemetry, 1), stream(telemetry, 2)
    sys.path[:] = [*settings["task_path"], *sys.path, *settings["library_path"]]
    sys.argv = ["/var/runtime/bootstrap.py", os.environ["_HANDLER"]]
    site.setquit()  # `exit()` works in AWS's runtimes; starting with -S had left it out
    client = _Client(os.environ["AWS_LAMBDA_RUNTIME_API"])
    client.virtual_time.install()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            after_in_child=lambda: _forked(telemetry, client),
        )
    sys.dont_write_bytecode = True  # /var/task is read-only on AWS
    _run_awslambdaric(telemetry, client)


def _run_awslambdaric(telemetry: Telemetry, client: _Client) -> None:
    modules: dict[str, Any] = sys.modules
    modules["runtime_client"] = client
    bootstrap: Any = import_module("awslambdaric.bootstrap")
    runtime_client: Any = import_module("awslambdaric.lambda_runtime_client")

    class RuntimeApi(runtime_client.LambdaRuntimeClient):  # type: ignore[misc]
        """awslambdaric posts init errors through http.client, which takes no path in an address."""

        def post_init_error(self, error: Any, error_type_override: str | None = None) -> None:
            client.post_init_error(
                bootstrap.to_json(error), error_type_override or error["errorType"]
            )

    bootstrap.create_log_sink = lambda: LogSink(telemetry, bootstrap._ERROR_FRAME_TYPE)
    bootstrap.run(os.environ["_HANDLER"], RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"]))


def _forked(telemetry: Telemetry, client: _Client) -> None:
    telemetry.forked()
    client.forked()
    client.virtual_time.forked()
