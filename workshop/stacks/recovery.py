"""Stacks that an interrupted or failed command left behind: waited for, removed, or told.

CloudFormation goes on by itself when a command ends, however it ends. The next one finds its
stacks in any state that there is.
"""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from workshop.errors import DeploymentError, WaitTimeoutError
from workshop.stacks.activity import StackProgress
from workshop.stacks.cloudformation_client import CloudFormation
from workshop.stacks.following import OnStack, announce, follow
from workshop.stacks.statuses import ONLY_CHANGE_SET, Next, is_busy, mending, next_step
from workshop.target.commands import remaking, start_command
from workshop.target.environment import ENVIRONMENT
from workshop.target.session import Session
from workshop.target.waiting import Expected, wait_until

Say = Callable[[str], None]

# From a change set's beginning to its execution, and more.
_BEGINNING_S = 60.0


def settle(
    session: Session, names: Iterable[str], say: Say, on_stack: OnStack | None = None
) -> None:
    """Bring stacks into a state from which they can be deployed.

    Raises:
        DeploymentError: one is in use and stuck, or what is left of one cannot be removed.
    """
    names = list(names)
    if not session.target.is_embedded:
        _let_begin(session, names, say)
    found = wait_until_idle(session, names, say, on_stack)
    for name, status in found.items():
        if next_step(status) is Next.MEND:
            raise DeploymentError(*_stuck(session, name, str(status)))
    # What nobody has executed for so long is taken over by the CDK CLI.
    left = [
        name
        for name, status in found.items()
        if next_step(status) is Next.REMAKE
        and (session.target.is_embedded or status != ONLY_CHANGE_SET)
    ]
    for name in left:
        say(f"{name} is {found[name]}: what is left of it is removed, then it is made again")
    remove(session, left, on_stack)


def _let_begin(session: Session, names: Sequence[str], say: Say) -> None:
    """Give change sets that may be another command's the time to be executed.

    Between making a change set and executing it a deployment shows as a stack under review, for
    seconds; an interrupted one does so for ever. So each has a minute from its making, all of them
    have it at the same time, and what was left longer ago costs nothing.
    """

    def ends_at() -> datetime | None:
        ends = [one for name in names if (one := beginning_until(session, name))]
        return max(ends, default=None)

    if (end := ends_at()) is None:
        return
    say("a change set waits to be executed: another deploy may be at work, it gets a minute")
    plan = Expected(end)
    with contextlib.suppress(WaitTimeoutError):
        wait_until(
            session.clock,
            lambda: ends_at() is None,
            "no stack has just been proposed",
            cause="a deploy makes a change set, and executes it some seconds later",
            timeout_s=_BEGINNING_S,
            expected=lambda: plan,
            waits=session.waits,
        )


def beginning_until(session: Session, name: str) -> datetime | None:
    """Until when a deployment may be about to begin with a stack; None when none can be."""
    cloudformation = CloudFormation(session)
    if cloudformation.status(name) != ONLY_CHANGE_SET:
        return None
    proposed_at = cloudformation.proposed_at(name)
    if proposed_at is None:
        return None
    end = proposed_at + timedelta(seconds=_BEGINNING_S)
    return end if session.clock.now() < end else None


def wait_until_idle(
    session: Session, names: Iterable[str], say: Say, on_stack: OnStack | None = None
) -> dict[str, str | None]:
    """Wait for what CloudFormation is doing to these stacks; their statuses then."""
    cloudformation = CloudFormation(session)
    found = {name: cloudformation.status(name) for name in names}
    busy = [name for name, status in found.items() if is_busy(status)]
    for name in busy:
        say(f"{name} is {found[name]}: CloudFormation is still at work, waiting for it")
    for _ in follow(session, dict.fromkeys(busy, 0), on_stack):
        pass
    return found | {name: cloudformation.status(name) for name in busy}


def remove(
    session: Session,
    names: Sequence[str],
    on_stack: OnStack | None = None,
    on_gone: Callable[[str], None] = lambda _: None,
) -> None:
    """Delete stacks side by side, none of which CloudFormation is at work on.

    Raises:
        DeploymentError: one could not be deleted; after the others have gone.
    """
    cloudformation, left = CloudFormation(session), list[StackProgress]()
    totals = {name: len(cloudformation.ids(name)) for name in names if cloudformation.status(name)}
    for name, total in totals.items():
        cloudformation.begin_deletion(name)
        announce([name], on_stack, "DELETE_IN_PROGRESS", total)
    for ended in follow(session, totals, on_stack, ("DELETE_",)):
        if ended.status == "DELETE_COMPLETE":
            on_gone(ended.name)
        else:
            left.append(ended)
    if left:
        told = "\n".join(f"{one.name} ended as {one.status}: {_why(one)}" for one in left)
        raise DeploymentError(told, _leaving(session, left))


def _leaving(session: Session, left: Sequence[StackProgress]) -> str:
    """What to do about stacks that cannot be deleted: each needs a command of its own."""
    remedy = "Remove what is in the way and run this again"
    # Only what could not be deleted may be left: without it, a permission or AWS was in the way.
    keep = [
        aws_command(session, "delete-stack", one.name, "--retain-resources", *one.stuck)
        for one in left
        if one.stuck
    ]
    if not keep:
        return f"{remedy}."
    where = f", in `{start_command(session.target, 'shell')}`" * session.target.is_embedded
    commands = "".join(f"\n  {command}" for command in keep)
    return f"{remedy}; or leave it there, with a command for each stack{where}:{commands}"


def failure(ended: Sequence[StackProgress]) -> DeploymentError:
    """What to raise about stacks that could not be made or changed."""
    told = "\n".join(f"{one.name} ended as {one.status}: {_why(one)}" for one in ended)
    return DeploymentError(
        told, "Correct that and deploy again: what is left of the stack is then removed first."
    )


def aws_command(session: Session, action: str, name: str, *more: str) -> str:
    """A command of the AWS CLI about a stack, for this target."""
    target = session.target
    words = ["aws", "cloudformation", action, "--stack-name", name, *more]
    if not target.is_embedded:
        words += ["--region", session.region]
        if target.profile != ENVIRONMENT:
            words += ["--profile", str(target.profile)]
        if target.endpoint_url:
            words += ["--endpoint-url", target.endpoint_url]
    return " ".join(words)


def _stuck(session: Session, name: str, status: str) -> tuple[str, str]:
    """What happened, and what to do about it."""
    followed = list(follow(session, {name: 0}))
    happened = f"{name} is {status}: {_why(followed[0])}"
    if not (command := mending(status)):
        return happened, f"{remaking(session.target)}; messages that wait in it are lost."
    where = f"in `{start_command(session.target, 'shell')}`, " * session.target.is_embedded
    return happened, (
        f"Correct that, then {where}`{aws_command(session, command, name)}`, and deploy again. Or "
        f"lose the messages that wait in it: {remaking(session.target)}."
    )


def _why(ended: StackProgress) -> str:
    return ended.failure or "AWS gives no reason"
