"""Writes the pages of `guides`: made one by one, read by the gate, then put in their place."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from nbformat import NotebookNode

from workshop.cli.progress import Progress
from workshop.guides.export import export, theme
from workshop.guides.guide import Guide, Neighbours, title_of
from workshop.guides.publishing import published
from workshop.guides.set_of_pages import ARCHIVE, INDEX, SINGLE, complete, pack
from workshop.guides.single import write_single
from workshop.guides.terms import glossary_of
from workshop.guides.unfulfilled import unfulfilled
from workshop.masking import gate
from workshop.masking.mask import Mask

# Notebook -> the notebook with its outputs.
Run = Callable[[Path], NotebookNode]


def write_guides(
    paths: Sequence[Path],
    out: Path,
    run: Run,
    progress: Progress,
    mask: Mask,
    *,
    series: Sequence[Path] = (),
    footer: str = "",
    is_single: bool = False,
    is_packed: bool = False,
    variant: Callable[[NotebookNode, str], NotebookNode] | None = None,
) -> list[Path]:
    """Write a page for each notebook, and the index; returns the paths of what was written.

    Pages that are in the folder already and are not made anew stay, and so does their place in
    the index.

    Args:
        paths: the notebooks.
        out: where the pages go.
        run: executes one, or reads one that was executed.
        progress: is told what is being done.
        mask: what must not be given away.
        series: all notebooks in their order; default `paths`.
        footer: of each page: with what it was made, and where its cells ran.
        is_single: also all pages in one file.
        is_packed: also an archive of them.
        variant: makes another notebook of each, by its name; default: as it ran.

    Raises:
        NotebookError: a cell failed.
        LeakError: a page holds what nobody gives away.
        PublishingError: the pages cannot be written.
        In all three cases what is in `out` stays as it was.
    """
    order = list(series or paths)
    glossary = glossary_of(order[0].parent)
    making: list[Future[Guide]] = []
    remarks: list[str] = []
    # A notebook runs in a process of its own; the page of the one before is made meanwhile.
    with published(out) as draft, ThreadPoolExecutor(max_workers=1) as beside:
        for path in paths:
            progress.step(f"running {path.name}")
            executed, neighbours = run(path), _neighbours(path, order)
            remarks += [f"{path.stem}.html: {told}" for told in unfulfilled(executed)]
            if variant:
                executed = variant(executed, path.stem)
            making.append(
                beside.submit(export, executed, path, draft, neighbours, mask, glossary, footer)
            )
            progress.done()
        made = [guide.result() for guide in making]
        progress.step("looking for what must not be given away")
        pages = complete(draft, out, [path.stem for path in order], theme())
        written = [INDEX, *(guide.path.name for guide in made)]
        if is_single:
            written.append(write_single(pages, draft, out, theme()).name)
        gate.check(sorted(draft.iterdir()), mask.known)
        if is_packed:
            written.append(pack(draft, out, [guide.path.name for guide in pages]).name)
        progress.done("nothing")
    for remark in remarks:
        progress.tell(mask.typed(mask.text(remark)))
    for name, option, is_new in ((SINGLE, "single", is_single), (ARCHIVE, "zip", is_packed)):
        if not is_new and (out / name).exists():
            progress.tell(f"{name} is of an earlier export: --{option} makes it anew")
    for guide in made:
        if guide.undescribed:
            progress.tell(f"{guide.path.name}: {guide.undescribed} pictures have no description")
    return [out / name for name in written]


def _neighbours(path: Path, order: Sequence[Path]) -> Neighbours:
    """The pages before and after in the series, whether or not they are there."""
    names = [one.stem for one in order]
    if path.stem not in names:
        return Neighbours()
    pages = [None, *((f"{one.stem}.html", title_of(one)) for one in order), None]
    place = names.index(path.stem)
    return Neighbours(pages[place], pages[place + 2])
