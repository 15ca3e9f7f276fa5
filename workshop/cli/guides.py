"""`guides`: run the notebooks in order and write one HTML page each, and an index."""

import argparse
import sys
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from workshop.cli.arguments import add_target_arguments, chosen_target
from workshop.cli.jupyter import jupyter_environment
from workshop.cli.lateness import add_lateness_argument
from workshop.cli.progress import Progress
from workshop.target.announcement import announce
from workshop.target.target import PROJECT


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

    started_s, progress = time.monotonic(), Progress()
    target = chosen_target(options)
    paths = notebooks(options.notebooks, options.notebook)
    progress.step("setting up")
    with ready(target, progress, options.lateness) as lab, announce(target) as binding:
        progress.done()
        if not target.is_embedded:
            # To standard error, as all that is no result.
            took = "every wait takes as long as AWS takes"
            print(f"the notebooks run on {target}: {took}", file=sys.stderr, flush=True)
        environment = jupyter_environment(base=lab.session.environment() | binding)
        written = write_guides(paths, options.out, environment, progress)
    for path in written:
        print(path)
    print(f"{len(written)} pages in {time.monotonic() - started_s:.0f} s")
    return 0


def write_guides(
    paths: list[Path], out: Path, environment: Mapping[str, str], progress: Progress
) -> list[Path]:
    """Run each notebook and write its page, then the index; returns all paths.

    Args:
        paths: the notebooks.
        out: where the pages go.
        environment: of their kernels; it says on which target they work.
        progress: is told what is being done.

    Raises:
        NotebookError: a cell failed; the pages before it are written, the index is not.
    """
    # Imported late: nbconvert takes half a second, which `--help` need not wait for.
    from workshop.guides.execute import execute
    from workshop.guides.export import export, theme
    from workshop.guides.index import write_index
    from workshop.guides.page import Guide, Neighbours, title_of
    from workshop.guides.unfulfilled import unfulfilled

    out.mkdir(parents=True, exist_ok=True)
    pages = [(f"{path.stem}.html", title_of(path)) for path in paths]
    making: list[Future[Guide]] = []
    remarks: list[str] = []
    # A notebook runs in a process of its own; the page of the one before is made meanwhile.
    with ThreadPoolExecutor(max_workers=1) as beside:
        for number, path in enumerate(paths):
            progress.step(f"running {path.name}")
            executed = execute(
                path,
                environment=environment,
                on_cell=lambda cell, cells: progress.detail(f"cell {cell} of {cells}"),
                on_wait=progress.wait,
            )
            remarks += [f"{path.stem}.html: {told}" for told in unfulfilled(executed)]
            before = pages[number - 1] if number else None
            after = pages[number + 1] if number + 1 < len(pages) else None
            making.append(beside.submit(export, executed, path, out, Neighbours(before, after)))
            progress.done()
    guides = [guide.result() for guide in making]
    for remark in remarks:
        print(remark)
    for guide in guides:
        if guide.undescribed:
            print(f"{guide.path.name}: {guide.undescribed} pictures have no description")
    return [write_index(guides, out, theme()), *(guide.path for guide in guides)]
