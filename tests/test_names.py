"""One word, one meaning: no name of a class is defined twice; what is named exists."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("localaws", "workshop", "infra", "diagrams", "benchmarks")

_AWS_ERROR = "the name is AWS's, and several of its services have an error of that name"
_PORT = "a port in `localaws.words.ports`, and what of the emulator is behind it"

DEFINED_TWICE = {
    "AccessDeniedException": _AWS_ERROR,
    "InvalidParameterException": _AWS_ERROR,
    "InvalidParameterValueException": _AWS_ERROR,
    "ResourceNotFoundException": _AWS_ERROR,
    "ValidationException": _AWS_ERROR,
    "EventBus": _PORT,
    "Judge": _PORT,
    "Permissions": _PORT,
    "Clock": "AWS's time: the embedded AWS's own clock, and what a notebook sees of any target's",
}


def classes(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            yield node.name


def test_no_class_shares_its_name_with_another() -> None:
    defined: dict[str, list[str]] = defaultdict(list)
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for name in classes(path):
                defined[name].append(path.relative_to(ROOT).as_posix())
    several = {name: paths for name, paths in defined.items() if len(paths) > 1}
    assert {n: paths for n, paths in several.items() if n not in DEFINED_TWICE} == {}
    # Whoever mends one of the exceptions takes it off the list.
    assert sorted(DEFINED_TWICE.keys() - several.keys()) == []


def test_tests_that_a_docstring_names_exist() -> None:
    defined = {
        name
        for path in (ROOT / "tests").rglob("*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8"))
    }
    named = {
        name
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for name in re.findall(r"`(test_\w+)`", path.read_text(encoding="utf-8"))
    }
    assert sorted(named - defined) == []
    assert named
