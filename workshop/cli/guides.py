"""`guides`: run the notebooks in order and write one HTML page each, and an index."""

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from workshop.cli.arguments import add_target_arguments, chosen_target
from workshop.cli.lateness import add_lateness_argument
from workshop.cli.progress import Progress
from workshop.counting import counted
from workshop.errors import EndpointError
from workshop.target.commands import start_command
from workshop.target.folders import PROJECT, home_of
from workshop.target.target import Target

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from workshop.cli.guide_writing import Run
    from workshop.guides.kept import Kept
    from workshop.masking.mask import Mask


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument(
        "--out",
        type=Path,
        help="folder to write to (default: guides, guides-clean or guides-instructor, beside your "
        "working copies)",
    )
    variant = parser.add_mutually_exclusive_group()
    variant.add_argument(
        "--clean",
        action="store_const",
        const="clean",
        dest="variant",
        help="sheets to work through: headings, code and questions; nothing is run",
    )
    variant.add_argument(
        "--instructor",
        action="store_const",
        const="instructor",
        dest="variant",
        help="with the right answer to each question, and what to say to wrong ones",
    )
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument(
        "--notebook",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME",
        help="only these notebooks, by name, its beginning, or number (default: all); pages of "
        "others that are in the folder stay",
    )
    chosen.add_argument(
        "--from",
        dest="executed",
        nargs="+",
        action="extend",
        default=[],
        type=Path,
        metavar="FILE",
        help="notebooks as you ran them; nothing is run",
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on with an export that was stopped: what it had run is not run again",
    )
    parser.add_argument(
        "--single", action="store_true", help="also all pages in one file, all-guides.html"
    )
    parser.add_argument(
        "--zip",
        action="store_true",
        dest="archive",
        help="also an archive of all pages, guides.zip",
    )
    parser.add_argument(
        "--notebooks", type=Path, default=PROJECT / "notebooks", help=argparse.SUPPRESS
    )
    add_lateness_argument(parser)
    add_target_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Run, export, and tell where the pages are."""
    # Imported late: nbconvert takes half a second, which `--help` need not wait for.
    from workshop.cli.guide_kernels import START_S
    from workshop.cli.guide_resuming import resumable
    from workshop.cli.guide_writing import write_guides
    from workshop.guides.footer import footer
    from workshop.guides.notebooks import notebooks
    from workshop.guides.publishing import expect_usable
    from workshop.guides.variants import VARIANTS
    from workshop.masking.mask import Mask

    started_s, progress, mask, place = time.monotonic(), Progress(), Mask(), RunPlace()
    target = chosen_target(options)
    out = options.out or home_of() / "-".join(["guides", *filter(None, [options.variant])])
    series = notebooks(options.notebooks)
    expect_usable(out)
    paths = options.executed or notebooks(options.notebooks, options.notebook)
    with (
        resumable(options, target, paths) as kept,
        place.told(out, target),
        _runner(options, target, series, paths, progress, mask, place, kept) as run_one,
    ):
        written = write_guides(
            paths,
            out,
            run_one,
            progress,
            mask,
            series=series,
            footer=""
            if options.variant == "clean"
            else footer(target, None if options.executed else START_S),
            is_single=options.single,
            is_packed=options.archive,
            variant=VARIANTS.get(options.variant),
        )
    for path in written:
        print(path)
    number = len(paths)
    print(
        f"{counted(number, 'notebook as page', 'notebooks as pages')}, and an index, in "
        f"{time.monotonic() - started_s:.0f} s"
    )
    return 0


class RunPlace:
    """Where the run is: for whoever stops it, in which notebook a lesson was not finished.

    Attributes:
        at: the cell that began last, in words; "" before the first.
    """

    def __init__(self) -> None:
        self.at = ""

    @contextmanager
    def told(self, out: Path, target: Target) -> Iterator[None]:
        """Add to an interruption, and to the end of the embedded AWS, what it leaves."""
        try:
            yield
        except (KeyboardInterrupt, EndpointError) as error:
            at = f"It was at {self.at}. " if self.at else ""
            stays = f": what is in {out} stays as it was" if out.is_dir() else ""
            error.add_note(f"{at}No page was written{stays}.")
            if self.at and not target.is_embedded:
                error.add_note(
                    "The lesson may have left a setting changed: "
                    f"`{start_command(target, 'doctor')}` and the next `workshop.connect()` name "
                    "it, `lab.put_back()` in a notebook puts it back."
                )
            raise


@contextmanager
def _runner(
    options: argparse.Namespace,
    target: Target,
    series: list[Path],
    paths: list[Path],
    progress: Progress,
    mask: "Mask",
    place: "RunPlace",
    kept: "Kept | None" = None,
) -> Iterator["Run"]:
    """What gives the executed notebook of a path; the mask learns what it must not show."""
    from workshop.cli.guide_kernels import kernels
    from workshop.cli.health_lines import needing
    from workshop.guides.execute import NotebookError, execute
    from workshop.guides.executed import learn_of_own_run, read, read_executed
    from workshop.guides.notebooks import has_code
    from workshop.masking import known

    words = known.words_of_notebooks(series)
    if options.variant == "clean":
        yield read
        return
    if options.executed:
        learn_of_own_run(mask, target, words)
        yield read_executed
        return
    late = options.lateness
    with kernels(target, paths, progress, mask, lateness=late, words=words) as kernel:

        def run_one(path: Path) -> "NotebookNode":
            if not has_code(path):
                return read(path)
            if kept and (before := kept.of(path)):
                progress.note("as it ran for the export that was stopped")
                mask.learn(before[1])
                return before[0]

            def on_cell(cell: int, cells: int) -> None:
                place.at = f"cell {cell} of {cells} of {path.name}"
                progress.detail(f"cell {cell} of {cells}")

            with kernel() as environment:
                look = needing(target, progress.tell, "Start this command again.")
                try:
                    executed = execute(
                        path,
                        environment=environment,
                        on_cell=on_cell,
                        on_wait=progress.wait,
                        look=look,
                        typed=mask.typed,
                    )
                except NotebookError:
                    # The cell need not be what failed.
                    look()
                    raise
            if kept:
                # Keys and addresses of an embedded AWS are gone with it; an account's are learned
                # anew.
                kept.keep(path, executed, mask.known if target.is_embedded else ())
            return executed

        yield run_one
