"""What a run of a notebook shows that did not come out as its text says. Pure.

A check that does not pass and a wait that is over without its fact stop no notebook: whoever reads
it decides. Whoever lets it be run for a page is told.
"""

from collections.abc import Iterator

from nbformat import NotebookNode

from workshop.lessons.checks import NOT_YET

# How the line of a wait ends in a notebook where the fact did not come.
_IN_VAIN = "✗ did not happen: "
# The last line of all checks of a lesson; an exercise alone is for a reader to solve.
_STANDING = (" pass", " not yet", " made yet")


def unfulfilled(executed: NotebookNode) -> list[str]:
    """Sentences, one for each wait in vain and each check of a lesson that did not pass."""
    return [line for text in _shown(executed) for line in _lines(text)]


def _shown(executed: NotebookNode) -> Iterator[str]:
    for cell in executed.cells:
        for output in cell.get("outputs", []):
            yield from filter(None, [output.get("data", {}).get("text/plain")])


def _lines(text: str) -> Iterator[str]:
    if text.startswith(_IN_VAIN):
        yield f"a wait was in vain: {text.removeprefix(_IN_VAIN)}"
    lines = text.splitlines()
    if lines and lines[-1].endswith(_STANDING):
        for line in lines:
            if line.startswith(f"{NOT_YET}: "):
                yield f"a check did not pass: {line.removeprefix(f'{NOT_YET}: ')}"
