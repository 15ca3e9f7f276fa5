"""People of a hub: users of this system for as long as they are measured, and what they run."""

import json
import pwd
import re
import subprocess
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from benchmarks.hub_processes import end_all

KERNEL = "lambda-failure-workshop"
_PREFIX = "lfw-bench-"
_SERVER_LIMIT_S = 300.0
_CELL_LIMIT_S = 600.0
# A figure is one message.
_LARGEST_BYTES = 100_000_000


@dataclass
class HubPerson:
    """Somebody with a server of their own.

    Attributes:
        name: of the user, for the hub and for the system.
        address: of the server.
        token: for it, of this person.
        took_s: what they did -> seconds.
        failed: cells that failed, as "notebook: first line".
    """

    name: str
    address: str
    token: str
    took_s: dict[str, float]
    failed: list[str]

    @property
    def uid(self) -> int:
        """Of the system."""
        return pwd.getpwnam(self.name).pw_uid

    def asked(self, path: str, body: Any = None) -> Any:
        """What the server answers."""
        return asked(f"{self.address}{path}", self.token, body)


@contextmanager
def users(number: int) -> Iterator[list[str]]:
    """So many users of the system with homes that nobody else can read; they go in the end."""
    names = [f"{_PREFIX}{index}" for index in range(number)]
    try:
        for name in names:
            subprocess.run(["useradd", "--create-home", name], check=True)
            Path(pwd.getpwnam(name).pw_dir).chmod(0o700)
        yield names
    finally:
        for name in names:
            end_all(pwd.getpwnam(name).pw_uid)
            subprocess.run(["userdel", "--remove", name], capture_output=True)


def asked(address: str, token: str, body: Any = None) -> Any:
    """A request to the hub or to a server, and its answer."""
    request = urllib.request.Request(
        address,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"token {token}", "Content-Type": "application/json"},
    )
    # Loopback never goes through a proxy.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=_SERVER_LIMIT_S) as answer:
        return json.loads(answer.read() or b"null")


def come_in(hub: str, token: str, name: str) -> HubPerson:
    """Log somebody in, and wait for their server."""
    began_s = time.monotonic()
    user = f"{hub}hub/api/users/{name}"
    asked(user, token, {})
    asked(f"{user}/server", token, {})
    while not asked(user, token)["servers"].get("", {}).get("ready"):
        if time.monotonic() - began_s > _SERVER_LIMIT_S:
            raise TimeoutError(f"the server of {name} does not answer")
        time.sleep(0.2)
    own = asked(f"{user}/tokens", token, {"note": "benchmark"})["token"]
    person = HubPerson(name, f"{hub}user/{name}/", own, {}, [])
    person.took_s["server"] = time.monotonic() - began_s
    return person


async def run_all(person: HubPerson, notebook: str) -> None:
    """Open a notebook, run all its cells, and leave its kernel running, as people do."""
    path = f"workshop/workspace/{notebook}"
    cells = person.asked(f"api/contents/{path}")["content"]["cells"]
    session = person.asked(
        "api/sessions",
        {"path": path, "name": notebook, "type": "notebook", "kernel": {"name": KERNEL}},
    )
    began_s = time.monotonic()
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        told = await run_code(person, session["kernel"]["id"], cell["source"])
        if told["error"] and "raises-exception" not in cell["metadata"].get("tags", ()):
            person.failed.append(f"{notebook}: {told['error']}")
        if "workshop.connect(" in cell["source"] and "connect" not in person.took_s:
            person.took_s["connect"] = time.monotonic() - began_s
        if "<figure" in told["html"] and "first figure" not in person.took_s:
            person.took_s["first figure"] = time.monotonic() - began_s
    person.took_s[notebook[:2]] = time.monotonic() - began_s


async def run_code(person: HubPerson, kernel: str, code: str) -> dict[str, str]:
    """Run something in a kernel: what it printed, showed as HTML, and failed with."""
    address = re.sub(r"^http", "ws", f"{person.address}api/kernels/{kernel}/channels")
    request = HTTPRequest(address, headers={"Authorization": f"token {person.token}"})
    connection = await websocket_connect(request, max_message_size=_LARGEST_BYTES)
    sent = uuid.uuid4().hex
    header = {"msg_id": sent, "msg_type": "execute_request", "version": "5.3", "session": sent}
    header |= {"username": person.name, "date": ""}
    content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
    content |= {"user_expressions": {}, "stop_on_error": False}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
    told = {"text": "", "html": "", "error": ""}
    try:
        await connection.write_message(json.dumps({**message, "channel": "shell", "buffers": []}))
        await _until_idle(connection, sent, told)
    finally:
        connection.close()
    return told


async def _until_idle(connection: Any, sent: str, told: dict[str, str]) -> None:
    done = set[str]()
    limit_s = time.monotonic() + _CELL_LIMIT_S
    while done < {"idle", "reply"}:
        text = await connection.read_message()
        if text is None or time.monotonic() > limit_s:
            raise TimeoutError("a kernel went away, or a cell does not end")
        got = json.loads(text) if isinstance(text, str) else {}
        if got.get("parent_header", {}).get("msg_id") != sent:
            continue
        kind, content = got["header"]["msg_type"], got["content"]
        if kind == "stream":
            told["text"] += content["text"]
        elif kind in ("display_data", "execute_result", "update_display_data"):
            told["html"] += "".join(content["data"].get("text/html", ""))
        elif kind == "error":
            told["error"] = f"{content['ename']}: {content['evalue']}"[:200]
        elif kind == "execute_reply":
            done.add("reply")
        elif kind == "status" and content["execution_state"] == "idle":
            done.add("idle")


def refused(name: str, paths: Sequence[Path]) -> list[Path]:
    """Those of the paths that this user cannot read."""
    return [path for path in paths if not _can(name, "-r", path)]


def _can(name: str, how: str, path: Path) -> bool:
    command = ["runuser", "-u", name, "--", "test", how, str(path)]
    return subprocess.run(command, capture_output=True).returncode == 0
