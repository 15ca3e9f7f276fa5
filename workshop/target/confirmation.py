"""Asking once, before something is changed in a real account: for its id.

Nobody types that by mistake. Commands and notebooks ask alike.
"""

import sys
from collections.abc import Callable

from workshop.errors import TargetValueError
from workshop.masking.known import abbreviated
from workshop.progress import in_notebook
from workshop.target.target import Target


def confirm(
    target: Target,
    question: str,
    given: str | None,
    *,
    remedy: str,
    say: Callable[[str], None] = print,
) -> None:
    """Have somebody say that this account is meant; about the embedded AWS nobody is asked.

    Args:
        target: where something is about to be changed.
        question: what is about to be done, a sentence or more.
        given: the account id, where somebody gave it already; None asks.
        remedy: how to give it where nobody can be asked.
        say: shows the question and the target.

    Raises:
        TargetValueError: nobody said so, or another id was given or typed; nothing was changed.
    """
    if target.is_embedded:
        return
    say(f"{question}\nTarget: {target}.")
    said = _asked(target, remedy) if given is None else given
    if said != target.account:
        # Typed or given: one refusal, with one exit code.
        raise TargetValueError(
            f"That is not the id of {target}. Nothing was changed.",
            "Run this again and give the id of the account that you mean.",
        )


def _asked(target: Target, remedy: str) -> str:
    nobody = TargetValueError("Nobody can be asked here, and nothing was changed.", remedy)
    if not in_notebook() and not sys.stdin.isatty():
        raise nobody
    try:
        return input(
            f"Type the account id ({abbreviated(target.account or '')}) to go on: "
        ).strip()
    # A notebook that runs without a person, such as a guide's, takes no input.
    except (EOFError, NotImplementedError):
        raise nobody from None
