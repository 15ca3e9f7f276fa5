"""The first line of a command that changes stacks: on which AWS, before anything else is said.

A command without arguments works on the embedded AWS, which is easily forgotten by somebody whose
last ten commands were about an account.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from workshop.target.commands import start_command
from workshop.target.folders import state_of
from workshop.target.target import Target

_PASSING = "it ends when nothing uses it any more, and all that is in it with it"


def tell_target(name: str, target: Target, state: Path | None = None) -> None:
    """Say on which target a command works, and of accounts that it leaves alone.

    Args:
        name: of the command.
        target: on which it works.
        state: the folder in which this machine remembers its deployments; default this person's.
    """
    print(f"{name}: {target}{f'; {_PASSING}' * target.is_embedded}", flush=True)
    if target.is_embedded:
        for line in _elsewhere(name, state or state_of()):
            print(line, flush=True)


def _elsewhere(name: str, state: Path) -> Iterator[str]:
    """Accounts in which this folder has deployed: somebody may mean one of them."""
    from workshop.stacks import ownership

    for other in ownership.remembered(state):
        yield f"Not meant: {other}, where this folder has deployed. What is there stays. For that:"
        yield f"  {start_command(other, name)}"


def tell_what_stays(elsewhere: Iterable[Target]) -> None:
    """Name what this folder deployed to other places."""
    for one in elsewhere:
        print(f"the stacks on {one} stay; they go with `{start_command(one, 'destroy')}`")
