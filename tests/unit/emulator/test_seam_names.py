"""The list of what meets ministack is of what is used, each name once."""

import re
from pathlib import Path

import localaws
from localaws.emulator.seam_names import SEAMS

CODE = "".join(
    path.read_text(encoding="utf-8")
    for path in Path(localaws.__file__).parent.rglob("*.py")
    if path.name != "seam_names.py"
)


def test_each_name_is_used_somewhere() -> None:
    words = set(re.findall(r"\w+", CODE))
    assert [(where, n) for where, names in SEAMS.items() for n in names if n not in words] == []


def test_each_name_stands_once_and_in_order() -> None:
    assert list(SEAMS) == sorted(SEAMS)
    assert [where for where, names in SEAMS.items() if list(names) != sorted(set(names))] == []
