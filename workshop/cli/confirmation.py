"""How commands ask before something is changed in a real account."""

import argparse
import functools

from workshop.target import confirmation
from workshop.target.target import Target


def add_confirmation(parser: argparse.ArgumentParser) -> None:
    """Add `--yes`, for scripts."""
    parser.add_argument(
        "--yes",
        metavar="ID",
        help="do not ask; the account id shows that this account is meant",
    )


def confirm(target: Target, question: str, yes: str | None) -> None:
    """Have somebody say that this account is meant; about the embedded AWS nobody is asked.

    Args:
        target: where something is about to be changed.
        question: what is about to be done, a sentence or more.
        yes: the value of `--yes`.

    Raises:
        TargetValueError: nobody said so; nothing was changed.
    """
    confirmation.confirm(
        target,
        question,
        yes,
        remedy="Give --yes with the account id.",
        say=functools.partial(print, flush=True),
    )
