"""The words of the glossary that a guide uses, folded at its end: it explains itself alone."""

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

import nbformat
from bs4 import BeautifulSoup
from nbconvert.filters import markdown2html

from workshop import html

GLOSSARY = "glossary"
# Anchor -> the term, and its Markdown.
Glossary = dict[str, tuple[str, str]]
_TERM = re.compile(rf"^{GLOSSARY}\.(?:ipynb|html)#(.+)$")
_SECTION = re.compile(r"^## +(.+)$", re.MULTILINE)


def glossary_of(folder: Path) -> Glossary:
    """The glossary of a folder of notebooks; empty where there is none."""
    path = folder / f"{GLOSSARY}.ipynb"
    if not path.is_file():
        return {}
    cells = nbformat.read(path, as_version=4).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    parts = _SECTION.split(text)[1:]
    return {
        _anchor(term.strip()): (term.strip(), told.strip())
        for term, told in zip(parts[::2], parts[1::2], strict=True)
    }


def add_terms(soup: BeautifulSoup, glossary: Glossary) -> None:
    """Let links to the glossary lead to the page's own end, where the words that it uses are told.

    Args:
        soup: the cells of a page; changed.
        glossary: as `glossary_of` reads it.
    """
    used = _used(soup, glossary)
    if not used:
        return
    told = []
    for anchor in sorted(used, key=str.casefold):
        term, text = glossary[anchor]
        words = BeautifulSoup(str(markdown2html(text)), features="html.parser")
        for link in words.find_all("a", href=re.compile("^#")):
            link["href"] = f"{GLOSSARY}.html{link['href']}"
        told.append((f"term-{anchor}", term, html.Markup(words)))
    appendix = html.rendered("terms.html.j2", terms=told)
    soup.append(BeautifulSoup(str(appendix), features="html.parser"))
    # Those of the appendix too, where they lead to another word that is in it.
    for link in soup.find_all("a", href=_TERM):
        anchor = _term(str(link["href"]))
        if anchor in used:
            link["href"] = f"#term-{anchor}"


def _used(soup: BeautifulSoup, known: Iterable[str]) -> set[str]:
    terms = {_term(str(link["href"])) for link in soup.find_all("a", href=_TERM)}
    return terms & set(known)


def _term(address: str) -> str:
    match = _TERM.match(address)
    return unquote(match[1]) if match else ""


def _anchor(term: str) -> str:
    """As JupyterLab and the pages make it of a heading."""
    return re.sub(r"\s+", "-", re.sub(r"[`*]", "", term))
