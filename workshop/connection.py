"""Connect to a target. Only this file (with `embedded`) knows how each of the two is reached."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES

import localaws
from localaws import outlook as outlook
from workshop.drift.notice import Drift
from workshop.errors import TargetError
from workshop.lab import Lab
from workshop.lessons import extensions
from workshop.masking.shown import mask_what_is_shown
from workshop.progress import ProgressLine, in_notebook
from workshop.stacks import deployment
from workshop.target import account, announcement, cell_sleep, embedded, environment
from workshop.target.clock import CALL_LIMIT_S, EmbeddedClock
from workshop.target.commands import start_command
from workshop.target.folders import STATE, embedded_folder
from workshop.target.lateness import LATE, PUNCTUAL
from workshop.target.making import making
from workshop.target.own_values import own_mask
from workshop.target.repeatable import SEED_VARIABLE
from workshop.target.run_state import RunState
from workshop.target.session import Session
from workshop.target.target import PROJECT, Target
from workshop.target.unanswered import speaking
from workshop.target.waits import Waits

# `outlook` says what the retry policies make of an outage, on whatever target.
__all__ = ["Target", "connect", "outlook"]

# The published type hints lack some of its arguments.
_CONFIG: Any = Config


# What boto3 does on a real account: an AWS that is late throttles as well.
_ATTEMPTS_IF_LATE = 5


def connect(target: Target | None = None, *, deploy: bool | None = None) -> Lab:
    """Connect to the embedded AWS, or to the account that a target names.

    Safe to run again, after a kernel restart, and from two notebooks at once. The embedded AWS is
    found when one runs for this project, otherwise started. On a real account the caller's
    account is compared with the expected one before anything else.

    Settings that a lesson left changed are shown; `lab.put_back()` puts them back.

    Args:
        target: default the one that this kernel was started for (`start.py lab` and `guides` say
            which), else the project's target file, else the embedded AWS.
        deploy: create or update the patterns' stacks when they are missing or changed; default
            True on the embedded AWS. On an account True is refused, with the command that does it:
            that one asks for the account id first, and says what the stacks cost.

    Raises:
        TargetError: the target is incomplete, is another account, or another target than the one
            that this kernel was started for; or stacks were to be made in an account.
        EndpointError: the embedded AWS did not start.
        DeploymentError: a stack could not be made.
    """
    target = announcement.bound(target)
    if deploy and not target.is_embedded:
        raise TargetError(
            f"A notebook makes no stacks in {target}: whoever runs all its cells was not asked, "
            "nor told what they cost. Nothing was done.",
            f"Run `{start_command(target, 'deploy')}` in a terminal, which asks, and names what "
            "the account needs before; then workshop.connect().",
        )
    lab = open_lab(target)
    if target.is_embedded and deploy is not False:
        line = ProgressLine()
        with line.ended():
            changed = deployment.deploy(lab.session, on_progress=line.update)
        if changed:
            line.finish(f"deployed {', '.join(changed)}")
    line = ProgressLine()
    if not target.is_embedded:
        line.update("comparing all settings with the stacks' (some 50 requests, a few seconds)")
    with line.ended():
        left = lab.changed()
    if not target.is_embedded:
        line.finish(_compared(left, lab.session), is_good=bool(left.compared) and not left)
    if left:
        _show(left)
    return lab


def _compared(left: Drift, session: Session) -> str:
    """What the comparison comes to, in one sentence."""
    if left:
        number = len(left.lines)
        are = "1 is" if number == 1 else f"{number} are"
        return f"of {left.compared} settings that were compared with the stacks', {are} different"
    unread = f"not compared: {'; '.join(left.unreadable)}" if left.unreadable else ""
    if left.compared:
        told = f"{left.compared} settings were compared with the stacks', and are the same"
        return f"{told}; {unread}" if unread else told
    if unread:
        return f"no setting could be compared with the stacks': {unread}"
    return (
        f"there are no stacks of the workshop in {session.target}, which lessons need: "
        f"{making(session)} in a terminal makes them"
    )


def open_lab(target: Target | None = None) -> Lab:
    """`connect` for commands: nothing is deployed, and no setting is looked at.

    What a command like `destroy` changes itself is no news that somebody should be told.
    """
    target = announcement.bound(target)
    session = (
        _embedded_session(target, PROJECT) if target.is_embedded else account.open_session(target)
    )
    if in_notebook():
        _adopt(session.environment() | announcement.announce_here(target))
        _help_after_errors()
        cell_sleep.install(session.clock)
        if not target.is_embedded:
            _mask_what_is_shown(session)
    return Lab(session)


def _show(left: Drift) -> None:
    """Say that settings are not as the stacks say; only whoever reads it can know whose doing."""
    if in_notebook():
        from IPython.display import display

        display(left)  # type: ignore[no-untyped-call]
    else:
        sys.stderr.write(f"{left!r}\n")


def _help_after_errors() -> None:
    """In a kernel that is none of ours, too: those of VS Code, a hub, nbconvert."""
    from IPython.core.getipython import get_ipython

    extensions.load(get_ipython())


def _mask_what_is_shown(session: Session) -> None:
    """A notebook that worked on an account is saved, shown to a room, and sent around."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is not None and hasattr(shell, "kernel"):
        mask_what_is_shown(shell.kernel, own_mask(session))


def _embedded_session(target: Target, project: Path) -> Session:
    if seed := os.environ.get(SEED_VARIABLE):
        localaws.seed_ids(seed)
    info = embedded.find_or_start(project, print if in_notebook() else lambda _: None)
    keys = {name: info[name] for name in ("aws_access_key_id", "aws_secret_access_key")}
    boto: Any = boto3.Session(botocore_session=_isolated(), region_name=info["region"], **keys)
    # No proxy may see calls to this machine.
    attempts = _ATTEMPTS_IF_LATE if info.get("lateness") else 1
    config = _CONFIG(
        proxies={},
        retries={"total_max_attempts": attempts},
        read_timeout=CALL_LIMIT_S,
        # Read from a variable else, and here nothing depends on it.
        s3={"us_east_1_regional_endpoint": "regional"},
    )
    waits = Waits()

    def make_client(service: str) -> Any:
        client = boto.client(service, endpoint_url=info["endpoint_url"], config=config)
        return waits.requests.watched(speaking(client))

    clock = EmbeddedClock(info["clock_url"], info["aws_secret_access_key"], waits.slept)
    hold = RunState(project).use()
    return Session(
        target,
        make_client,
        clock,
        environment=lambda: environment.of_embedded(info, os.environ),
        state=embedded_folder(project),
        hold=hold,
        lateness=LATE if info.get("lateness") else PUNCTUAL,
        waits=waits,
    )


def _isolated() -> botocore.session.Session:
    """A botocore session that reads no profile, file or variable of the person's own.

    One of them may be meant for another AWS, or be nonsense, which ends in botocore's own errors.
    """
    nowhere = str(PROJECT / STATE / "no-aws-config")
    own = dict.fromkeys(("config_file", "credentials_file"), nowhere)
    return botocore.session.Session(
        session_vars={
            name: (None, None, own.get(name, default), convert)
            for name, (_, _, default, convert) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()
        }
    )


def _adopt(variables: Mapping[str, str]) -> None:
    """Point whatever else this kernel does with AWS at the same target.

    `boto3.client("sqs")`, typed from memory, then asks the embedded AWS, and not the account that
    the person happens to be logged in to. A default session from before is made anew.
    """
    for name in os.environ.keys() - variables.keys():
        del os.environ[name]
    os.environ.update(variables)
    boto3.DEFAULT_SESSION = None
