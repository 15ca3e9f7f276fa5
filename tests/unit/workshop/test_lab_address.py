"""Where JupyterLab listens: on this machine alone, unless somebody says otherwise."""

import argparse
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from workshop.cli import jupyter_server, lab
from workshop.cli.jupyter_server import JupyterServer


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that are started; nothing is."""
    commands = list[list[str]]()

    def start(command: list[str], **_: Any) -> SimpleNamespace:
        commands.append(command)
        return SimpleNamespace()

    monkeypatch.setattr(jupyter_server.subprocess, "Popen", start)
    monkeypatch.setattr(jupyter_server, "_free_port", lambda wanted: wanted or 8888)
    return commands


def server(folder: Path, **options: Any) -> JupyterServer:
    names = ("JUPYTER_CONFIG_DIR", "JUPYTERLAB_SETTINGS_DIR")
    environment = {name: str(folder / "jupyter" / name) for name in names}
    return JupyterServer(folder, environment, first="workspace/00.ipynb", **options)


def test_by_default_nobody_else_reaches_it(tmp_path: Path, started: list[list[str]]) -> None:
    made = server(tmp_path)
    assert "--ip=127.0.0.1" in started[0]
    assert "--ServerApp.base_url=/" in started[0]
    address = f"http://127.0.0.1:8888/lab/tree/workspace/00.ipynb?token={made.token}"
    assert made.address == address


@pytest.mark.parametrize("base", ["/user/ada/", "user/ada"])
def test_behind_a_proxy_it_has_a_path(
    tmp_path: Path, started: list[list[str]], monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    made = server(tmp_path, ip="0.0.0.0", base_url=base)
    assert "--ip=0.0.0.0" in started[0]
    assert "--ServerApp.base_url=/user/ada/" in started[0]
    assert "--LabApp.default_url=/lab/tree/workspace/00.ipynb" in started[0]
    assert made.page == "/user/ada/lab/tree/workspace/00.ipynb"


@pytest.mark.parametrize("text", ["", "everywhere", "1.2.3"])
def test_what_is_no_address_is_refused(text: str) -> None:
    parser = argparse.ArgumentParser()
    lab.add_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["--ip", text])
    assert parser.parse_args(["--ip", "0.0.0.0"]).ip == "0.0.0.0"
