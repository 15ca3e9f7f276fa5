"""How files are stored: what git, editors and the formatter are told agrees."""

import configparser
import subprocess
import tomllib
from typing import Any

import pytest

from tests.stored_files import read, text_files

RUFF = tomllib.loads(read("pyproject.toml"))["tool"]["ruff"]


def test_files_have_lf_and_end_with_a_line() -> None:
    kinds = (".py", ".ipynb", ".md", ".toml", ".yml", ".json", ".txt", ".svg", ".css", ".j2")
    contents = {path: path.read_bytes() for path in text_files(*kinds)}
    assert len(contents) > 100
    assert [path for path, content in contents.items() if b"\r" in content] == []
    assert [path for path, content in contents.items() if content and content[-1:] != b"\n"] == []


def editorconfig() -> dict[str, dict[str, str]]:
    parser = configparser.ConfigParser()
    parser.read_string("[top]\n" + read(".editorconfig"))
    return {section: dict(parser[section]) for section in parser.sections()}


def test_editors_are_told_what_the_formatter_does() -> None:
    told = editorconfig()
    assert told["top"] == {"root": "true"}
    assert told["*"]["max_line_length"] == str(RUFF["line-length"])
    assert told["*"]["end_of_line"] == "lf"
    # ruff's own, which the project leaves as it is
    assert "indent-width" not in RUFF
    assert told["{*.py,*.toml,.ci/run}"]["indent_size"] == "4"


@pytest.mark.parametrize("kind", ["json", "ipynb"])
def test_editors_are_told_the_indentation_that_is_used(kind: str) -> None:
    told = editorconfig()
    width = told.get(f"*.{kind}", {}).get("indent_size", told["*"]["indent_size"])
    files = text_files(f".{kind}")
    assert files
    for path in files:
        first = path.read_text(encoding="utf-8").splitlines()[1]
        assert len(first) - len(first.lstrip(" ")) == int(width), path


@pytest.fixture(scope="module")
def attributes(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What git makes of a name in a repository with the project's .gitattributes."""
    folder = tmp_path_factory.mktemp("repository")
    try:
        subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    except OSError:
        pytest.skip("no git on the PATH")
    (folder / ".gitattributes").write_text(read(".gitattributes"), encoding="utf-8")

    def of(name: str) -> dict[str, str]:
        asked = ["git", "check-attr", "--all", "--", name]
        told = subprocess.run(asked, cwd=folder, check=True, capture_output=True, text=True)
        return dict(line.split(": ")[1:] for line in told.stdout.splitlines())

    return of


@pytest.mark.parametrize(
    "name", ["start.py", "tests/conftest.py", ".ci/run", "a.sh", "notebooks/a.ipynb", "cdk.json"]
)
def test_git_writes_lf_on_every_platform(attributes: Any, name: str) -> None:
    assert attributes(name)["eol"] == "lf"
    assert attributes(name).get("linguist-generated") is None


def test_git_knows_what_is_text_and_what_a_program_made(attributes: Any) -> None:
    for name in ("images/guide.png", "a.ico"):
        assert attributes(name)["binary"] == "set"
        assert attributes(name)["text"] == "unset"
    assert attributes("notebooks/a.ipynb")["diff"] == "set"
    for name in ("requirements.txt", "requirements-dev.txt", "package-lock.json", "images/a.svg"):
        assert attributes(name)["linguist-generated"] == "set"
