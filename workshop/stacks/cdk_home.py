"""A home folder for the CDK CLI: it finds the credentials there that were checked, and no others.

It lies in the project's own folder and goes with the command that made it; that of a command which
was killed goes with the next command.
"""

import configparser
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workshop.stacks import node
from workshop.target import locks
from workshop.target.environment import neutral
from workshop.target.session import Session

# The only profile that the CLI can find.
PROFILE = "workshop"


@contextmanager
def home(session: Session) -> Iterator[dict[str, str]]:
    """The environment of the CLI: a home folder with one profile, for this user's eyes only."""
    homes = session.state / "cdk-homes"
    folder = homes / uuid.uuid4().hex
    _remove_abandoned(homes)
    with locks.acquire(folder.with_suffix(".lock"), timeout_s=1):
        try:
            folder.mkdir(mode=0o700)
            yield _filled(folder, session)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    folder.with_suffix(".lock").unlink(missing_ok=True)


def _remove_abandoned(homes: Path) -> None:
    for lock in list(homes.glob("*.lock")):
        held = locks.try_acquire(lock)
        if held is not None:
            with held:
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
            lock.unlink(missing_ok=True)


def _filled(folder: Path, session: Session) -> dict[str, str]:
    credentials = session.credentials()
    keys = {
        "aws_access_key_id": credentials.access_key,
        "aws_secret_access_key": credentials.secret_key,
        "aws_session_token": credentials.token,
    }
    _write(folder / "credentials", PROFILE, {k: v for k, v in keys.items() if v})
    _write(folder / "config", f"profile {PROFILE}", {"region": session.region})
    environment = node.cdk_environment(base=neutral(os.environ)) | {
        "HOME": str(folder),
        "USERPROFILE": str(folder),
        "AWS_CONFIG_FILE": str(folder / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_REGION": session.region,
    }
    if session.target.endpoint_url:
        environment["AWS_ENDPOINT_URL"] = session.target.endpoint_url
    return environment


def _write(file: Path, section: str, values: dict[str, str]) -> None:
    # Not interpolated: a secret may hold a percent sign.
    text = configparser.RawConfigParser()
    text[section] = values
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        text.write(opened)
