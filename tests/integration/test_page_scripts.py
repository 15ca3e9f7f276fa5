"""What runs in a page: its pure parts under Node's test runner, and what a page is given of it."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.unit.workshop.player.runs import crowd, three_orders
from workshop.player import look
from workshop.player.questions import what_next
from workshop.stacks.node import cdk_environment, find_node

PARTS = Path(__file__).parent / "scripts"


def test_the_pure_part_of_the_player(tmp_path: Path) -> None:
    # Given the facts of three orders with questions, and of a crowd
    three = three_orders()
    facts = tmp_path / "facts.json"
    asked = three | {"questions": what_next(three, "bad")}
    facts.write_text(json.dumps({"three": asked, "crowd": crowd(300)}), encoding="utf-8")
    # Then all of its tests pass, and those of the stage's timeline
    expect_green("test_player.mjs", PLAYER_FACTS=str(facts))
    expect_green("test_scale.mjs", PLAYER_FACTS=str(facts))
    expect_green("test_legend.mjs")
    # And which words have room in a lane
    expect_green("test_room.mjs")
    expect_green("test_stage_clock.mjs")


def test_the_pure_part_of_the_search() -> None:
    expect_green("test_search.mjs")


def expect_green(name: str, **given: str) -> None:
    """Node's test runner passes all tests of a file, and there are some."""
    node = find_node()
    if node is None:
        pytest.skip("no Node.js, which `deploy` would install")
    done = subprocess.run(
        [node.path, "--test", str(PARTS / name)],
        env=cdk_environment(node, os.environ) | given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert re.search(r"^\S+ pass [1-9]", done.stdout, re.MULTILINE)


def test_the_module_needs_nothing_else(tmp_path: Path) -> None:
    module = look.module()
    assert not re.search(r"^\s*import\b|\bimport\(|\brequire\(", module, re.MULTILINE)
    assert not re.search(r"\bfetch\(|XMLHttpRequest|WebSocket|https?://(?!www\.w3\.org)", module)
    # Each of its files is in it.
    files = sorted((Path(look.__file__).parent / "js").glob("*.js"))
    assert [f.name for f in files if f.read_text("utf-8").splitlines()[0] not in module] == []
    # It would end the script that it is put into.
    assert "</script" not in look.script()
