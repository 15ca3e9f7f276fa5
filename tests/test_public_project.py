"""What strangers meet first: the changelog, the promises and the forms say what is true."""

import ast
import json
import re
import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from setting_up.telling import NEEDED_MB
from tests.stored_files import ROOT, read, text_files

PYPROJECT = tomllib.loads(read("pyproject.toml"))
PAGES = ["CHANGELOG.md", "CONTRIBUTING.md", "README.md", "SECURITY.md"]
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("[0-9]*.yml"))
# Of Keep a Changelog 1.1.0.
KINDS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]


def releases() -> list[tuple[str, str]]:
    """Version and date of each release in the changelog, newest first."""
    return re.findall(r"^## (\d+\.\d+\.\d+) - (\S+)$", read("CHANGELOG.md"), re.MULTILINE)


def test_the_newest_release_is_the_version_of_the_project() -> None:
    assert releases()[0][0] == PYPROJECT["project"]["version"]


def test_the_version_stands_in_one_place() -> None:
    package, lock = json.loads(read("package.json")), json.loads(read("package-lock.json"))
    assert "version" not in package
    assert "version" not in lock
    assert "version" not in lock["packages"][""]
    named = re.compile(r"^__version__\s*=", re.MULTILINE)
    assert not any(named.search(path.read_text("utf-8")) for path in text_files(".py"))


def test_every_heading_is_unreleased_or_a_version_with_its_date_or_a_kind_of_change() -> None:
    text = read("CHANGELOG.md")
    sections = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert sections == ["Unreleased", *(f"{version} - {day}" for version, day in releases())]
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= set(KINDS)
    assert text.startswith("# Changelog\n")
    assert not re.search(r"^####", text, re.MULTILINE)


def test_every_section_tells_something_and_each_kind_once() -> None:
    for section in re.split(r"^## ", read("CHANGELOG.md"), flags=re.MULTILINE)[1:]:
        kinds = re.split(r"^### ", section, flags=re.MULTILINE)[1:]
        names = [kind.splitlines()[0] for kind in kinds]
        assert names == sorted(names, key=KINDS.index), section
        assert len(names) == len(set(names)), section
        assert all(re.search(r"^- \S", kind, re.MULTILINE) for kind in kinds), section


def test_releases_descend_in_number_and_day() -> None:
    told = [
        (tuple(map(int, version.split("."))), date.fromisoformat(day))
        for version, day in releases()
    ]
    assert all(len(day) == 10 for _, day in releases())
    for (newer, newer_day), (older, older_day) in pairwise(told):
        assert newer > older
        assert newer_day >= older_day


# Pages


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = read(page)
    for target in re.findall(r"\]\(([^)]*)\)", text):
        if re.match(r"https://[\w.-]+(/\S*)?$", target):
            continue
        assert (ROOT / target.partition("#")[0]).exists(), target
    # A reference without its definition is shown as text.
    prose = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)
    references = set(re.findall(r"\[[^\]]+\]\[([^\]]*)\]", prose))
    assert references <= set(re.findall(r"^\[([^\]]+)\]: ", text, re.MULTILINE))


@pytest.mark.parametrize(
    "row", [line for line in read("SECURITY.md").splitlines() if "](tests/" in line]
)
def test_every_promise_names_a_test_that_exists(row: str) -> None:
    for names, path in re.findall(r"((?:`test_\w+`[, and]*)+) in \[[^\]]+\]\(([^)]+)\)", row):
        for name in re.findall(r"`(test_\w+)`", names):
            assert re.search(rf"^(async )?def {name}\(", read(path), re.MULTILINE), (name, path)
    named = re.findall(r"((?:`test_\w+`[, and]*)+) in ", row)
    assert len(re.findall(r"`test_\w+`", "".join(named))) == row.count("`test_") > 0


def test_reports_are_private_and_nobody_is_made_up() -> None:
    text = read("SECURITY.md")
    assert "**Report a vulnerability**" in " ".join(text.split())
    assert "@" not in text


def test_the_readme_begins_with_the_commands_that_are_needed_first() -> None:
    block = re.search(r"^```\n(.*?)^```", read("README.md"), re.DOTALL | re.MULTILINE)
    assert block
    commands = [line.partition("#")[0].strip() for line in block[1].splitlines()]
    assert commands == [f"python3 start.py{name}" for name in ("", " guides", " test")]


def test_the_room_that_is_needed_is_the_same_everywhere() -> None:
    room = re.compile(r"\b[\d.]+\sGB\b")
    told = ast.get_docstring(ast.parse(read("start.py"))) or ""
    said = room.findall(told) + room.findall(read("README.md"))
    assert said == [f"{NEEDED_MB / 1000:g} GB"] * 2


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_forms_ask_by_fields_with_ids_of_their_own(path: Path) -> None:
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert form.keys() <= {"name", "description", "labels", "body"}
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert len({field["id"] for field in fields}) == len(fields) >= 3
    assert all(field["attributes"]["label"] for field in fields)
    assert any(field["validations"]["required"] for field in fields)


def test_forms_ask_what_is_needed_to_look_into_it() -> None:
    assert [path.stem for path in FORMS] == ["1-bug", "2-difference-from-aws", "3-unclear-lesson"]
    bug, difference, _ = (path.read_text(encoding="utf-8") for path in FORMS)
    assert "python3 start.py doctor" in bug
    for field in ("rule", "here", "aws", "source"):
        assert f"id: {field}\n" in difference
    for page in re.findall(r"docs/[\w-]+\.md", difference):
        assert (ROOT / page).exists()
