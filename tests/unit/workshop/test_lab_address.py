"""Where JupyterLab listens: on this machine alone, unless somebody says otherwise."""

import argparse
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from workshop.cli import jupyter_server, lab
from workshop.cli.jupyter_server import JupyterError, JupyterServer


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that are started; nothing is."""
    commands = list[list[str]]()

    def start(command: list[str], **_: Any) -> SimpleNamespace:
        commands.append(command)
        return SimpleNamespace()

    monkeypatch.setattr(jupyter_server.subprocess, "Popen", start)
    monkeypatch.setattr(jupyter_server, "_free_port", lambda wanted, _: wanted)
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


def test_who_was_slower_to_take_the_usual_port_takes_another_one(
    tmp_path: Path, started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given somebody else's JupyterLab, which took the port between our look and our start
    made = server(tmp_path)
    made.process = SimpleNamespace(poll=lambda: 1)  # type: ignore[assignment]
    monkeypatch.setattr(jupyter_server, "_is_free", lambda port: False)
    monkeypatch.setattr(jupyter_server, "_free_port", lambda wanted, _: 40_000)
    monkeypatch.setattr(made, "_request", lambda *_: None)
    monkeypatch.setattr(
        jupyter_server.subprocess,
        "Popen",
        lambda command, **_: (started.append(command), SimpleNamespace(poll=lambda: None))[1],
    )
    made.wait_until_ready()
    assert "--port=40000" in started[-1]
    assert ":40000/" in made.address


@pytest.mark.parametrize(("port", "is_free"), [(8888, False), (None, True)])
def test_a_named_port_and_another_reason_end_it(
    tmp_path: Path,
    started: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    port: int | None,
    is_free: bool,
) -> None:
    made = server(tmp_path, port=port)
    made.process = SimpleNamespace(poll=lambda: 1)  # type: ignore[assignment]
    monkeypatch.setattr(jupyter_server, "_is_free", lambda _: is_free)
    with pytest.raises(JupyterError, match="did not start"):
        made.wait_until_ready()
    assert len(started) == 1


@pytest.mark.parametrize("answers", [True, False])
def test_one_that_does_not_answer_yet_is_not_waited_for(
    tmp_path: Path, started: list[list[str]], monkeypatch: pytest.MonkeyPatch, answers: bool
) -> None:
    # Given Ctrl-C, while JupyterLab serves or still starts
    asked = list[str]()

    def request(method: str, path: str) -> None:
        asked.append(path)
        if not answers:
            raise ConnectionRefusedError

    made = server(tmp_path)
    monkeypatch.setattr(made, "_request", request)
    made.process = SimpleNamespace(  # type: ignore[assignment]
        poll=lambda: None if len(asked) < 2 else 0,
        terminate=lambda: asked.append("terminate"),
        wait=lambda timeout=0: asked.append("wait"),
        kill=lambda: asked.append("kill"),
        stdin=None,
    )
    made.stop()
    assert asked[:2] == ["api/shutdown", "wait" if answers else "terminate"]
    assert "kill" not in asked
