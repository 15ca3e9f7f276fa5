"""On paper nothing can be folded: there the answers stand at the end, by their numbers.

A screen shows the place where they are folded, and paper the copy at the end; the style sheet
chooses.
"""

import copy
import re

from bs4 import BeautifulSoup, Tag

from workshop import html

# What a notebook and its questions call them.
_ANSWER = re.compile(r"The answer$|Solution|The (whole )?picture\b")
# What of it paper does not say before a number.
_INVITES = re.compile(r"[.:] .*", re.DOTALL)
# An id in a drawing, and what leads to it.
_ID = re.compile(r'(\bid="|\bhref="#|url\(#)')


def repeat_answers_at_the_end(soup: BeautifulSoup, drawings: list[str]) -> None:
    """Number the answers of a page, and add them once more.

    Args:
        soup: the cells of a page; changed.
        drawings: those that were taken out of it; gets a twin of each that answers.
    """
    told = []
    for folded in soup.find_all("details"):
        summary = folded.find("summary", recursive=False)
        if not isinstance(summary, Tag) or not _ANSWER.match(summary.get_text().strip()):
            continue
        # A picture is as wide as the sheet, below its number: a line that says what it is.
        title = _title(summary) if folded.find(["figure", "img"]) else ""
        told.append((title, html.Markup(_without_ids(folded, drawings))))
        classes = [name for name in folded.get_attribute_list("class") if name]
        folded["class"] = " ".join([*classes, "answer"])
        summary["data-number"] = str(len(told))
        _shorten_on_paper(soup, summary)
    if told:
        repeated = html.rendered("answers.html.j2", answers=told)
        soup.append(BeautifulSoup(str(repeated), features="html.parser"))


def _title(summary: Tag) -> str:
    return _INVITES.sub("", summary.get_text().strip())


def _shorten_on_paper(soup: BeautifulSoup, summary: Tag) -> None:
    """What invites to unfold is for a screen: paper has the number after the title."""
    text = summary.get_text().strip()
    if invites := _INVITES.search(text):
        on_screen = soup.new_tag("span", attrs={"class": "on-screen"})
        on_screen.string = invites[0]
        summary.string = text[: invites.start()]
        summary.append(on_screen)


def _without_ids(folded: Tag, drawings: list[str]) -> str:
    """What is folded; an id is that of the place that a screen shows."""
    twin = copy.copy(folded)
    for summary in twin.find_all("summary", recursive=False):
        summary.decompose()
    # Paper shows neither what is drawn for a phone nor a figure's words.
    for unseen in twin.select(".narrow, figure + details"):
        unseen.decompose()
    for drawn in twin.select("svg[data-drawing]"):
        drawings.append(_ID.sub(r"\1end-", drawings[int(str(drawn["data-drawing"]))]))
        drawn["data-drawing"] = str(len(drawings) - 1)
    for one in twin.find_all(id=True):
        del one["id"]
    return twin.decode_contents().strip()
