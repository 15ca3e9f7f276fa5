"""What the CDK, npm and jsii run with."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from workshop.stacks import node
from workshop.stacks.node import Node, NodeError
from workshop.target.folders import WHEELS
from workshop.target.target import PROJECT

A_NODE = Node(Path("node"), ("npm",), "24.0.0", "wheel")


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """What is run on a machine without Node.js, which has one when pip has run."""
    found = list[Sequence[str]]()

    def run(command: Sequence[str], *_: Any, **__: Any) -> "subprocess.CompletedProcess[str]":
        found.append(command)
        return subprocess.CompletedProcess(command, 0, "")

    monkeypatch.setattr(node.children, "run_telling", run)
    monkeypatch.setattr(node, "find_node", lambda: None)
    monkeypatch.setattr(node, "_node_in_wheel", lambda: A_NODE if found else None)
    return found


def test_a_folder_that_is_carried_brings_its_own_node(
    tmp_path: Path, ran: list[Sequence[str]]
) -> None:
    # Given a folder with its packages, in a Jupyter that start.py did not start
    (tmp_path / WHEELS).mkdir()
    assert node.ensure_node(print, tmp_path) == A_NODE
    # Then no registry is asked for Node.js
    assert ["--no-index", "--find-links", str(tmp_path / WHEELS)] == list(ran[0][-3:])


def test_without_carried_packages_the_registry_is_asked(
    tmp_path: Path, ran: list[Sequence[str]]
) -> None:
    node.ensure_node(print, tmp_path)
    assert "--no-index" not in ran[0]


@pytest.mark.parametrize("what", ["Node.js", "The CDK CLI"])
def test_who_may_not_write_there_is_told_who_can(
    tmp_path: Path, ran: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    # Given a classroom's folder, which a participant can only read
    (tmp_path / "package-lock.json").write_text("{}")
    if what == "The CDK CLI":
        monkeypatch.setattr(node, "find_node", lambda: A_NODE)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(NodeError, match=f"^{what} is missing") as told:
        node.ensure_cdk(print, tmp_path)
    assert "prepare --cdk" in told.value.remedy
    assert ran == []


def test_caches_are_inside_the_project_unless_somebody_chose_another() -> None:
    # Given a person who has set a cache of npm's, and none of jsii's
    environment = node.cdk_environment(base={"HOME": "/home/ada", "npm_config_cache": "/theirs"})
    # Then that one stays, and the other is not in their home folder
    assert environment["npm_config_cache"] == "/theirs"
    assert PROJECT in Path(environment["JSII_RUNTIME_PACKAGE_CACHE_ROOT"]).parents
