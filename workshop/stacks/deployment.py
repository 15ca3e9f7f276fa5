"""Deploy and destroy the patterns' stacks on either target.

Embedded: the templates that the CDK app made are sent with boto3 (assets to S3, stacks to
CloudFormation), only what is missing or changed. AWS: the real `cdk deploy` with the target's
profile, after the account check.
"""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from workshop.errors import DeploymentError
from workshop.stacks import cloud_assembly, node
from workshop.stacks.cloudformation_client import CloudFormation
from workshop.target.file_lock import FileLock
from workshop.target.session import Session
from workshop.target.target import PATTERNS, PROJECT

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
        _cdk(session, ["deploy", "--require-approval", "never", *names], on_progress, project)
        return names
    with FileLock(project / ".workshop" / "deploying.lock") as lock:
        # Two notebooks that connect at once: the second finds everything done.
        lock.acquire(_BUSY_TIMEOUT_S)
        folder = cloud_assembly.synthesized(session.target, project, on_progress)
        return _send(session, cloud_assembly.stacks(folder, names), on_progress)


def _send(session: Session, stacks: Sequence[cloud_assembly.StackTemplate], say: Say) -> list[str]:
    """Create or update those stacks that are not as they should be; returns their names."""
    cloudformation = CloudFormation(session)
    changed = []
    for number, stack in enumerate(stacks, start=1):
        if cloudformation.is_current(stack):
            continue
        say(f"deploying {stack.name} ({number} of {len(stacks)})")
        cloudformation.deploy(stack)
        changed.append(stack.name)
    return changed


def destroy(
    session: Session,
    patterns: Sequence[str] = PATTERNS,
    *,
    on_progress: Say = print,
    project: Path = PROJECT,
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
    if existing and not session.target.is_embedded:
        _cdk(session, ["destroy", "--force", *existing], on_progress, project)
        return existing
    for name in existing:
        on_progress(f"deleting {name}")
        cloudformation.delete(name)
    return existing


def _cdk(session: Session, arguments: list[str], on_progress: Say, project: Path) -> None:
    """Run the CDK CLI against the target, passing its lines on."""
    command = [*node.ensure_cdk(on_progress, project), *arguments]
    if session.target.participant:
        command += ["-c", f"participant={session.target.participant}"]
    command += ["--ci", "--no-color", "--no-notices", "--progress", "events"]
    last: list[str] = []
    with subprocess.Popen(
        command,
        cwd=project,
        env=node.cdk_environment(base=session.environment()),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip():
                on_progress(line.rstrip())
                last = [*last, line.rstrip()][-5:]
    if process.returncode != 0:
        raise DeploymentError(
            f"`cdk {arguments[0]}` failed:\n" + "\n".join(last),
            "A Region is prepared once per account with `cdk bootstrap`; other reasons are above.",
        )
