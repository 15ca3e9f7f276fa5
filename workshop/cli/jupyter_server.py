"""A JupyterLab of the workshop's own: on loopback, with its own token and settings."""

import json
import os
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from workshop.cli.jupyter import python_command
from workshop.errors import WorkshopError

START_LIMIT_S = 60
STOP_LIMIT_S = 15
LOOPBACK = "127.0.0.1"
# Jupyter's.
USUAL_PORT = 8888

# A quiet, predictable laboratory: no news, no questions about updates, no unsaved surprises.
SETTINGS = {
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
    "@jupyterlab/notebook-extension/tracker": {
        "codeCellConfig": {"lineNumbers": False},
        "windowingMode": "none",
    },
}
PAGE = {
    "disabledExtensions": {
        "@jupyterlab/apputils-extension:announcements": True,
        "@jupyterlab/debugger-extension": True,
    },
    # JupyterLab has never to be built anew; each page that is opened would start Node.js twice to
    # find that out.
    "buildAvailable": False,
    "buildCheck": False,
}


class JupyterError(WorkshopError):
    """JupyterLab did not start, or ended by itself."""


class JupyterServer:
    """One running JupyterLab.

    Args:
        root: the folder that it serves: that of `workspace/`, since notebooks show pictures beside
            it.
        environment: from `jupyter_environment`; says where settings and logs go.
        port: TCP port; None takes 8888 or a free one.
        browser: open the person's browser on it.
        first: the notebook to open, as a path in `root`.
        ip: where it listens; a loopback address is for this machine alone.
        base_url: the path under which a proxy leads to it, such as "/user/ada/".
    """

    def __init__(
        self,
        root: Path,
        environment: Mapping[str, str],
        *,
        port: int | None = None,
        browser: bool = True,
        first: str = "",
        ip: str = LOOPBACK,
        base_url: str = "/",
    ) -> None:
        self._ip, self._base = ip, f"/{base_url.strip('/')}/".replace("//", "/")
        self._root, self._browser, self._environment = root, browser, environment
        self.token = secrets.token_urlsafe(24)
        self._may_choose = port is None
        self.port = _free_port(USUAL_PORT if port is None else port, self._may_choose)
        self.page = f"{self._base}lab/tree/{first}" if first else f"{self._base}lab"
        self.log = Path(environment["JUPYTER_CONFIG_DIR"]).parent / "server.log"
        _write_settings(environment)
        self.process = self._started()

    @property
    def address(self) -> str:
        """What to open in a browser; whoever has it may run code, so it is for this person only."""
        return f"http://{LOOPBACK}:{self.port}{self.page}?token={self.token}"

    def wait_until_ready(self) -> None:
        """Return when it answers.

        Raises:
            JupyterError: it ended or did not answer in time.
        """
        deadline_s = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline_s:
            if self.process.poll() is not None:
                if not self._may_choose or _is_free(self.port):
                    raise JupyterError("JupyterLab did not start.", f"Its log says why: {self.log}")
                # Somebody else's, at the same moment, was quicker; any port will do.
                self.port = _free_port(0, True)
                self.process = self._started()
            with suppress(OSError):
                self._request("GET", "api/status")
                return
            time.sleep(0.1)
        raise JupyterError("JupyterLab does not answer.", f"Its log says why: {self.log}")

    def wait(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Return when it ends by itself (its menu has "Shut Down").

        Args:
            meanwhile: done every second.
        """
        while True:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=1)
                return
            meanwhile()

    def stop(self) -> None:
        """End it and its kernels; at once when somebody presses Ctrl-C again meanwhile."""
        try:
            if self.process.poll() is None:
                try:
                    self._request("POST", "api/shutdown")
                except OSError:
                    # It does not answer yet, and has nothing that could be lost.
                    self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=STOP_LIMIT_S)
        finally:
            if self.process.poll() is None:
                # Kernels watch the server and end by themselves without it.
                self.process.kill()
                self.process.wait()
            if self.process.stdin:
                self.process.stdin.close()

    def _request(self, method: str, path: str) -> None:
        request = urllib.request.Request(
            f"http://{LOOPBACK}:{self.port}{self._base}{path}",
            data=b"" if method == "POST" else None,
            headers={"Authorization": f"token {self.token}"},
            method=method,
        )
        # Loopback never goes through a proxy.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=5):
            pass

    def _started(self) -> "subprocess.Popen[bytes]":
        with self.log.open("w", encoding="utf-8") as log:
            return subprocess.Popen(
                python_command("-m", "workshop.cli.owned_jupyter", *self._arguments()),
                # The token goes in the environment: a process list shows everybody's arguments.
                env={**self._environment, "JUPYTER_TOKEN": self.token},
                # Nobody writes to it: that it ends is what tells of our end, however that comes.
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for us, who stop it in order; Jupyter would ask whether it was meant.
                start_new_session=os.name != "nt",
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )

    def _arguments(self) -> list[str]:
        return [
            *([] if self._browser else ["--no-browser"]),
            f"--ip={self._ip}",
            f"--ServerApp.base_url={self._base}",
            f"--port={self.port}",
            "--ServerApp.port_retries=0",
            # Jupyter asks root (the usual user of a container) for it; loopback and token hold.
            "--allow-root",
            f"--ServerApp.root_dir={self._root}",
            f"--LabApp.default_url=/{self.page.removeprefix(self._base)}",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabApp.news_url=",
            "--LabApp.extension_manager=readonly",
            "--KernelManager.transport_encryption=auto",
        ]


def _write_settings(environment: Mapping[str, str]) -> None:
    settings = Path(environment["JUPYTERLAB_SETTINGS_DIR"])
    for name, values in SETTINGS.items():
        file = settings / f"{name}.jupyterlab-settings"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values, indent=2), encoding="utf-8")
    config = Path(environment["JUPYTER_CONFIG_DIR"]) / "labconfig" / "page_config.json"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(json.dumps(PAGE), encoding="utf-8")


def _free_port(wanted: int, may_choose: bool) -> int:
    """The wanted port, or any free one where another may be chosen; 0 is any."""
    for port in (wanted, 0) if may_choose else (wanted,):
        with suppress(OSError):
            return _bound(port)
    raise JupyterError(
        f"Port {wanted} is taken by another program.", "Name another one with --port, or none."
    )


def _is_free(port: int) -> bool:
    with suppress(OSError):
        return _bound(port) == port
    return False


def _bound(port: int) -> int:
    """The number of a port that nobody has; raises OSError where somebody has it."""
    with socket.socket() as probe:
        if os.name != "nt":
            # As a server does: a port whose last connections are just ending is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((LOOPBACK, port))
        return int(probe.getsockname()[1])
