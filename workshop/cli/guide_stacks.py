"""What `guides` needs on an account: the stacks that its notebooks name."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from workshop.errors import NotDeployedError
from workshop.target.commands import start_command
from workshop.target.target import PATTERNS

if TYPE_CHECKING:
    from workshop.lab import Lab


def expect_stacks(lab: "Lab", paths: Sequence[Path]) -> None:
    """See that the stacks are there that the notebooks name, before minutes are spent on the first.

    Raises:
        NotDeployedError: some are missing; nothing was run.
    """
    from botocore.exceptions import ClientError

    named = "".join(path.read_text(encoding="utf-8") for path in paths)
    needed = [pattern for pattern in PATTERNS if f'\\"{pattern}\\"' in named]
    target, there = lab.session.target, set(needed)
    with suppress(ClientError):  # whoever may not ask is told by the first cell
        there = set(lab.deployed()) if needed else set()
    if missing := [target.stack_name(one) for one in needed if one not in there]:
        raise NotDeployedError(
            f"The notebooks need stacks that are not in {target}: {', '.join(missing)}. Nothing "
            "was run.",
            f"Run {_way(lab)} first, then this again.",
        )


def _way(lab: "Lab") -> str:
    """The commands that make the stacks, in their order."""
    from botocore.exceptions import ClientError

    from workshop.stacks import cdk_deployment

    target, names = lab.session.target, ["deploy"]
    with suppress(ClientError):  # whoever may not ask is told by `deploy`
        if not target.is_embedded and cdk_deployment.bootstrap_version(lab.session) is None:
            names.insert(0, "bootstrap")
    return ", then ".join(f"`{start_command(target, name)}`" for name in names)
