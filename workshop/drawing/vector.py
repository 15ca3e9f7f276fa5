"""matplotlib's SVG -> SVG for a page: its texts are texts, its neutral colours the page's. Pure.

It is put into a page as it is, so that its words are found, copied and read aloud. So its ids are
its own, and it brings no style sheet for everything, which would be one for the whole page.
"""

import hashlib
import re
import xml.etree.ElementTree as ET

from workshop import palette
from workshop.drawing.letters import width_pt

_SVG, _LINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_FONTS = "'DejaVu Sans', Verdana, sans-serif"
# What matplotlib's style sheet says of everything.
_LINES = "stroke-linejoin:round;stroke-linecap:butt"
_SIZE = re.compile(r"font-size: ([\d.]+)px")
_REFERENCE = re.compile(r"(url\(#)([\w.-]+)")


def document(svg: str) -> str:
    """A file of its own: with texts as wide as they were measured, in any font."""
    root = _parsed(svg)
    for text in root.iter(f"{{{_SVG}}}text"):
        _measured(text)
    return ET.tostring(root, encoding="unicode")


def element(svg: str) -> str:
    """A part of a page, from a document: ids of its own, the page's ink on the page's paper."""
    root = _parsed(svg)
    own = "f" + hashlib.sha256(svg.encode()).hexdigest()[:8] + "-"
    for node in root.iter():
        if "id" in node.attrib:
            node.set("id", own + node.get("id", ""))
        for name, value in node.attrib.items():
            if name.endswith("href") and value.startswith("#"):
                node.set(name, f"#{own}{value[1:]}")
            elif "#" in value:
                node.set(name, palette.of_page(_REFERENCE.sub(rf"\1{own}\2", value)))
    # Hidden from nobody: the figure around it has the name, the texts in it are read.
    root.attrib.pop("role", None)
    root.attrib.pop("aria-labelledby", None)
    # As wide as what it is put into.
    root.set("width", "100%")
    root.attrib.pop("height", None)
    for node in root.findall("*"):
        # The page's scheme is in its colours; its other pictures keep theirs.
        is_scheme = "prefers-color-scheme" in (node.text or "")
        if is_scheme or node.tag in (f"{{{_SVG}}}title", f"{{{_SVG}}}desc"):
            root.remove(node)
    return ET.tostring(root, encoding="unicode")


def _parsed(svg: str) -> ET.Element:
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _LINK)
    root = ET.fromstring(svg)
    for node in root.findall(f"{{{_SVG}}}metadata"):
        root.remove(node)
    for defs in root.iter(f"{{{_SVG}}}defs"):
        for style in defs.findall(f"{{{_SVG}}}style"):
            if (style.text or "").startswith("*{"):
                defs.remove(style)
                root.set("style", _LINES)
    return root


def _measured(text: ET.Element) -> None:
    style, words = text.get("style", ""), text.text or ""
    size = _SIZE.search(style)
    if size is None or not words.strip():
        return
    width = width_pt(words, float(size[1]), is_bold="font-weight: 700" in style)
    text.set("textLength", f"{width:.1f}")
    text.set("lengthAdjust", "spacingAndGlyphs")
    text.set("style", style.replace("'DejaVu Sans'", _FONTS))
