"""Deploy and destroy the patterns' stacks on either target.

Embedded: the templates that the CDK app made are sent with boto3 (assets to S3, stacks to
CloudFormation), only what is missing or changed. AWS: the real `cdk deploy`, after the account
check and with the credentials that were checked. Both are removed by the same calls, and both begin
with what an interrupted command left behind (`recovery`).
"""

import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from botocore.exceptions import ClientError

from workshop.counting import counted
from workshop.errors import DeploymentError
from workshop.masking.known import abbreviated
from workshop.stacks import assets, cdk_deployment, cloud_assembly, interrupted, ownership, recovery
from workshop.stacks.activity import StackProgress
from workshop.stacks.alone import alone
from workshop.stacks.cloudformation_client import CloudFormation
from workshop.stacks.following import Followed, OnStack, announce
from workshop.stacks.interrupted import SoFar
from workshop.stacks.statuses import DEPLOYED
from workshop.target import waiting
from workshop.target.commands import start_command
from workshop.target.session import Session
from workshop.target.target import PATTERNS, PROJECT

Say = Callable[[str], None]

# How the statuses of a stack begin while it is made or changed.
_OF_DEPLOYMENTS = ("CREATE_", "ROLLBACK_", "UPDATE_")

# States of an event source mapping that is not being changed.
_ENABLED, _DISABLED = "Enabled", "Disabled"


def deploy(
    session: Session,
    patterns: Sequence[str] = PATTERNS,
    *,
    on_progress: Say = print,
    on_stack: OnStack | None = None,
    on_turn: Callable[[], None] = lambda: None,
    project: Path = PROJECT,
) -> list[str]:
    """Create or update the stacks of these patterns.

    Interrupted at any point it can be run again: it waits for what CloudFormation has begun.

    Args:
        session: the target (`lab.session`).
        patterns: which ones; default all.
        on_progress: is given one short sentence per step.
        on_stack: is told how far each stack is.
        on_turn: is called when no other command has to be waited for any more.
        project: the project folder.

    Returns:
        The names of the stacks that were created or changed; [] when all were up to date.

    Raises:
        DeploymentError: a stack failed; the message holds CloudFormation's reason.
        TargetError: the caller belongs to another account.
    """
    session.account()
    names = [session.target.stack_name(pattern) for pattern in patterns]
    again = start_command(session.target, "deploy")
    # Two notebooks that connect at once, or two commands: the second finds everything done.
    with interrupted.told(on_progress, again) as so_far, alone(session, on_progress, on_turn):
        if not session.target.is_embedded:
            changed = cdk_deployment.deploy(session, names, on_progress, on_stack, project, so_far)
            _expect_in_checked_account(session, names)
            return changed
        folder = cloud_assembly.synthesized(session.target, project, on_progress)
        wanted = cloud_assembly.stacks(folder, names)
        return _send(session, wanted, on_progress, on_stack, so_far)


def _send(
    session: Session,
    stacks: Sequence[cloud_assembly.StackTemplate],
    say: Say,
    on_stack: OnStack | None,
    so_far: SoFar,
) -> list[str]:
    """Create or update those stacks that are not as they should be; returns their names."""
    cloudformation, tags = CloudFormation(session), ownership.tags(session)
    left = [one for one in stacks if not cloudformation.is_current(one, tags)]
    recovery.settle(session, [one.name for one in left], so_far.beginning(say), on_stack)
    # Somebody else's command may have made them meanwhile.
    left = [one for one in left if not cloudformation.is_current(one, tags)]
    followed, failed = Followed(session, on_stack), list[StackProgress]()
    changed, number = [one.name for one in left], len(left)
    if left:
        say(f"deploying {', '.join(changed)}")
        announce(changed, on_stack)
    while left or followed.names:
        missing = followed.names.union(one.name for one in left)
        for stack in [one for one in left if not missing.intersection(one.needs)]:
            left.remove(stack)
            assets.publish(session, stack)
            so_far.has_begun()
            verb = "UPDATE" if cloudformation.status(stack.name) else "CREATE"
            if cloudformation.begin(stack, tags):
                announce([stack.name], on_stack, f"{verb}_IN_PROGRESS", stack.size)
                followed.add(stack.name, stack.size, _OF_DEPLOYMENTS)
        for ended in followed.ended():
            if ended.status in DEPLOYED:
                done = number - len(left) - len(followed.names)
                say(f"deployed {ended.name} ({done} of {number})")
            else:
                failed.append(ended)
                # CloudFormation goes on with those that it has begun; no more are.
                left.clear()
        if followed.names:
            followed.pause()
    if failed:
        raise recovery.failure(failed)
    return changed


