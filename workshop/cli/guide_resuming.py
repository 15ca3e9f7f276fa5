"""`guides --resume`: what ran to its end for an export that was stopped is not run again."""

import argparse
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from workshop.counting import counted
from workshop.errors import WorkshopError
from workshop.guides.kept import FOLDER, Kept, maker_of
from workshop.guides.notebooks import has_code
from workshop.target.commands import start_command
from workshop.target.folders import state_of
from workshop.target.target import Target


@contextmanager
def resumable(
    options: argparse.Namespace, target: Target, paths: Sequence[Path]
) -> Iterator[Kept | None]:
    """Where notebooks that ran are kept until the block, which writes the pages, has ended.

    Where it fails or is interrupted they stay, and it is told how to go on; None where nothing is
    run.
    """
    if options.executed or options.variant == "clean":
        yield None
        return
    kept = Kept(state_of() / FOLDER, maker_of(target, options.lateness))
    if not options.resume:
        kept.forget(paths)
    try:
        yield kept
    except (KeyboardInterrupt, WorkshopError) as error:
        if number := kept.number(paths):
            total = counted(sum(map(has_code, paths)), "notebook", "notebooks")
            command = start_command(target, "guides", *_arguments(options))
            error.add_note(f"{number} of {total} ran to the end; without these this goes on:")
            error.add_note(f"  {command}")
        raise
    kept.forget(paths)


def _arguments(options: argparse.Namespace) -> Iterator[str]:
    """What makes the same pages."""
    yield "--resume"
    if options.out:
        yield from ("--out", shlex.quote(str(options.out)))
    if options.variant:
        yield f"--{options.variant}"
    if options.notebook:
        yield from ("--notebook", *map(shlex.quote, options.notebook))
    if options.single:
        yield "--single"
    if options.archive:
        yield "--zip"
    if options.lateness is not None:
        yield from ("--lateness", str(options.lateness))
