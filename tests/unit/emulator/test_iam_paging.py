"""IAM's lists come in pages."""

from xml.etree import ElementTree

import pytest

from localaws.emulator.iam.paging import StrangeMarker, page_of

NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"


def listed(users: int, groups: int = 0) -> bytes:
    """An answer with two lists, members of which have lists of their own."""
    user = "<member><UserName>u{}</UserName><Tags><member><Key>k</Key></member></Tags></member>"
    group = "<member><GroupName>g{}</GroupName></member>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Answer xmlns="{NAMESPACE}"><Result>'
        f"<Users>{''.join(user.format(n) for n in range(users))}</Users>"
        f"<Groups>{''.join(group.format(n) for n in range(groups))}</Groups>"
        "<IsTruncated>false</IsTruncated></Result>"
        "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></Answer>"
    ).encode()


def told(body: bytes) -> tuple[list[str], str | None]:
    """The names on a page, and the marker of the next one."""
    root = ElementTree.fromstring(body)
    names = [e.text or "" for e in root.iter() if e.tag.endswith(("UserName", "GroupName"))]
    truncated = root.findtext(f".//{{{NAMESPACE}}}IsTruncated")
    marker = root.findtext(f".//{{{NAMESPACE}}}Marker")
    assert (truncated == "true") == (marker is not None)
    return names, marker


def pages(body: bytes, asked: dict[str, str]) -> list[list[str]]:
    found, marker = [], ""
    while True:
        names, next_marker = told(page_of(body, asked | ({"Marker": marker} if marker else {})))
        found.append(names)
        if next_marker is None:
            return found
        marker = next_marker


def test_a_list_comes_in_pages() -> None:
    assert pages(listed(3, 2), {"MaxItems": "2"}) == [["u0", "u1"], ["u2", "g0"], ["g1"]]


def test_a_page_has_a_hundred_unless_another_number_is_asked_for() -> None:
    assert [len(page) for page in pages(listed(150), {})] == [100, 50]
    assert [len(page) for page in pages(listed(150), {"MaxItems": "1000"})] == [150]


def test_what_is_no_list_stays_as_it_is() -> None:
    body = b"<Answer><Result/></Answer>"
    assert page_of(body, {"MaxItems": "1"}) == body
    assert page_of(listed(1), {"MaxItems": "1"}) == listed(1)


def test_a_marker_belongs_to_its_request() -> None:
    _, marker = told(page_of(listed(3), {"MaxItems": "1", "PathPrefix": "/a/"}))
    assert marker is not None
    for asked in ({"Marker": "nope"}, {"Marker": marker, "PathPrefix": "/b/"}):
        with pytest.raises(StrangeMarker):
            page_of(listed(3), asked)
