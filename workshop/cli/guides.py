"""`guides`: run the notebooks in order and write one HTML page each, and an index."""

import argparse
import sys
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from workshop.cli.arguments import add_target_arguments, chosen_target
from workshop.cli.jupyter import jupyter_environment
from workshop.cli.lateness import add_lateness_argument
from workshop.cli.progress import Progress
from workshop.target.announcement import announce
from workshop.target.target import PROJECT

if TYPE_CHECKING:
    from workshop.guides.page import Guide
    from workshop.masking.mask import Mask


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument(
        "--out", type=Path, default=PROJECT / "guides", help="folder to write to (default: guides)"
    )
    parser.add_argument(
        "--notebook",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME",
        help="only these notebooks, by name or its beginning (default: all)",
    )
    parser.add_argument(
        "--notebooks", type=Path, default=PROJECT / "notebooks", help=argparse.SUPPRESS
    )
    add_lateness_argument(parser)
    add_target_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Run, export, and tell where the pages are."""
    from workshop.cli.target_use import ready
    from workshop.guides.notebooks import notebooks
    from workshop.guides.publishing import expect_usable
    from workshop.masking.known import words_of_notebooks
    from workshop.masking.mask import Mask
    from workshop.target.own_values import own_values

    started_s, progress = time.monotonic(), Progress()
    target = chosen_target(options)
    paths = notebooks(options.notebooks, options.notebook)
    expect_usable(options.out)
    progress.step("setting up")
    with ready(target, progress, options.lateness) as lab, announce(target) as binding:
        progress.done()
        if not target.is_embedded:
            # To standard error, as all that is no result.
            took = "every wait takes as long as AWS takes"
            print(f"the notebooks run on {target}: {took}", file=sys.stderr, flush=True)
        environment = jupyter_environment(base=lab.session.environment() | binding)
        mask = Mask(own_values(lab.session, words_of_notebooks(paths)))
        written = write_guides(paths, options.out, environment, progress, mask)
    for path in written:
        print(path)
    print(f"{len(written)} pages in {time.monotonic() - started_s:.0f} s")
    return 0


def write_guides(
    paths: list[Path],
    out: Path,
    environment: Mapping[str, str],
    progress: Progress,
    mask: "Mask",
) -> list[Path]:
    """Run each notebook and write its page, then the index; returns all paths.

    Args:
        paths: the notebooks.
        out: where the pages go.
        environment: of their kernels; it says on which target they work.
        progress: is told what is being done.
        mask: what must not be given away.

    Raises:
        NotebookError: a cell failed.
        LeakError: a page holds what nobody gives away.
        PublishingError: the pages cannot be written.
        In all three cases what is in `out` stays as it was.
    """
    # Imported late: nbconvert takes half a second, which `--help` need not wait for.
    from workshop.guides.execute import execute
    from workshop.guides.export import export, theme
    from workshop.guides.index import write_index
    from workshop.guides.page import Neighbours, title_of
    from workshop.guides.publishing import published
    from workshop.masking import gate

    pages = [(f"{path.stem}.html", title_of(path)) for path in paths]
    making: list[Future[Guide]] = []
    # A notebook runs in a process of its own; the page of the one before is made meanwhile.
    with published(out) as draft, ThreadPoolExecutor(max_workers=1) as beside:
        for number, path in enumerate(paths):
            progress.step(f"running {path.name}")
            executed = execute(
                path,
                environment=environment,
                on_cell=lambda cell, cells: progress.detail(f"cell {cell} of {cells}"),
                on_wait=progress.wait,
            )
            before = pages[number - 1] if number else None
            after = pages[number + 1] if number + 1 < len(pages) else None
            neighbours = Neighbours(before, after)
            making.append(beside.submit(export, executed, path, draft, neighbours, mask))
            progress.done()
        guides = [guide.result() for guide in making]
        written = [write_index(guides, draft, theme()), *(guide.path for guide in guides)]
        progress.step("looking for what must not be given away")
        gate.check(written, mask.known)
        progress.done("nothing")
    for guide in guides:
        if guide.undescribed:
            print(f"{guide.path.name}: {guide.undescribed} pictures have no description")
    return [out / path.name for path in written]
