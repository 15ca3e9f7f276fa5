"""The CDK CLI, run so that it can change the checked account and no other.

The CLI looks for its account in many places: `CDK_PROFILE` and other `CDK_*` variables (each of
its options has one), `~/.cdk.json`, AWS's variables and files. Here it finds one: credentials that
were resolved once, for the account that was checked, in a home folder of its own. The stacks name
that account and Region as well, so that the CLI itself refuses any other.
https://docs.aws.amazon.com/cdk/v2/guide/configure-access.html
https://docs.aws.amazon.com/cdk/v2/guide/cli.html#cli-config
"""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from workshop.errors import DeploymentError
from workshop.masking.known import abbreviated
from workshop.stacks import cdk_failures, cdk_home, children, node
from workshop.target.session import Session
from workshop.target.target import PROJECT

_SHOWN_LINES = 5


def run(
    session: Session,
    arguments: Sequence[str],
    on_progress: Callable[[str], None] = print,
    project: Path = PROJECT,
    *,
    on_line: Callable[[str], object] | None = None,
    with_app: bool = True,
) -> None:
    """Run one command of the pinned CDK CLI against the session's account, passing its lines on.

    Args:
        session: of the target "aws", its account checked.
        arguments: the command with what belongs to it, e.g. `["deploy", "FailureWorkshop-SqsDlq"]`.
        on_progress: is told when something has to be installed first.
        project: the project folder.
        on_line: is given each line that the CLI prints; by default `on_progress` is.
        with_app: whether the command is about the app. What is not begins much sooner without it:
            the CLI has the app synthesized wherever it finds one.

    Raises:
        DeploymentError: the CLI failed; the message holds its last lines.
        TargetError: the caller belongs to another account than the target names.
    """
    command = [
        *node.ensure_cdk(on_progress, project),
        *arguments,
        *("--profile", cdk_home.PROFILE),
        *_context(session),
        *("--ci", "--no-color", "--no-notices"),
    ]
    account, last, began_s = session.account(), list[str](), time.monotonic()
    show = on_line or on_progress
    with (
        cdk_home.home(session) as environment,
        children.started(
            command,
            folder=project if with_app else environment["HOME"],
            environment=environment,
        ) as process,
    ):
        try:
            for line in children.lines_of(process):
                if line is None:
                    what = f"`cdk {arguments[0]}` is at work"
                    on_progress(children.so_far(what, time.monotonic() - began_s))
                elif line.strip():
                    # What is on a screen or in a log is soon shown to others.
                    shown = line.rstrip().replace(account, abbreviated(account))
                    show(shown)
                    last = [*last, shown][-_SHOWN_LINES:]
        except BaseException:
            # Ctrl-C reaches the CLI by itself, a signal to this process alone does not.
            process.terminate()
            raise
    if process.returncode != 0:
        raise DeploymentError(
            f"`cdk {arguments[0]}` failed: " + "\n".join(last),
            cdk_failures.remedy("\n".join(last), session.target, arguments[0]),
        )


def _context(session: Session) -> Iterator[str]:
    """What the app makes its stacks of; on the command line it wins over every file."""
    values = {
        "account": session.account(),
        "region": session.region,
        "participant": session.target.participant or "",
    }
    for name, value in values.items():
        yield from ("-c", f"{name}={value}")
