"""Every wait says why it takes its time: in the workshop, and in each cell of the notebooks.

Who waits for minutes, as on an account, without a word about the cause takes it for a fault.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MODULES = sorted((ROOT / "workshop").rglob("*.py"))
# They are handed the cause by whoever calls them, or wait for a process of this machine.
PASSING_ON = {"flow.py", "clock.py", "cell_sleep.py", "waiting.py", "keeper.py", "following.py"}
ON_THIS_MACHINE = {"jupyter_server.py"}
# Waits that are counted with all others need to be handed where.
COUNTED = ("wait_until", "wait_briefly")


def calls(text: str) -> Iterator[tuple[str, ast.Call]]:
    """The waits of a source text, with what they are called as there."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name.rpartition(".")[2] in (*COUNTED, "sleep"):
                yield name, node


def has_cause(name: str, call: ast.Call) -> bool:
    named = {one.arg for one in call.keywords}
    if name.endswith("sleep"):
        return len(call.args) > 1 or "cause" in named
    # In a wait's own words: `lab.wait_until(condition, what, cause=...)`
    return "cause" in named


def cells(path: Path) -> Iterator[str]:
    """The code of a notebook: of its cells, and of the solutions in its text."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            yield re.sub(r"^[%!].*$", "", cell.source, flags=re.MULTILINE)
        else:
            yield from re.findall(r"^```python\n(.*?)^```", cell.source, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_cell_that_waits_says_why(path: Path) -> None:
    silent = [
        ast.unparse(call)
        for text in cells(path)
        for name, call in calls(text)
        if not has_cause(name, call) and not name.endswith("time.sleep")
    ]
    assert silent == []


def test_whatever_the_workshop_waits_for_has_a_cause_and_is_counted() -> None:
    silent, uncounted = [], []
    for path in MODULES:
        if path.name in PASSING_ON | ON_THIS_MACHINE:
            continue
        for name, call in calls(path.read_text("utf-8")):
            where = f"{path.relative_to(ROOT)}:{call.lineno}: {name}"
            silent += [] if has_cause(name, call) else [where]
            is_labs = name.startswith(("lab.", "self._lab.", "self.lab."))
            if name.endswith(COUNTED) and not is_labs:
                uncounted += [] if "waits" in {one.arg for one in call.keywords} else [where]
    assert silent == []
    assert uncounted == []
