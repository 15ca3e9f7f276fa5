"""Deploy and destroy the patterns' stacks on either target.

Embedded: the templates that the CDK app made are sent with boto3 (assets to S3, stacks to
CloudFormation), only what is missing or changed. AWS: the real `cdk deploy`, after the account
check and with the credentials that were checked. Both are removed by the same calls.
"""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from botocore.exceptions import ClientError

from workshop.errors import DeploymentError
from workshop.stacks import cdk_cli, cloud_assembly, ownership
from workshop.stacks.cloudformation_client import CloudFormation
from workshop.target import locks
from workshop.target.session import Session
from workshop.target.target import PATTERNS, PROJECT, masked

Say = Callable[[str], None]

_BUSY_TIMEOUT_S = 300.0


def deploy(
    session: Session,
    patterns: Sequence[str] = PATTERNS,
    *,
    on_progress: Say = print,
    project: Path = PROJECT,
) -> list[str]:
    """Create or update the stacks of these patterns.

    Args:
        session: the target (`lab.session`).
        patterns: which ones; default all.
        on_progress: is given one short sentence per step.
        project: the project folder.

    Returns:
        The names of the stacks that were created or changed; [] when all were up to date. On a
        real account, where the CDK CLI decides that, all names.

    Raises:
        DeploymentError: a stack failed; the message holds CloudFormation's reason.
        TargetError: the caller belongs to another account.
    """
    session.account()
    names = [session.target.stack_name(pattern) for pattern in patterns]
    if not session.target.is_embedded:
        # Side by side: no stack needs another one.
        options = ["--require-approval", "never", "--progress", "events", "--concurrency", "4"]
        for key, value in ownership.tags(session).items():
            options += ["--tags", f"{key}={value}"]
        cdk_cli.run(session, ["deploy", *names, *options], on_progress, project)
        _expect_in_checked_account(session, names)
        return names
    # Two notebooks that connect at once: the second finds everything done.
    with locks.acquire(project / ".workshop" / "deploying.lock", _BUSY_TIMEOUT_S):
        folder = cloud_assembly.synthesized(session.target, project, on_progress)
        return _send(session, cloud_assembly.stacks(folder, names), on_progress)


def bootstrap(session: Session, *, on_progress: Say = print, project: Path = PROJECT) -> None:
    """Prepare the account's Region for the CDK; again is harmless.

    It makes a stack `CDKToolkit` with a bucket for code and roles for deployments, which all CDK
    apps of that account and Region share: `destroy` leaves it.
    https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping.html

    Raises:
        DeploymentError: it failed; the message holds the CDK CLI's last lines.
        TargetError: the caller belongs to another account.
    """
    where = f"aws://{session.account()}/{session.region}"
    cdk_cli.run(session, ["bootstrap", where], on_progress, project)


def _send(session: Session, stacks: Sequence[cloud_assembly.StackTemplate], say: Say) -> list[str]:
    """Create or update those stacks that are not as they should be; returns their names."""
    cloudformation, tags = CloudFormation(session), ownership.tags(session)
    changed = []
    for number, stack in enumerate(stacks, start=1):
        if cloudformation.is_current(stack, tags):
            continue
        say(f"deploying {stack.name} ({number} of {len(stacks)})")
        cloudformation.deploy(stack, tags)
        changed.append(stack.name)
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
            f"{masked(session.account())} has no such stack in {session.region}.",
            "Look for these stacks in your other accounts before you deploy again.",
        )


def destroy(
    session: Session,
    patterns: Sequence[str] = PATTERNS,
    *,
    on_progress: Say = print,
) -> list[str]:
    """Delete the stacks of these patterns; returns the names of those that existed.

    Raises:
        DeploymentError: a stack could not be deleted; the message holds CloudFormation's reason.
        TargetError: the caller belongs to another account.
    """
    session.account()
    cloudformation = CloudFormation(session)
    names = [session.target.stack_name(pattern) for pattern in patterns]
    existing = [name for name in names if cloudformation.status(name)]
    if not existing:
        return []
    # While the stacks still know it: what is left of them is found by it afterwards.
    ownership.deployment_of(session)
    kind = "AWS::Lambda::EventSourceMapping"
    _stop_polling(session, [id_ for one in existing for id_ in cloudformation.ids(one, kind)])
    # Side by side: none needs another one.
    on_progress(f"deleting {', '.join(existing)}")
    try:
        for name in existing:
            cloudformation.begin_deletion(name)
        for name in existing:
            cloudformation.finish_deletion(name)
            on_progress(f"deleted {name}")
    except KeyboardInterrupt:
        on_progress("interrupted: CloudFormation goes on deleting; run this again to see the end")
        raise
    return existing


def _stop_polling(session: Session, mappings: Iterable[str]) -> None:
    """Disable event source mappings, so that messages rest while their stacks go."""
    client, changing = session.client("lambda"), []
    for mapping in mappings:
        # Gone, or being changed at this moment: the stack's deletion ends it in any case.
        with contextlib.suppress(ClientError):
            client.update_event_source_mapping(UUID=mapping, Enabled=False)
            changing.append(mapping)
    for mapping in changing:
        # One that is being disabled cannot be deleted.
        while client.get_event_source_mapping(UUID=mapping)["State"] == "Disabling":
            session.clock.sleep(1)
