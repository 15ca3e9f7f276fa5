"""What mypy reads of the CDK: all that has a part in our types, and not the other 300 services."""

import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from importlib.util import find_spec
from pathlib import Path

from workshop.target.target import PROJECT

PACKAGE = "aws_cdk"
USERS = ("infra", "localaws", "workshop", "diagrams", "benchmarks", "setting_up")
OURS = re.compile(rf"^(?:from|import) ({PACKAGE}[\w.]*)(?: import (\([^)]*\)|.*))?", re.MULTILINE)
# How a service of the CDK imports, for its types alone, what they are made of.
THEIRS = re.compile(rf"^    import ({PACKAGE}[\w.]*) as _", re.MULTILINE)


def test_mypy_reads_what_our_types_are_made_of_and_no_other_service() -> None:
    found = find_spec(PACKAGE)
    assert found is not None
    assert found.origin is not None
    root = Path(found.origin).parent
    # Given what the CDK's modules that we import are made of
    needed = set[str]()
    unread = set(imported(root))
    while unread:
        module = unread.pop()
        needed.add(module)
        unread |= set(made_of(module, root)) - needed
    # Then mypy follows imports to each of them, so that none is silently `Any`
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    [skipped, read] = settings["tool"]["mypy"]["overrides"]
    assert (skipped["module"], skipped["follow_imports"]) == ([f"{PACKAGE}.*"], "skip")
    assert read["follow_imports"] == "normal"
    assert [module for module in sorted(needed) if not is_listed(module, read["module"])] == []
    # And to nothing that is none of them, which would only take time
    listed = [name for name in read["module"] if not name.endswith("*")]
    assert [name for name in listed if name not in needed] == []


def is_listed(module: str, patterns: list[str]) -> bool:
    """As mypy reads them: a package with all that is below it, or one module."""
    return any(module == pattern or fnmatchcase(f"{module}.", pattern) for pattern in patterns)


def imported(root: Path) -> Iterator[str]:
    """The modules of the CDK, whose package lies there, that the project imports."""
    for path in (path for folder in USERS for path in (PROJECT / folder).rglob("*.py")):
        for package, names in OURS.findall(path.read_text("utf-8")):
            yield package
            below = (f"{package}.{name}" for name in re.findall(r"\w+", names))
            yield from (module for module in below if file_of(module, root).is_file())


def made_of(module: str, root: Path) -> Iterator[str]:
    """The modules of the CDK that one of them imports for its types."""
    yield from THEIRS.findall(file_of(module, root).read_text("utf-8"))


def file_of(module: str, root: Path) -> Path:
    return root.joinpath(*module.split(".")[1:], "__init__.py")
