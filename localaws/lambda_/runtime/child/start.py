"""Prepares a child process and runs the handler under awslambdaric."""

import json
import os
import site
import sys
from importlib import import_module

from . import (
    file_system,
    lifeline,
    other_machine,
    read_only,
    scope,
    semaphores,
    shared_libraries,
)
from .framing import FramedLogSink, Telemetry, stream
from .libraries import Libraries
from .runtime_client import RuntimeClient
from .virtual_time import VirtualTime

TYPE_CHECKING = False  # importing `typing` would be a part of every cold start
if TYPE_CHECKING:
    from typing import Any

SETTINGS_VARIABLE = "_LOCALAWS_CHILD"
_MOST_OPEN_FILES = 1024


class _Client(RuntimeClient):
    """The Runtime API's client, keeping the process clock."""

    def __init__(self, address: str, libraries: Libraries, *, is_repeatable: bool) -> None:
        super().__init__(address)
        self._is_repeatable = is_repeatable
        self.virtual_time = VirtualTime(self, libraries, stands=is_repeatable)
        self._served = False

    def next(self) -> tuple[bytes, dict[str, object]]:
        if self._served:
            self.virtual_time.prepare()
        event, headers = super().next()
        self._served = True
        self.virtual_time.follow(float(str(headers["Localaws-Now-S"])))
        if self._is_repeatable:
            _draw_by(event, str(headers["Localaws-Now-S"]))
        return event, headers


def run() -> None:
    """Run the handler until the process is ended."""
    settings = json.loads(os.environ.pop(SETTINGS_VARIABLE))
    telemetry = Telemetry(os.dup(1))
    sys.stdout, sys.stderr = stream(telemetry, 1), stream(telemetry, 2)
    task_path = _settle(settings)
    # As on AWS, where the bootstrap puts the function's folders before those of the variable.
    named = [folder for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder]
    sys.path[:] = [*task_path, *named, *sys.path]
    libraries = Libraries(settings["library_path"])
    libraries.install()
    sys.argv = ["/var/runtime/bootstrap.py", os.environ["_HANDLER"]]
    site.setquit()  # `exit()` works in AWS's runtimes; starting with -S had left it out
    client = _Client(
        os.environ["AWS_LAMBDA_RUNTIME_API"], libraries, is_repeatable=settings["is_repeatable"]
    )
    client.virtual_time.install()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            after_in_child=lambda: _forked(telemetry, client),
        )
    sys.dont_write_bytecode = True  # /var/task is read-only on AWS
    _limit_open_files()
    semaphores.remove()
    _run_awslambdaric(telemetry, client)


def _settle(settings: "dict[str, Any]") -> list[str]:
    """Go where a handler may run, perhaps by a second start; returns where its modules are."""
    settled = settings.get("settled")
    if settled is None:
        held = lifeline.hold()
        task_path, folders, protected = _take_place(settings)
        scope.enter()
        shared_libraries.show(folders, settings["library_folders_before"])
        settled = {
            "lifeline": held,
            "task_path": task_path,
            "protected": protected,
            shared_libraries.VARIABLE: os.environ[shared_libraries.VARIABLE],
        }
        os.set_inheritable(held, True)
        shared_libraries.load_from(
            os.environ[shared_libraries.VARIABLE],
            sys.base_prefix,
            SETTINGS_VARIABLE,
            settings | {"settled": settled},
        )
    os.set_inheritable(settled["lifeline"], False)
    os.environ[shared_libraries.VARIABLE] = settled[shared_libraries.VARIABLE]
    if settled["protected"]:
        read_only.protect(settled["protected"])
    return settled["task_path"]  # type: ignore[no-any-return]


def _take_place(settings: "dict[str, Any]") -> tuple[list[str], str, list[str]]:
    """Go where AWS runs handlers, as far as this machine lets us.

    Returns:
        where modules are, where shared libraries are, and what has yet to be made read-only.
    """
    place, inside = settings["place"], settings["inside"]
    try:
        file_system.enter(**place)
    except OSError:
        os.chdir(place["code"])
        return (
            settings["task_path"],
            settings["library_folders"],
            [place["code"], *place["layers"]],
        )
    os.chdir("/var/task")
    for name in inside["without"]:
        os.environ.pop(name, None)
    os.environ.update(inside["variables"])
    return inside["task_path"], inside["library_folders"], []


def _draw_by(event: bytes, now_s: str) -> None:
    """What a handler draws follows from what it is given and when, not from which process runs it.

    Request ids and receipt handles are numbered in the order in which processes are ready.
    """
    random, uuid, re = import_module("random"), import_module("uuid"), import_module("re")
    given = re.sub(rb'"receiptHandle": ?"[^"]*"', b"", event)
    random.seed(given + f"{float(now_s):.3f}".encode())
    draw = lambda: uuid.UUID(int=random.getrandbits(128), version=4)  # noqa: E731
    setattr(uuid, "uuid4", draw)  # noqa: B010


def _limit_open_files() -> None:
    """To 1,024, Lambda's quota, where the operating system has such a limit."""
    try:
        resource = import_module("resource")
    except ImportError:  # Windows
        return
    limit = min(_MOST_OPEN_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))


def _run_awslambdaric(telemetry: Telemetry, client: _Client) -> None:
    sys.modules["runtime_client"] = client  # type: ignore[assignment]
    bootstrap = import_module("awslambdaric.bootstrap")
    runtime_client = import_module("awslambdaric.lambda_runtime_client")

    def post_init_error(error: dict[str, str], error_type: str | None = None) -> None:
        error["errorMessage"] += other_machine.hint(error["errorType"], error["errorMessage"])
        client.post_init_error(bootstrap.to_json(error), error_type or error["errorType"])

    runtime_api = runtime_client.LambdaRuntimeClient(os.environ["AWS_LAMBDA_RUNTIME_API"])
    # awslambdaric posts init errors through http.client, which takes no path in an address.
    runtime_api.post_init_error = post_init_error
    sink = FramedLogSink(telemetry, bootstrap._ERROR_FRAME_TYPE)
    bootstrap.create_log_sink = lambda: sink  # type: ignore[attr-defined]
    bootstrap.run(os.environ["_HANDLER"], runtime_api)


def _forked(telemetry: Telemetry, client: _Client) -> None:
    telemetry.forked()
    client.forked()
    client.virtual_time.forked()
