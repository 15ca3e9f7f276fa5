"""IAM's lists come in pages. Pure.

ministack tells everything at once. AWS tells 100 items unless another number is asked for:
https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
"""

from collections.abc import Mapping
from xml.etree import ElementTree

from localaws.words.pages import place_of, token_of

_NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"
_USUAL = 100
_WHOLE = b"<IsTruncated>false</IsTruncated>"


class StrangeMarker(ValueError):
    """A marker that no answer to this request had."""


def page_of(body: bytes, asked: Mapping[str, str]) -> bytes:
    """The page of an answer that is asked for; what is no list stays as it is.

    Args:
        body: the whole answer in XML.
        asked: the request.

    Raises:
        StrangeMarker: `Marker` is none of this request's.
    """
    if _WHOLE not in body:
        return body
    of = {name: value for name, value in asked.items() if name not in ("Marker", "MaxItems")}
    place = place_of(asked.get("Marker"), of)
    if place is None:
        raise StrangeMarker
    end = place + int(asked.get("MaxItems") or _USUAL)
    root = ElementTree.fromstring(body)
    result = root[0]
    lists = [child for child in result if len(child) and all(_is(it, "member") for it in child)]
    members = [(parent, member) for parent in lists for member in parent]
    if place == 0 and len(members) <= end:
        return body
    for parent, member in members[:place] + members[end:]:
        parent.remove(member)
    if len(members) > end:
        [truncated] = (child for child in result if _is(child, "IsTruncated"))
        truncated.text = "true"
        marker = ElementTree.SubElement(result, f"{{{_NAMESPACE}}}Marker")
        marker.text = token_of(end, of)
    page: bytes = ElementTree.tostring(
        root, encoding="utf-8", xml_declaration=True, default_namespace=_NAMESPACE
    )
    return page


def _is(element: ElementTree.Element, name: str) -> bool:
    return element.tag == f"{{{_NAMESPACE}}}{name}"
