"""CloudFormation's answers as elements of XML."""

from collections.abc import Callable, Mapping
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_NAMESPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/"

Answer = tuple[int, Mapping[str, str], bytes]
Handler = Callable[[Any], Answer]


def body_of(root: Element) -> bytes:
    """The body of an answer that begins with this element."""
    text: bytes = ElementTree.tostring(
        root, encoding="utf-8", xml_declaration=True, default_namespace=_NAMESPACE
    )
    return text


def tag(name: str) -> str:
    """An element's name as it is read."""
    return f"{{{_NAMESPACE}}}{name}"


def text_of(element: Element, name: str) -> str:
    """What stands in an element's child of this name; "" where there is none."""
    return element.findtext(tag(name)) or ""
