"""Runs the tools as a person does whose shell is set up for the embedded AWS."""

import contextlib
import json
import os
import socketserver
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from localaws import EndpointInfo
from tests.clients.installed import Installed
from workshop.stacks import node
from workshop.target import environment
from workshop.target.target import PROJECT

_LIMIT_S = 300
_CDK_CLI = PROJECT / "node_modules" / "aws-cdk" / "bin" / "cdk"
_QUIET = ("--ci", "--no-color", "--no-notices")


@dataclass
class Failed(Exception):
    """A tool ended with another exit code than 0."""

    command: Sequence[str]
    output: str

    def __str__(self) -> str:
        return f"{' '.join(self.command)}\n{self.output[-6000:]}"


@dataclass
class Programs:
    """The tools, in reach of the embedded AWS alone.

    Args:
        proxy: who is asked for everything that is not on this machine.
        home: their home folder, empty at first.
    """

    installed: Installed
    info: EndpointInfo
    proxy: str
    home: Path

    def aws(self, service: str, operation: str, *arguments: str) -> Any:
        """What AWS CLI 1 prints. Its `sqs` alone does not know AWS_ENDPOINT_URL."""
        where = ("--endpoint-url", self.info.endpoint_url) if service == "sqs" else ()
        command = [self.installed.python, "-m", "awscli", service, operation, *arguments, *where]
        printed = self.run(*command)
        return json.loads(printed) if printed else None

    def sam(self, *arguments: str) -> str:
        """What the SAM CLI prints."""
        settings = self.home / "sam"
        settings.mkdir(exist_ok=True)
        # It asks a registry for a newer version, once a week.
        told = json.dumps({"lastVersionCheck": time.time()})
        (settings / "metadata.json").write_text(told, "utf-8")
        quiet = {"SAM_CLI_TELEMETRY": "0", "__SAM_CLI_APP_DIR": str(settings)}
        return self.run(self.installed.python, "-m", "samcli", *arguments, **quiet)

    def cdk(self, assembly: Path, *arguments: str) -> str:
        """What the pinned CDK CLI prints."""
        app = ("--app", str(assembly))
        return self.run(self.installed.node.path, _CDK_CLI, *arguments, *app, *_QUIET)

    def javascript(self, script: Path, **given: Any) -> Any:
        """What a script prints; it finds what it is given in the variable GIVEN."""
        with script.open("rb") as text:
            # From the folder that it runs in an ES module of standard input imports.
            command = (self.installed.node.path, "--input-type=module", "-")
            printed = self.run(*command, stdin=text, GIVEN=json.dumps(given))
        return json.loads(printed)

    def run(self, *command: str | Path, stdin: Any = None, **variables: str) -> str:
        """What a command prints.

        Raises:
            Failed: it did not end well.
        """
        base = environment.of_embedded(asdict(self.info), os.environ)
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"))
        done = subprocess.run(
            command,
            stdin=stdin or subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            cwd=self.installed.modules,
            env=node.cdk_environment(self.installed.node, base)
            | dict.fromkeys(proxies, self.proxy)
            | {"HOME": str(self.home), "USERPROFILE": str(self.home), "AWS_PAGER": ""}
            # Byte code of theirs is kept, also where this machine keeps none.
            | {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPATH": ""}
            | variables,
            timeout=_LIMIT_S,
        )
        if done.returncode != 0:
            raise Failed([str(part) for part in command], done.stdout + done.stderr)
        return done.stdout


@dataclass
class Outside:
    """A proxy that lets nobody through, and remembers what was asked for.

    Attributes:
        address: where it is.
        asked: the first line of each request.
    """

    address: str
    asked: list[str] = field(default_factory=list)


@contextlib.contextmanager
def outside() -> Iterator[Outside]:
    """Stands where the rest of the world would be."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            found.asked.append(self.rfile.readline(1000).decode("latin-1").strip())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        found = Outside(f"http://127.0.0.1:{server.server_address[1]}")
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield found
        finally:
            server.shutdown()
            serving.join()
