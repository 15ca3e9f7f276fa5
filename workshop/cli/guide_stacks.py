"""What `guides` needs on an account: the stacks that its notebooks name."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from workshop.errors import NotDeployedError
from workshop.target.target import PATTERNS

if TYPE_CHECKING:
    from workshop.lab import Lab


def expect_stacks(lab: "Lab", paths: Sequence[Path]) -> None:
    """See that the stacks are there that the notebooks name, before minutes are spent on the first.

    Raises:
        NotDeployedError: some are missing; nothing was run.
    """
    from botocore.exceptions import ClientError

    from workshop.target.making import making

    named = "".join(path.read_text(encoding="utf-8") for path in paths)
    needed = [pattern for pattern in PATTERNS if f'\\"{pattern}\\"' in named]
    target, there = lab.session.target, set(needed)
    with suppress(ClientError):  # whoever may not ask is told by the first cell
        there = set(lab.deployed()) if needed else set()
    if missing := [target.stack_name(one) for one in needed if one not in there]:
        raise NotDeployedError(
            f"The notebooks need stacks that are not in {target}: {', '.join(missing)}. Nothing "
            "was run.",
            f"Run {making(lab.session)} first, then this again.",
        )
