"""Sentences take the commands that they name from one function, so that none lacks its arguments.

`python3 start.py destroy`, said about an account, removed what a throwaway embedded AWS held.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = [
    path
    for path in sorted((ROOT / "workshop").rglob("*.py"))
    if path.name not in ("__main__.py", "commands.py")
]
NAMES = "bootstrap|deploy|destroy|doctor|guides|lab|shell"
# With the program before it, or as what somebody is told to run.
COMMAND = re.compile(rf"start\.py (?:{NAMES})\b|[Rr]un `(?:{NAMES}|cdk )")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def sentences(path: Path) -> Iterator[str]:
    """The texts of a file, without what only explains it."""
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, DOCUMENTED) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if id(node) not in docstrings and isinstance(node, ast.Constant):
            yield str(node.value)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_sentence_writes_a_command_itself(path: Path) -> None:
    assert [text for text in sentences(path) if COMMAND.search(text)] == []
