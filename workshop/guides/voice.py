"""A page speaks to who reads it: what a notebook says to who runs it is said otherwise. Pure."""

import re

from bs4 import BeautifulSoup, Tag
from nbformat import NotebookNode

_GUESS = "Make a guess before you read on."
_RECALL = "Answer for yourself, then unfold the answer."
# What the notebooks say -> what a page says.
_SAID = (
    (r"Write your guess where the dots are, before you (?:run on|start)\.", _GUESS),
    (r" \(You can go on without one: each question comes again .+?may have told you\.\)", ""),
    (r"You wrote down (?:above|at the beginning) (.+?)\.", r"Remember your guess: \1."),
    (r"Write down your guess, then (?:try|send them)", "Make a guess, then try"),
    (
        r"Run the cell: it asks\. Then write your answers where the dots are, .+?run it again\.",
        _RECALL,
    ),
    (
        r"Run the cell: it asks\. Press \*Play\* and answer; your answers land in `\w+`\.",
        "Answer for yourself first; on a screen the player asks you.",
    ),
    (r"Write the letter of your answer, or a number, for each of the dots\.", _RECALL),
    (r"Write the letter of your choice for each of the dots\.", "Choose for yourself."),
)
_VOICES = [(re.compile(said, re.DOTALL), instead) for said, instead in _SAID]
# Of a series' list: how far somebody has come is nobody's who reads a page.
_OWN = ("your progress",)


def for_readers(notebook: NotebookNode) -> NotebookNode:
    """The notebook, whose texts speak to a reader; it is changed."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = spoken(cell.source)
    return notebook


def spoken(text: str) -> str:
    """A text for who reads it."""
    for said, instead in _VOICES:
        text = said.sub(instead, text)
    return text


def without_own_columns(soup: BeautifulSoup) -> None:
    """No table tells what is about who runs the notebook."""
    for table in soup.find_all("table"):
        heads = [" ".join(one.get_text().split()) for one in table.select("thead th, thead td")]
        for place in [n for n, head in enumerate(heads) if head in _OWN]:
            for row in table.find_all("tr"):
                cells = row.find_all(["th", "td"], recursive=False)
                if len(cells) > place:
                    cells[place].decompose()


def say_what_it_is(soup: BeautifulSoup, made: str) -> None:
    """One line below the heading: this ran, where, and on which day."""
    heading = soup.find("h1")
    if made and isinstance(heading, Tag):
        line = soup.new_tag("p", attrs={"class": "exported"})
        line.string = f"A notebook as it ran, exported as a page. {made}"
        heading.insert_after(line)