def _expect_in_checked_account(session: Session, names: Sequence[str]) -> None:
    """Look for the stacks where they were meant to go.

    Raises:
        DeploymentError: the CDK CLI deployed, but not into the checked account and Region.
    """
    cloudformation = CloudFormation(session)
    here = f":cloudformation:{session.region}:{session.account()}:stack/"
    missing = [name for name in names if here not in (cloudformation.arn(name) or "")]
    if missing:
        raise DeploymentError(
            f"The CDK CLI says that it deployed {', '.join(missing)}, but account "
            f"{abbreviated(session.account())} has no such stack in {session.region}.",
            "Look for these stacks in your other accounts before you deploy again.",
        )


def existing(session: Session, patterns: Sequence[str] = PATTERNS) -> list[str]:
    """The names of those stacks that there are, in whatever state."""
    names = [session.target.stack_name(pattern) for pattern in patterns]
    return [name for name in names if CloudFormation(session).status(name)]


def destroy(
    session: Session,
    patterns: Sequence[str] = PATTERNS,
    *,
    on_progress: Say = print,
    on_stack: OnStack | None = None,
    on_turn: Callable[[], None] = lambda: None,
) -> list[str]:
    """Delete the stacks of these patterns; returns the names of those that existed.

    Interrupted at any point it can be run again: deletions that have begun go on.

    Raises:
        DeploymentError: a stack could not be deleted; the message holds CloudFormation's reason.
        TargetError: the caller belongs to another account.
    """
    session.account()
    cloudformation, again = CloudFormation(session), start_command(session.target, "destroy")
    with interrupted.told(on_progress, again) as so_far, alone(session, on_progress, on_turn):
        there = existing(session, patterns)
        if not there:
            return []
        # While the stacks still know it: what is left of them is found by it afterwards.
        ownership.deployment_of(session)
        recovery.wait_until_idle(session, there, so_far.beginning(on_progress), on_stack)
        left = [name for name in there if cloudformation.status(name)]
        kind = "AWS::Lambda::EventSourceMapping"
        mappings = [id_ for one in left for id_ in cloudformation.ids(one, kind)]
        if mappings:
            which = counted(len(mappings), "event source mapping")
            on_progress(f"disabling {which}: messages rest meanwhile")
            so_far.rests(len(mappings))
        _stop_polling(session, mappings)
        # Side by side: none needs another one.
        on_progress(f"deleting {', '.join(there)}")
        so_far.has_begun()
        recovery.remove(session, left, on_stack, lambda name: on_progress(f"deleted {name}"))
    return there


def _stop_polling(session: Session, mappings: Sequence[str]) -> None:
    """Disable event source mappings, so that messages rest while their stacks go.

    A disabled one is left as it is: a change, even to what it is already, would keep it from being
    deleted for some seconds.
    """
    client = session.client("lambda")

    def state(mapping: str) -> str:
        try:
            return str(client.get_event_source_mapping(UUID=mapping)["State"])
        except client.exceptions.ResourceNotFoundException:
            return _DISABLED  # gone: it needs nothing more

    def rest(mapping: str) -> bool:
        return state(mapping) in (_ENABLED, _DISABLED)

    for mapping in mappings:
        waiting.wait_briefly(
            session.clock,
            partial(rest, mapping),
            f"Lambda is through with an earlier change of the event source mapping {mapping}",
            cause="Lambda takes one change of a mapping after the other",
            waits=session.waits,
        )
        if state(mapping) == _ENABLED:
            # Being changed by somebody else at this moment: the stack's deletion ends it as well.
            with contextlib.suppress(ClientError):
                client.update_event_source_mapping(UUID=mapping, Enabled=False)
    number = len(mappings)
    waiting.wait_briefly(
        session.clock,
        lambda: all(map(rest, mappings)),
        f"Lambda has disabled {counted(number, 'event source mapping')}",
        cause="pollers end what they have begun",
        waits=session.waits,
    )
