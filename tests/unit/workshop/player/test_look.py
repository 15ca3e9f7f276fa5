"""Modules of pages as one text."""

from pathlib import Path

import pytest

from workshop.guides import scripts
from workshop.player import look
from workshop.stage import page

PLAYER = Path(look.__file__).parent / "js"


def test_each_module_stands_once_after_those_that_it_imports(tmp_path: Path) -> None:
    # Given two that import a third, which imports one of another folder
    texts = {
        "js/last": 'import { b } from "./b.js";\nimport { c } from "./c.js";\nb + c;\n',
        "js/b": 'import { c } from "./c.js";\nexport const b = c;\n',
        "js/c": 'import { far } from "../far/far.js";\nexport const c = far;\n',
        "far/far": "export const far = 1;\n",
    }
    for name, text in texts.items():
        path = tmp_path / f"{name}.js"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert look.joined(tmp_path / "js", "last", "b") == (
        "export const c = far;\n\nexport const b = c;\n\nb + c;\n"
    )


@pytest.mark.parametrize("folder", ["player", "stage", "guides"])
def test_every_file_of_a_folder_is_in_what_is_made_of_it(folder: str) -> None:
    made = {
        "player": look.module(),
        "stage": page.script(),
        "guides": "".join(one.text for one in (*scripts.of_page(), *scripts.of_index())),
    }[folder]
    first_lines = {
        path.name: path.read_text("utf-8").splitlines()[0]
        for path in (PLAYER.parents[1] / folder / "js").glob("*.js")
    }
    assert first_lines
    assert [name for name, line in first_lines.items() if line not in made] == []
    assert "\nimport " not in made
