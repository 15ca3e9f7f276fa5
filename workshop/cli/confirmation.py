"""Asking once, before something is changed in a real account."""

import argparse
import sys

from workshop.errors import TargetError
from workshop.target.target import Target, masked


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
        TargetError: nobody said so; nothing was changed.
    """
    if target.is_embedded:
        return
    print(f"{question}\nTarget: {target}.", flush=True)
    if yes is None:
        if not sys.stdin.isatty():
            raise TargetError(
                "Nobody can be asked here, and nothing was changed.",
                "Give --yes with the account id.",
            )
        asked = f"Type the account id ({masked(target.account or '')}) to go on: "
        yes = input(asked).strip()
    if yes != target.account:
        raise TargetError(
            f"That is not the id of {target}. Nothing was changed.",
            "Run the command again and give the id of the account that you mean.",
        )
