"""Stacks in an account, by the real CDK CLI: prepares a Region once, then deploys there."""

from collections.abc import Callable, Sequence
from pathlib import Path

from workshop.errors import DeploymentError
from workshop.stacks import cdk_cli, cdk_failures, cloud_assembly, ownership, recovery
from workshop.stacks.cdk_lines import CdkLines
from workshop.stacks.following import OnStack, announce
from workshop.stacks.interrupted import SoFar
from workshop.target.session import Session
from workshop.target.target import PROJECT

Say = Callable[[str], None]

# After so many collisions in a row whoever deploys has to look for the other one.
_COLLISIONS = 2


def deploy(
    session: Session,
    names: Sequence[str],
    say: Say,
    on_stack: OnStack | None,
    project: Path,
    so_far: SoFar,
) -> list[str]:
    """Create or update stacks; returns those that were not up to date.

    Raises:
        DeploymentError: a stack failed, or the CDK CLI did.
    """
    # Side by side: no stack needs another one.
    options = ["--require-approval", "never", "--progress", "events", "--concurrency", "4"]
    for key, value in ownership.tags(session).items():
        options += ["--tags", f"{key}={value}"]

    def once() -> list[str]:
        recovery.settle(session, names, so_far.beginning(say), on_stack)
        # Once for these sources and this account: a deployment that is tried again begins at once.
        # The stacks name both, so that the CDK CLI refuses any other.
        context = {"account": session.account(), "region": session.region}
        assembly = cloud_assembly.synthesized(session.target, project, say, context=context)
        say("the CDK CLI uploads code, then CloudFormation makes the stacks")
        announce(names, on_stack)
        so_far.has_begun()
        lines = CdkLines(on_stack)
        try:
            command = ["deploy", *names, "--app", str(assembly), *options]
            cdk_cli.run(session, command, say, project, on_line=lines.take)
        except DeploymentError as error:
            if failed := lines.failed():
                raise recovery.failure(failed) from error
            raise
        return [name for name in names if name not in lines.unchanged]

    return after_collisions(once, say)


def after_collisions(deploy_once: Callable[[], list[str]], say: Say) -> list[str]:
    """What it returns; tried again when another machine's command was at the same stacks."""
    for _ in range(_COLLISIONS):
        try:
            return deploy_once()
        except DeploymentError as error:
            if not cdk_failures.is_collision(str(error)):
                raise
            say("another command works on the same stacks: its end is waited for, then once more")
    return deploy_once()


def bootstrap(
    session: Session,
    *,
    on_progress: Say = print,
    on_stack: OnStack | None = None,
    project: Path = PROJECT,
) -> None:
    """Prepare the account's Region for the CDK; again is harmless.

    It makes a stack `CDKToolkit` with a bucket for code and roles for deployments, which all CDK
    apps of that account and Region share: `destroy` leaves it.
    https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping.html

    Raises:
        DeploymentError: it failed; the message holds the CDK CLI's last lines.
        TargetError: the caller belongs to another account.
    """
    where = f"aws://{session.account()}/{session.region}"
    on_progress("the CDK CLI prepares the Region")
    lines = CdkLines(on_stack)

    def take(line: str) -> None:
        if not lines.take(line) or on_stack is None:
            on_progress(line)

    command = ["bootstrap", where]
    cdk_cli.run(session, command, on_progress, project, on_line=take, with_app=False)
