"""The CDK CLI, run so that it can change the checked account and no other.

The CLI looks for its account in many places: `CDK_PROFILE` and other `CDK_*` variables (each of
its options has one), `~/.cdk.json`, AWS's variables and files. Here it finds one: credentials that
were resolved once, for the account that was checked, in a home folder of their own. The stacks name
that account and Region as well, so that the CLI itself refuses any other.
https://docs.aws.amazon.com/cdk/v2/guide/configure-access.html
https://docs.aws.amazon.com/cdk/v2/guide/cli.html#cli-config
"""

import configparser
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from workshop.errors import DeploymentError
from workshop.stacks import node
from workshop.target.environment import neutral
from workshop.target.session import Session
from workshop.target.target import PROJECT, masked

# The only profile that the CLI can find.
_PROFILE = "workshop"
_SHOWN_LINES = 5


def run(
    session: Session,
    arguments: Sequence[str],
    on_progress: Callable[[str], None] = print,
    project: Path = PROJECT,
) -> None:
    """Run one command of the pinned CDK CLI against the session's account, passing its lines on.

    Args:
        session: of the target "aws", its account checked.
        arguments: the command with what belongs to it, e.g. `["deploy", "FailureWorkshop-SqsDlq"]`.
        on_progress: is given each line that the CLI prints.
        project: the project folder.

    Raises:
        DeploymentError: the CLI failed; the message holds its last lines.
        TargetError: the caller belongs to another account than the target names.
    """
    command = [
        *node.ensure_cdk(on_progress, project),
        *arguments,
        *("--profile", _PROFILE),
        *_context(session),
        *("--ci", "--no-color", "--no-notices"),
    ]
    account, last = session.account(), list[str]()
    with (
        _home(session) as environment,
        subprocess.Popen(
            command,
            cwd=project,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip():
                # What is on a screen or in a log is soon shown to others.
                shown = line.rstrip().replace(account, masked(account))
                on_progress(shown)
                last = [*last, shown][-_SHOWN_LINES:]
    if process.returncode != 0:
        raise DeploymentError(
            f"`cdk {arguments[0]}` failed:\n" + "\n".join(last),
            "A Region is prepared once per account with `cdk bootstrap`; other reasons are above.",
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


@contextmanager
def _home(session: Session) -> Iterator[dict[str, str]]:
    """The environment of the CLI: a home folder with one profile, for this user's eyes only."""
    credentials = session.credentials()
    with TemporaryDirectory(prefix="workshop-cdk-") as folder:
        home = Path(folder)
        keys = {
            "aws_access_key_id": credentials.access_key,
            "aws_secret_access_key": credentials.secret_key,
            "aws_session_token": credentials.token,
        }
        _write(home / "credentials", _PROFILE, {k: v for k, v in keys.items() if v})
        _write(home / "config", f"profile {_PROFILE}", {"region": session.region})
        environment = node.cdk_environment(base=neutral(os.environ)) | {
            "HOME": folder,
            "USERPROFILE": folder,
            "AWS_CONFIG_FILE": str(home / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(home / "credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_REGION": session.region,
        }
        if session.target.endpoint_url:
            environment["AWS_ENDPOINT_URL"] = session.target.endpoint_url
        yield environment


def _write(file: Path, section: str, values: dict[str, str]) -> None:
    # Not interpolated: a secret may hold a percent sign.
    text = configparser.RawConfigParser()
    text[section] = values
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        text.write(opened)
