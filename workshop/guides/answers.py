"""On paper nothing can be folded: there the answers stand at the end, by their numbers.

A screen shows the place where they are folded, and paper the copy at the end; the style sheet
chooses.
"""

import copy
import re

from bs4 import BeautifulSoup, Tag

from workshop import html

# What a notebook and its questions call them.
_ANSWER = re.compile(r"The answer$|Solution|The picture of it\b")


def repeat_answers_at_the_end(soup: BeautifulSoup) -> None:
    """Number the answers of a page, and add them once more.

    Args:
        soup: the cells of a page; changed.
    """
    told = []
    for folded in soup.find_all("details"):
        summary = folded.find("summary", recursive=False)
        if not isinstance(summary, Tag) or not _ANSWER.match(summary.get_text().strip()):
            continue
        told.append(html.Markup(_without_ids(folded)))
        folded["class"] = "answer"
        summary["data-number"] = str(len(told))
    if told:
        repeated = html.rendered("answers.html.j2", answers=told)
        soup.append(BeautifulSoup(str(repeated), features="html.parser"))


def _without_ids(folded: Tag) -> str:
    """What is folded; an id is that of the place that a screen shows."""
    twin = copy.copy(folded)
    for summary in twin.find_all("summary", recursive=False):
        summary.decompose()
    for one in twin.find_all(id=True):
        del one["id"]
    return twin.decode_contents().strip()
