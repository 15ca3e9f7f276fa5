"""The colours: what has to be read can be read, and every picture and page has these alone."""

import re
from pathlib import Path

import pytest

from tests.unit.workshop.test_timeline import DEAD, SQS, THREE
from workshop import palette
from workshop.accounting.passages import Passages
from workshop.drawing.marks import OUTCOMES, Look
from workshop.drawing.timeline import timeline
from workshop.drawing.vector import element
from workshop.guides.export import theme
from workshop.html import BAD, GOOD, NOT_DONE, REFUSED, WAITING, Tone
from workshop.stage.diagram import with_counts

ROOT = Path(__file__).parents[3]
IMAGES = sorted((ROOT / "images").glob("*.svg"))
HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
# WCAG 2.2: letters, and what else has to be seen.
LETTERS, SEEN = 4.5, 3.0
# What is behind a cell's result: JupyterLab's page and its striped rows, and the page of a guide.
LIGHT, DARK = ("#FFFFFF", "#F5F5F5"), ("#111111", "#212121", palette.PAGE["paper"][1])


def luminance(colour: str) -> float:
    shares = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_reckoned_as_wcag_does() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("is_dark", [False, True])
@pytest.mark.parametrize(
    ("letters", "behind"),
    [
        *((name, "paper") for name in ("ink", "soft-ink", "accent", "warm")),
        *((name, "accent-soft") for name in ("ink", "soft-ink", "accent")),
        *((name, "panel") for name in ("ink", "soft-ink", "accent", "warm")),
        *((name, "panel") for name in ("keyword", "string", "number")),
    ],
)
def test_a_guide_can_be_read_light_and_dark(letters: str, behind: str, is_dark: bool) -> None:
    assert contrast(palette.PAGE[letters][is_dark], palette.PAGE[behind][is_dark]) >= LETTERS


@pytest.mark.parametrize(
    "tone", [GOOD, BAD, REFUSED, WAITING, NOT_DONE], ids=lambda tone: tone.sign
)
def test_bars_are_seen_on_light_and_on_dark_pages(tone: Tone) -> None:
    assert min(contrast(tone.colour, page) for page in (*LIGHT, *DARK)) >= SEEN


def test_no_colour_can_be_read_on_both() -> None:
    """Why letters are left in the page's own colour."""
    page, night = luminance(LIGHT[0]), luminance(DARK[0])
    brightest = (page + 0.05) / LETTERS - 0.05
    darkest = (night + 0.05) * LETTERS - 0.05
    assert brightest < darkest


@pytest.mark.parametrize(
    "colour", ["INK", "SOFT_INK", "GREEN_TEXT", "VERMILLION_TEXT", "AMBER_TEXT", "PURPLE_TEXT"]
)
def test_what_is_written_in_a_picture_can_be_read(colour: str) -> None:
    for ground in (palette.PAPER, palette.SHADE):
        assert contrast(getattr(palette, colour), ground) >= LETTERS


@pytest.mark.parametrize("look", OUTCOMES.values(), ids=OUTCOMES)
def test_the_number_on_a_mark_can_be_read(look: Look) -> None:
    assert contrast(look.ink, look.face) >= LETTERS


def test_marks_are_seen_on_a_dark_page_too() -> None:
    for colour in (palette.GREEN_MARK, palette.VERMILLION_MARK):
        assert min(contrast(colour, page) for page in (*LIGHT, *DARK)) >= SEEN


def known() -> set[str]:
    pages = {colour.lower() for pair in palette.PAGE.values() for colour in pair}
    return pages | {value.lower() for value in vars(palette).values() if isinstance(value, str)} & {
        value.lower() for value in HEX.findall((ROOT / "workshop/palette.py").read_text("utf-8"))
    }


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.stem)
def test_the_diagrams_know_the_dark_scheme(path: Path) -> None:
    drawing = path.read_text("utf-8")
    assert "@media (prefers-color-scheme:dark)" in drawing
    # Put into a page, they have the page's colours, and no style for the rest of it
    inside = element(drawing)
    assert "prefers-color-scheme" not in inside
    assert "var(--paper" in inside


def strangers(svg: str) -> set[str]:
    return {colour.lower() for colour in HEX.findall(svg)} - known()


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.stem)
def test_the_diagrams_have_no_colour_of_their_own(path: Path) -> None:
    assert strangers(path.read_text("utf-8")) == set()


def test_neither_have_the_timelines() -> None:
    drawn = timeline(THREE, DEAD, settings=SQS, predicted={"bad-1": 2}).svg()
    assert {palette.GREEN_MARK.lower(), palette.VERMILLION_MARK.lower()} <= set(HEX.findall(drawn))
    assert strangers(drawn) == set()


def test_neither_has_the_living_diagram() -> None:
    passages = Passages({"send": 2, "return": 0}, {"source-queue-dlq": 1}, 2, 1, 1)
    drawing = (ROOT / "images/sqs-dlq.svg").read_text("utf-8")
    assert strangers(with_counts(drawing, passages, is_moving=True)) == set()


def test_the_style_sheet_names_each_colour_of_a_page_and_no_other() -> None:
    sheet = theme()
    for name, (light, dark) in palette.PAGE.items():
        assert f"--{name}: {light};" in sheet
        assert f"--{name}: {dark};" in sheet
    used = set(re.findall(r"var\(--([a-z-]+)\)", sheet)) - {"text-font", "code-font"}
    assert used == set(palette.PAGE)
