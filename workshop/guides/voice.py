"""A page speaks to who reads it: what a notebook says to who runs it is said otherwise. Pure."""

import re

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from nbformat import NotebookNode

from workshop import html
from workshop.lessons.lesson import YOURS

_GUESS = "Make a guess before you read on."
_RECALL = f"Answer for yourself{html.on_screen(', then unfold the answer')}."
# What the notebooks say -> what a page says.
_SAID = (
    (r"Write your guess where the dots are, before you (?:run on|start)\.", _GUESS),
    (r" \(You can go on without one: each question comes again .+?may have told you\.\)", ""),
    (r"You wrote down (?:above|at the beginning) (.+?)\.", r"Remember your guess: \1."),
    (
        r"Write down your guess, then (?:try|send them)\b[^.]*\.",
        "Make a guess before you read the solution.",
    ),
    (
        r"Run the cell: it asks\. Then write your answers where the dots are, .+?run it again\.",
        _RECALL,
    ),
    (
        r"Run the cell: it asks\. Press \*Play\* and answer; your answers land in `\w+`\.",
        f"Answer for yourself first{html.on_screen('; the player below asks you')}.",
    ),
    (r"Write the letter of your answer, or a number, for each of the dots\.", _RECALL),
    (r"Write the letter of your choice for each of the dots\.", "Choose for yourself."),
    (
        r"Run the cell as it is: the check reads .+? which is folded below\.",
        "In the notebook a check reads the settings from AWS, tries them with an order, and says "
        "what it saw. Choose your change before you read the solution.",
    ),
    # What somebody may do later, or once more, or leave out.
    (r" ?\(?\bLater (?:change|run|try) [^.]*\.\)?", ""),
    (r" \(To (?:run a cell above once more|go on, run the notebook)[^)]*\)", ""),
    (r" You may leave it out, no other cell needs it\.", ""),
    (r" \(If you close it before, .+? finds it\.\)", ""),
    (r" So you can run every cell as often as you like\.", ""),
    (r": run that cell again then\.\)", ".)"),
    (r"On a real account you can read on meanwhile: the", "On a real account the"),
    (
        r"when you have left\. If you do not come back today, stop it; messages",
        "when everybody has left. Who does not come back on the same day stops it; messages",
    ),
    # What only somebody sees who has the notebook open.
    (
        r"Send what you like with the controls, then run the cell below them: it draws everything "
        r"that was sent\.(?: The code that a button runs is shown beside it\.)?",
        "In the notebook you send what you like, with controls; the cell after them draws "
        "everything that was sent.",
    ),
    (
        r" (Below a card its runs can be watched, side by side)(, as far as AWS tells [^.]+\.)",
        html.on_screen(r" \1\2"),
    ),
    (r"a program on this computer", "a program on the same computer"),
    (r"nothing leaves your machine", "nothing leaves it"),
    (r" When all checks of a notebook have passed, the table at the end shows it as done\.", ""),
    (
        r"## How far you have come\n\nPassed checks are remembered, .+?keeps yours beside it\.",
        "## The notebooks\n\nFor whoever runs them, this list also says which checks have passed.",
    ),
)
# The same of what the workshop shows below a cell -> what a page says.
_SHOWN = (
    (rf"^(\s*){YOURS}: ", r"\1left as an exercise: "),
    (r"^Write your answers where the dots are, and run the cell again\.$", ""),
    (r" Write it where the dots are, and run both cells again\.", ""),
    (r"Think again, or unfold the answer\.", "Think again."),
    (r"\bthe embedded AWS on this machine\b", "the embedded AWS, on the machine that ran this"),
)
# Nobody did it in the run that a page shows.
_LEFT = "left as an exercise"
# Paper has no player.
_IN_PLAYER = " (you are asked why, in the player below)"
_RESULTS = [(re.compile(shown), instead) for shown, instead in _SHOWN]
_STANDING = re.compile(
    r"^(?P<lesson>[\w-]+: )(?P<passed>\d+) of (?P<all>\d+) checks pass"
    r"(?:, (?P<failed>\d+) do(?:es)? not yet)?(?:, (?P<open>\d+) w(?:as|ere) not made yet)?$"
)
_OF_ONE = re.compile(r"^[✗○] (?P<check>.+): (?:not yet|not checked yet)$")
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


def speak_in_results(soup: BeautifulSoup) -> None:
    """What cells show speaks to a reader: what nobody has tried did not fail, it is an exercise."""
    tried_by_nobody = soup.select("[data-untouched]")
    for note in tried_by_nobody:
        note["style"] = str(note["style"]).replace(html.BAD.colour, html.NOT_DONE.colour)
        verdict = note.find("strong")
        if isinstance(verdict, Tag):
            verdict.string = f"{html.NOT_DONE.sign} {_LEFT}"
    results = [text for one in soup.select(".output") for text in one.find_all(string=True)]
    for text in results:
        told = said = str(text)
        for shown, instead in _RESULTS:
            told = shown.sub(instead, told)
        told = _open_to(told, len(tried_by_nobody))
        if not told:
            _without(text)
        elif _IN_PLAYER in told:
            _only_on_screen(soup, text, told)
        elif told != said:
            text.replace_with(told)


def _open_to(told: str, untouched: int) -> str:
    """How a lesson stands, where all that is open was tried by nobody."""
    standing = _STANDING.match(told)
    if standing and int(standing["failed"] or 0) in (0, untouched):
        passed, of = int(standing["passed"]), int(standing["all"])
        done = f"{passed} of {of} checks pass, " if passed else ""
        left = _LEFT if of - passed == 1 else "left as exercises"
        return f"{standing['lesson']}{done}{of - passed} {left}"
    one = _OF_ONE.match(told)
    return f"{html.NOT_DONE.sign} {one['check']}: {_LEFT}" if one and untouched else told


def _only_on_screen(soup: BeautifulSoup, text: NavigableString, told: str) -> None:
    """Paper leaves out that the player asks."""
    before, asks, after = told.partition(_IN_PLAYER)
    on_screen = soup.new_tag("span", attrs={"class": "on-screen"})
    on_screen.string = asks
    text.replace_with(before, on_screen, after)


def _without(text: NavigableString) -> None:
    """Take a sentence out, with the paragraph that was about it."""
    place = text.find_parent("p")
    text.extract()
    if isinstance(place, Tag) and not place.get_text().strip():
        place.decompose()


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
