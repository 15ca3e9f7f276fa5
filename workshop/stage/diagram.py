"""Numbers and dots for a diagram of `images/`. Pure: SVG text in, SVG text out.

Cards and arrows of the diagram are groups with ids, so nothing here knows where anything is drawn.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from workshop.accounting.passages import Passages
from workshop.palette import (
    INK,
    PAPER,
    SOFT_INK,
    VERMILLION,
    VERMILLION_TEXT,
    behind_letters,
    letters_on,
)

_SVG = "http://www.w3.org/2000/svg"
# The same number of dots for ten as for a thousand: they show a direction, the number counts.
_MOST_DOTS = 4
_CYCLE_S = 6.0
# The order of the steps, as shares of a cycle: a message is sent before it is tried.
_BEGINS = {
    "send": 0.0,
    "publish": 0.0,
    "subscription": 0.14,
    "undelivered": 0.14,
    "event-source-mapping": 0.18,
    "attempt": 0.3,
    "return": 0.42,
    "retry": 0.46,
    "success": 0.6,
    "redrive-policy": 0.68,
    "given-up": 0.68,
}
_TRAVEL = 0.22
# A style sheet in a picture is one for the whole page, so its name is nobody else's.
_MOVING = "workshop-moving-message"
# Below the picture: the last row of words, and each of those above it on a picture for a phone.
_STRIP, _ROW = 34.0, 20.0
_WIDE, _LEFT = 600.0, 20.0


def with_counts(svg: str, passages: Passages, *, is_moving: bool) -> str:
    """The diagram with a number on every arrow and every place.

    Args:
        svg: a diagram of `images/` or `images/narrow/`.
        passages: the numbers.
        is_moving: also draw dots that move along the arrows; they stand still for readers who
            prefer reduced motion.
    """
    ET.register_namespace("", _SVG)
    root = ET.fromstring(svg)
    is_upright = float(root.get("width", 0)) < _WIDE
    told = _told(passages, is_upright=is_upright)
    _room_below(root, len(told))
    groups = {group.get("id", ""): group for group in root.iter(_tag("g"))}
    overlay = ET.SubElement(root, _tag("g"), {"id": "live"})
    for name, number in passages.arrows.items():
        if name in groups:
            group = groups[name]
            _arrow(overlay, group, name, number, is_moving=is_moving, is_upright=is_upright)
    for name, number in passages.cards.items():
        if name in groups:
            _card(overlay, groups[name], number)
    _foot(overlay, root, told)
    if is_moving:
        root.insert(0, _style())
    return ET.tostring(root, encoding="unicode")


def _tag(name: str) -> str:
    return f"{{{_SVG}}}{name}"


def _room_below(root: ET.Element, rows: int) -> None:
    width, height = (float(value) for value in root.get("viewBox", "").split()[2:])
    height += _STRIP + _ROW * (rows - 1)
    root.set("viewBox", f"0 0 {width:g} {height:g}")
    root.set("height", f"{height:g}")
    paper = root.find(_tag("rect"))
    if paper is not None:
        paper.set("height", f"{height:g}")


def _arrow(
    overlay: ET.Element,
    group: ET.Element,
    name: str,
    number: int,
    *,
    is_moving: bool,
    is_upright: bool,
) -> None:
    path = group.find(_tag("path"))
    assert path is not None
    line, colour = path.get("d", ""), path.get("stroke", INK)
    if is_moving and number:
        overlay.extend(_dots(line, colour, name, number))
    step = group.find(_tag("circle"))
    if step is None:
        x, y = _on_line(line, is_upright=is_upright)
    else:
        x, y = float(step.get("cx", 0)), float(step.get("cy", 0))
    _pill(overlay, x, y, str(number), colour if number else SOFT_INK)


def _dots(line: str, colour: str, name: str, number: int) -> Iterator[ET.Element]:
    """Round for messages on their way, square for failures: not by colour alone."""
    dots = min(number, _MOST_DOTS)
    for i in range(dots):
        begin_s = (_BEGINS.get(name, 0.0) + 0.05 * i) * _CYCLE_S
        style = (
            f"offset-path:path('{line}');offset-rotate:0deg;animation-delay:{begin_s:.2f}s;"
            f"offset-distance:{20 + 12 * i}%"
        )
        looks = {"class": _MOVING, "fill": colour, "stroke": PAPER, "stroke-width": "1.5"}
        if colour == VERMILLION:
            box = {"x": "-5.5", "y": "-5.5", "width": "11", "height": "11"}
            yield ET.Element(_tag("rect"), {**looks, **box, "style": style})
        else:
            yield ET.Element(_tag("circle"), {**looks, "r": "6.5", "style": style})


def _style() -> ET.Element:
    style = ET.Element(_tag("style"))
    end = 100 * _TRAVEL
    style.text = (
        f".{_MOVING}{{animation:{_MOVING} {_CYCLE_S:g}s linear infinite both}}"
        f"@keyframes {_MOVING}{{0%{{offset-distance:0%;opacity:1}}"
        f"{end:g}%{{offset-distance:100%;opacity:1}}{end + 1:g}%,100%"
        "{offset-distance:100%;opacity:0}}"
        f"@media (prefers-reduced-motion:reduce){{.{_MOVING}{{animation:none}}}}"
    )
    return style


def _on_line(line: str, *, is_upright: bool) -> tuple[float, float]:
    numbers = [float(value) for value in re.findall(r"-?\d+(?:\.\d+)?", line)]
    points = list(zip(numbers[::2], numbers[1::2], strict=True))
    (x0, y0), (x1, y1) = points[0], points[-1]
    if is_upright:
        # Arrows of one card begin on one line: at the bend it is this one's alone.
        return x0, y1
    # Before the middle, where the arrow's own label stands.
    return x0 + 0.33 * (x1 - x0), y0 + 0.33 * (y1 - y0)


def _card(overlay: ET.Element, group: ET.Element, number: int) -> None:
    card = group.find(_tag("rect"))
    assert card is not None
    x, y, width = (float(card.get(name, 0)) for name in ("x", "y", "width"))
    _pill(overlay, x + width - 16, y, str(number), card.get("stroke", INK), size=15.0)


def _pill(
    overlay: ET.Element, x: float, y: float, text: str, colour: str, size: float = 13.0
) -> None:
    height = size + 9
    width = max(height, 0.62 * size * len(text) + 13)
    box = {
        "x": f"{x - width / 2:.1f}",
        "y": f"{y - height / 2:.1f}",
        "width": f"{width:.1f}",
        "height": f"{height:.1f}",
        "rx": f"{height / 2:.1f}",
        "fill": behind_letters(colour),
        "stroke": PAPER,
        "stroke-width": "3",
    }
    ET.SubElement(overlay, _tag("rect"), box)
    _text(overlay, x, y + 0.36 * size, text, size, letters_on(colour), "middle", bold=True)


def _told(passages: Passages, *, is_upright: bool) -> list[list[tuple[str, float, str]]]:
    """The rows below the picture: each of one text at the left and perhaps one at the right."""
    sign = f"✗ lost {passages.lost}" if passages.lost else "lost 0"
    colour = VERMILLION_TEXT if passages.lost else INK
    summary = (f"sent {passages.sent}, processed {passages.processed}, {sign}", 15.0, colour)
    arrows = "On an arrow: how often a message went this way."
    cards = "On a card: messages there now."
    if is_upright:
        return [[(arrows, 12.5, SOFT_INK)], [(cards, 12.5, SOFT_INK)], [summary]]
    return [[(f"{arrows} {cards}", 12.5, SOFT_INK), summary]]


def _foot(overlay: ET.Element, root: ET.Element, rows: list[list[tuple[str, float, str]]]) -> None:
    height, width = float(root.get("height", 0)), float(root.get("width", 0))
    for above, row in enumerate(reversed(rows)):
        y = height - 16 - above * _ROW
        for place, (told, size, colour) in enumerate(row):
            x, anchor = (width - 20, "end") if place else (_LEFT, "start")
            _text(overlay, x, y, told, size, colour, anchor, bold=size > 13)


def _text(
    overlay: ET.Element,
    x: float,
    y: float,
    text: str,
    size: float,
    colour: str,
    anchor: str,
    *,
    bold: bool = False,
) -> None:
    attributes = {
        "x": f"{x:.1f}",
        "y": f"{y:.1f}",
        "font-size": f"{size:g}",
        "fill": colour,
        "text-anchor": anchor,
    }
    if bold:
        attributes["font-weight"] = "700"
    ET.SubElement(overlay, _tag("text"), attributes).text = text
