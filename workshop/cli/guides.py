"""`guides`: run the notebooks in order and write one HTML page each, and an index."""

import argparse
import contextlib
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from workshop.cli.arguments import add_target_arguments, chosen_target
from workshop.cli.jupyter import jupyter_environment
from workshop.cli.lateness import add_lateness_argument
from workshop.cli.progress import Progress
from workshop.errors import NotDeployedError
from workshop.target.announcement import announce
from workshop.target.commands import start_command
from workshop.target.target import PATTERNS, PROJECT

if TYPE_CHECKING:
    from workshop.lab import Lab


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
            whose = "AWS" if target.is_aws else "that endpoint"
            took = f"every wait takes as long as {whose} takes"
            print(f"the notebooks run on {target}: {took}", file=sys.stderr, flush=True)
            expect_stacks(lab, paths)
        environment = jupyter_environment(base=lab.session.environment() | binding)
        written = write_guides(paths, options.out, environment, progress)
    for path in written:
        print(path)
    number = len(paths)
    print(
        f"{number} notebook{'s' * (number != 1)} as page{'s' * (number != 1)}, and an index, in "
        f"{time.monotonic() - started_s:.0f} s"
    )
    return 0


def expect_stacks(lab: "Lab", paths: Sequence[Path]) -> None:
    """See that the stacks are there that the notebooks name, before minutes are spent on the first.

    Raises:
        NotDeployedError: some are missing; nothing was run.
    """
    from botocore.exceptions import ClientError

    named = "".join(path.read_text(encoding="utf-8") for path in paths)
    needed = [pattern for pattern in PATTERNS if f'\\"{pattern}\\"' in named]
    target, there = lab.session.target, set(needed)
    with contextlib.suppress(ClientError):  # whoever may not ask is told by the first cell
        there = set(lab.deployed()) if needed else set()
    if missing := [target.stack_name(one) for one in needed if one not in there]:
        raise NotDeployedError(
            f"The notebooks need stacks that are not in {target}: {', '.join(missing)}. Nothing "
            "was run.",
            f"Run `{start_command(target, 'deploy')}` first, then this again.",
        )


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

    out.mkdir(parents=True, exist_ok=True)
    pages = [(f"{path.stem}.html", title_of(path)) for path in paths]
    making: list[Future[Guide]] = []
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
            before = pages[number - 1] if number else None
            after = pages[number + 1] if number + 1 < len(pages) else None
            making.append(beside.submit(export, executed, path, out, Neighbours(before, after)))
            progress.done()
    guides = [guide.result() for guide in making]
    for guide in guides:
        if guide.undescribed:
            print(f"{guide.path.name}: {guide.undescribed} pictures have no description")
    return [write_index(guides, out, theme()), *(guide.path for guide in guides)]
