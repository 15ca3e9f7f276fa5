"""Starts an embedded AWS as a child process and tells how to reach it."""

import json
import os
import shlex
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# Loading everything takes a second or two; a slow disk is given its time.
_START_LIMIT_S = 60.0

# An account that AWS gives to nobody: nothing of it exists anywhere.
ACCOUNT_ID = "000000000000"


class LaunchError(Exception):
    """The embedded AWS did not start; the message says why."""


@dataclass(frozen=True)
class EndpointInfo:
    """All that a client needs to reach one embedded AWS.

    `lateness` is the seed that makes it show facts as late as AWS does; "": it shows them at once.
    """

    endpoint_url: str
    clock_url: str
    region: str
    account_id: str
    aws_access_key_id: str
    aws_secret_access_key: str
    lateness: str = ""

    def as_json(self) -> str:
        """One line of JSON with the fields as keys."""
        return json.dumps(asdict(self))

    def as_exports(self) -> str:
        """Lines for a shell whose commands take the endpoint for an account: keys, and `ENDPOINT`.

        Not `AWS_ENDPOINT_URL`, which would send there what is meant for another profile.
        """
        told = {
            "AWS_ACCESS_KEY_ID": self.aws_access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.aws_secret_access_key,
            "ENDPOINT": self.endpoint_url,
        }
        lines = [f"export {name}={shlex.quote(value)}" for name, value in told.items()]
        return "\n".join([*lines, "unset AWS_SESSION_TOKEN"])

    @classmethod
    def from_json(cls, text: str) -> "EndpointInfo":
        """The reverse of `as_json`.

        Raises:
            ValueError: not the JSON of an endpoint.
        """
        fields: Any = json.loads(text)
        try:
            return cls(**fields)
        except TypeError as error:
            raise ValueError(f"not an endpoint: {error}") from None


@dataclass
class RunningEndpoint:
    """An embedded AWS that this process started and owns."""

    info: EndpointInfo
    process: "subprocess.Popen[str]"

    def stop(self) -> None:
        """End it and everything it started; may be called twice."""
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def __enter__(self) -> "RunningEndpoint":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def launch(
    port: int = 0,
    *,
    log: Path | None = None,
    account_id: str = ACCOUNT_ID,
    lateness: int | None = None,
    time: str = "skip",
    start_s: float | None = None,
) -> RunningEndpoint:
    """Start an embedded AWS on 127.0.0.1 and wait until it answers.

    It ends with `stop`, and by itself when this process ends, however that happens: it watches
    the pipe that is its standard input.

    Args:
        port: TCP port; 0 takes a free one.
        log: file that gets what the endpoint reports about itself; default this process's stderr.
        account_id: the account that it plays, 12 digits.
        lateness: a seed; it then shows facts as late as AWS does. Default: at once.
        time: how time passes, as in `--time`. In "skip" it stands for clients that sleep
            instead of asking for it, as those of an account do: they need "flow".
        start_s: virtual time at the beginning, in seconds since the epoch. Ids follow from it, so
            that the same calls give the same answers each time. Default: now, and chance.

    Raises:
        LaunchError: it could not start, for example because the port is taken.
    """
    errors = log.open("a") if log else None
    python = (sys.executable, "-m", "localaws")
    start = () if start_s is None else ("--start", f"{start_s:.3f}")
    late = () if lateness is None else ("--lateness", str(lateness))
    try:
        process = subprocess.Popen(
            [
                *python,
                "--owned",
                "--port",
                str(port),
                "--account",
                account_id,
                "--time",
                time,
                *late,
                *start,
            ],
            cwd=Path(__file__).parent.parent,
            # Handlers can read it: it holds no account of the person's.
            env={k: v for k, v in os.environ.items() if not k.upper().startswith("AWS_")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    finally:
        if errors:
            errors.close()
    first_line = _first_line(process)
    try:
        return RunningEndpoint(EndpointInfo.from_json(first_line), process)
    except ValueError:
        process.communicate()
        silence = f"no word of it in {_START_LIMIT_S:.0f} s, or it ended; see {log or 'above'}"
        raise LaunchError(first_line.strip() or silence) from None


def _first_line(process: "subprocess.Popen[str]") -> str:
    """What it says first; nothing when it ended, or had to be ended because it hung."""
    assert process.stdout is not None
    patience = threading.Timer(_START_LIMIT_S, process.kill)
    patience.start()
    try:
        return process.stdout.readline()
    finally:
        patience.cancel()
