"""`destroy --all-participants`: everybody's stacks in one account and Region, a few side by side.

Each participant's go by a `destroy` of their own, as they would go one after the other: in its own
process, since most of it is waiting, and since one that fails must not end the others.
"""

import argparse
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

from botocore.exceptions import ClientError

from workshop.cli.arguments import chosen_target, target_arguments
from workshop.cli.confirmation import confirm
from workshop.cli.jupyter import python_command
from workshop.cli.target_line import tell_target, tell_what_stays
from workshop.counting import counted
from workshop.errors import TargetError, TargetValueError
from workshop.stacks import children, ownership
from workshop.stacks.neighbours import stacks_by_participant, whose
from workshop.target.commands import start_command
from workshop.target.session import Session
from workshop.target.target import Target

# Each makes some ten requests a second to CloudFormation, whose quotas an account shares.
_SIDE_BY_SIDE = 4
# Before the lines about the stacks of no participant.
_NOBODYS = "no participant"


def run(options: argparse.Namespace) -> int:
    """Ask once, naming everybody, then remove each set of stacks as `destroy` does.

    Returns:
        0 when of nobody anything is left; 1 when something is, or when it cannot be told.

    Raises:
        TargetValueError: a participant was named as well, or nobody said that this is meant.
        TargetError: the caller may not list the account's stacks.
    """
    from workshop import connection

    if options.participant:
        raise TargetValueError(
            f"--all-participants and --participant {options.participant} contradict each other.",
            "Leave one of the two out; nothing was done.",
        )
    target = replace(chosen_target(options), participant=None)
    tell_target("destroy", target)
    lab = connection.open_lab(target)
    stacks = _stacks(lab.session)
    there = {replace(target, participant=one): names for one, names in stacks.items()}
    # What an interrupted command had begun: stacks that are gone, or nearly, and not looked after.
    remembered = ownership.remembered(lab.session.state)
    # Whatever profile they were deployed with: that of this command removes them.
    begun = [
        replace(target, participant=one.participant) for one in remembered if _is_there(one, target)
    ]
    everybody = list(dict.fromkeys([*there, *begun]))
    if not everybody:
        print(f"there are no stacks of the workshop to remove, of anybody, on {target}")
        return 0
    what = _what_goes(there)
    if target.is_embedded:
        # Nobody is asked there; who has a notebook open is told what becomes of it.
        print(f"{what} An open notebook makes its own again with workshop.connect().", flush=True)
    confirm(target, what, options.yes)
    more = ["--one-of-many"]
    more += [f"--yes={target.account}"] if target.account else []
    more += ["--sweep"] if options.sweep else []
    more += [f"--share={options.share}"] if options.share else []
    codes = _side_by_side([partial(_destroy, one, more) for one in everybody])
    again = [one for one, code in zip(everybody, codes, strict=True) if code]
    print(f"{counted(len(everybody) - len(again), 'set')} of stacks gone, nothing left of them")
    for one in again:
        print(f"not yet, or not all: {start_command(one, 'destroy')}")
    for participant, names in _stacks(lab.session).items():
        made = replace(target, participant=participant)
        if made not in everybody:
            print(f"made meanwhile: {', '.join(names)}")
            again.append(made)
    tell_what_stays(one for one in remembered if not _is_there(one, target))
    return 1 if again else 0


def _is_there(one: Target, target: Target) -> bool:
    """Whether it is in the target's account and Region, whosever it is."""
    return (one.account, one.region) == (target.account, target.region)


def _stacks(session: Session) -> dict[str | None, list[str]]:
    try:
        return stacks_by_participant(session)
    except ClientError as error:
        raise TargetError(
            f"Whose stacks there are on {session.target} cannot be told: "
            f"{error.response['Error'].get('Message', error)}",
            "Use the instructor's policy (docs/policies), or give --participant NAME for each.",
        ) from error


def _what_goes(there: dict[Target, list[str]]) -> str:
    number = sum(map(len, there.values()))
    sets = "; ".join(f"of {whose(one)}: {', '.join(names)}" for one, names in there.items())
    return f"{counted(number, 'stack')} and all messages in them go, {sets or 'all gone already'}."


def _side_by_side(removals: Sequence[Callable[[], int]]) -> list[int]:
    """Run all of them; interrupted, begin no more, and wait for those that were begun.

    Those are interrupted as well by a Ctrl-C in their terminal, and then say how far they are.
    """
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        begun = [pool.submit(removal) for removal in removals]
        try:
            return [one.result() for one in begun]
        except KeyboardInterrupt as error:
            pool.shutdown(wait=False, cancel_futures=True)
            number = sum(one.cancelled() for one in begun)
            error.add_note(
                f"{counted(number, 'set')} of stacks not begun; run this again for the rest."
            )
            raise


def _destroy(target: Target, more: Sequence[str]) -> int:
    """Run one participant's `destroy`; its lines begin with whose they are."""
    name = target.participant or _NOBODYS
    arguments = ["destroy", *target_arguments(target), *more]
    with children.started(
        python_command("-m", "workshop", *arguments), folder=Path.cwd(), environment=os.environ
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(f"{name}: {line}", end="", flush=True)
    return process.returncode
