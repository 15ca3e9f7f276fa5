"""Tags are in `workshop/html.py` and its templates, colours in `workshop/palette.py` alone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "workshop").rglob("*.py"))
DRAWN = sorted((ROOT / "diagrams").rglob("*.py"))
STYLED = [
    *sorted((ROOT / "workshop").rglob("*.j2")),
    *sorted((ROOT / "workshop").rglob("*.css")),
]

TAG_NAMES = (
    "a|article|b|blockquote|body|br|button|caption|code|col|colgroup|dd|details|div|dl|dt|em|"
    "figcaption|figure|h[1-6]|head|header|hr|html|i|img|label|li|link|main|meta|nav|ol|p|pre|"
    "script|section|small|span|strong|style|sub|summary|sup|table|tbody|td|tfoot|th|thead|title|"
    "tr|u|ul|video"
)
# Also the beginning of a tag, which is what an f-string has of it.
TAG = re.compile(rf"</?(?:{TAG_NAMES})(?=[\s>/]|$)|\b(?:style|role|class|scope)=[\"']?", re.I)
COLOUR = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b|\b(?:rgb|hsl)a?\(", re.I)


def texts(path: Path) -> Iterator[str]:
    """The string constants of a module, pieces of f-strings included; no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in documentation:
            yield node.value  # type: ignore[attr-defined]


def found(paths: list[Path], pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    return [
        (path.relative_to(ROOT).as_posix(), text)
        for path in paths
        for text in texts(path)
        if pattern.search(text)
    ]


def test_no_module_writes_a_tag() -> None:
    assert found(MODULES, TAG) == []


def test_no_module_names_a_colour() -> None:
    others = [path for path in [*MODULES, *DRAWN] if path != ROOT / "workshop/palette.py"]
    assert found(others, COLOUR) == []


@pytest.mark.parametrize("path", STYLED, ids=lambda path: path.name)
def test_no_template_and_no_style_sheet_names_a_colour(path: Path) -> None:
    assert COLOUR.findall(path.read_text(encoding="utf-8")) == []


def test_nobody_escapes_by_hand_or_lets_pandas_write_tables() -> None:
    by_hand = re.compile(r"^(?:import html|from html )|\.to_html\(", re.MULTILINE)
    assert [path.name for path in MODULES if by_hand.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("<td style='text-align:left'>", True),
        ("<strong", True),
        ("</p>", True),
        ('role="alert" ', True),
        ("a < b, c > d", False),
        ("<order id>", False),
        ("<target>", False),
        ("the style of it", False),
    ],
)
def test_what_counts_as_a_tag(text: str, is_found: bool) -> None:
    assert bool(TAG.search(text)) is is_found
