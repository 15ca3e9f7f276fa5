"""`doctor`: what was found and what is missing, one line each."""

import argparse
import importlib.metadata
import importlib.util
import os
import platform
import re
import shutil
import site
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from workshop.cli.arguments import add_share_argument, add_target_arguments, chosen_target
from workshop.cli.finding import Finding
from workshop.counting import counted
from workshop.errors import WorkshopError
from workshop.stacks import node
from workshop.target.commands import start_command
from workshop.target.folders import PROJECT, home_of
from workshop.target.target import Target

NEEDED_MB = 300
AWS_CLI_LIMIT_S = 10
# With what the workshop stands and falls.
_IMPORTED = ("boto3", "botocore", "pandas", "matplotlib", "IPython")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument(
        "--classroom",
        nargs="?",
        type=people,
        const=1,
        metavar="PEOPLE",
        help="also: can a class begin here without a network? For one person, or for so many who "
        "will share this machine as users of a hub",
    )
    add_share_argument(parser)
    add_target_arguments(parser)


def people(text: str) -> int:
    """How many people; argparse says what is wrong with it, and exits with 2."""
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of people: 30, for example")
    return number


def run(options: argparse.Namespace) -> int:
    """Print the report; 1 if something blocks, 2 if what was given cannot be a target."""
    findings = list[Finding]()
    for finding in examine(options):
        mark = {"ok": "ok    ", "note": "note  ", "blocks": "BLOCKS"}[finding.state]
        # Each as soon as it is known: an account needs some seconds for its answers.
        print(f"{mark}  {finding.about:<9} {finding.found}", flush=True)
        findings.append(finding)
    print(summary(findings, lambda: chosen_target(options)))
    return max((one.exit_code for one in findings if one.state == "blocks"), default=0)


def summary(findings: Sequence[Finding], choose: Callable[[], Target]) -> str:
    """What all of it comes to: what is in the way, or what is ready and comes next."""
    blocking = sum(finding.state == "blocks" for finding in findings)
    if blocking:
        return (
            f"{counted(blocking, 'thing')} to put right first: see BLOCKS above. Then "
            "run this again."
        )
    first = next((finding.comes_next for finding in findings if finding.comes_next), "")
    besides = [finding.besides for finding in findings if finding.besides]
    ready = f"ready, but {', and '.join(besides)}" if besides else "everything is ready"
    if first:
        ready = "not yet ready for lessons"
    return f"{ready}. Next: `{start_command(choose(), first or 'lab')}`."


def examine(options: argparse.Namespace) -> Iterator[Finding]:
    """Look at everything that a command may need."""
    yield python()
    yield packages()
    yield handlers()
    yield from modules()
    yield nodejs()
    yield cdk_cli()
    yield from aws_cli()
    yield loopback_port()
    yield disk()
    yield folder()
    # Imported late: it looks at what only an installed package tells.
    from workshop.cli.doctor_machine import examine_machine

    yield from examine_machine(for_one=not options.classroom)
    if options.classroom:
        # Imported late: only who prepares a class needs it.
        from workshop.cli.doctor_classroom import examine_classroom

        yield from examine_classroom(options.classroom)
    yield from target(lambda: chosen_target(options))


def python() -> Finding:
    """The interpreter that runs the workshop."""
    return Finding("Python", "ok", f"{platform.python_version()} in {sys.prefix}")


def handlers(prefix: Path = Path(sys.prefix)) -> Finding:
    """On which Pythons functions run; that each still works is seen when one is first needed."""
    found = list[str]()
    for listed in sorted(prefix.glob("handlers/python3.*/interpreters")):
        paths = listed.read_text(encoding="utf-8").splitlines()
        if there := next((path for path in paths if Path(path).exists()), None):
            found.append(f"{listed.parent.name} ({there})")
    own = ".".join(platform.python_version_tuple()[:2])
    told = f"run on the workshop's own Python, {own}"
    if found:
        told = f"of {' and '.join(found)} run on a Python of that version; others {told}"
    return Finding("handlers", "ok", told)


def packages() -> Finding:
    """Whether the pinned versions are installed; in an environment of one's own they may not be."""
    wrong = []
    for name, version in _direct_pins().items():
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            return Finding(
                "packages", "blocks", f"{name} is missing: pip install -r requirements.txt"
            )
        if found != version:
            wrong.append(f"{name} {found} instead of {version}")
    if wrong:
        return Finding("packages", "note", "not the tested versions: " + ", ".join(wrong))
    return Finding("packages", "ok", "as pinned in pyproject.toml")


def modules() -> Iterator[Finding]:
    """Whether PYTHONPATH puts somebody else's modules in the place of the workshop's own."""
    for name in _IMPORTED:
        spec = importlib.util.find_spec(name)
        found = Path(spec.origin) if spec and spec.origin else None
        if found and not any(found.is_relative_to(folder) for folder in site.getsitepackages()):
            yield Finding(
                "modules",
                "blocks",
                f"{name} is imported from {found.parent.parent}, and not from the workshop's own "
                "packages: unset PYTHONPATH, or take that folder out of it",
            )
            return


def nodejs() -> Finding:
    """What will run the CDK CLI."""
    found = node.find_node()
    if found:
        return Finding("Node.js", "ok", f"{found.version} ({found.path})")
    on_path, least = node.path_node_version(), node.MINIMUM_MAJOR
    why = "not installed on this machine"
    if on_path:
        why = f"the installed one, {on_path}, is older than {least} or lacks npm"
    what = "it runs the CDK, for accounts and for stacks of a `--participant`"
    if os.access(sys.prefix, os.W_OK):
        told = "You need not do anything: the first command that needs it puts one into .venv"
    else:
        told = "Whoever prepared this folder can bring it with `prepare --cdk`"
    return Finding("Node.js", "note", f"{why}. {told} (60 MB; {what})")


def cdk_cli() -> Finding:
    """The CDK CLI that package.json pins."""
    version = node.cdk_version()
    if node.cdk_is_installed():
        return Finding("CDK CLI", "ok", version)
    return Finding("CDK CLI", "note", f"{version} will be installed when needed (30 MB)")


def aws_cli() -> Iterator[Finding]:
    """Whether somebody's own AWS CLI is one that would leave this machine; nothing without one."""
    command = shutil.which("aws")
    if command is None:
        return
    try:
        asked = subprocess.run(
            [command, "--version"], capture_output=True, text=True, timeout=AWS_CLI_LIMIT_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return
    # Old ones told it on standard error.
    found = re.search(r"aws-cli/((\d+)\.\S+)", asked.stdout + asked.stderr)
    if found and found[2] == "1":
        yield Finding(
            "AWS CLI",
            "note",
            f"{found[1]}: its `aws sqs` does not know AWS_ENDPOINT_URL and asks the real AWS. Give "
            'it --endpoint-url "$AWS_ENDPOINT_URL", or install AWS CLI 2',
        )
    elif found:
        yield Finding("AWS CLI", "ok", found[1])


def loopback_port() -> Finding:
    """Whether a program may listen on loopback at all."""
    try:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
    except OSError as error:
        told = f"no port on 127.0.0.1 can be opened: {error}; allow it in the firewall or sandbox"
        return Finding("port", "blocks", told)
    return Finding("port", "ok", "127.0.0.1 has free ports")


def disk() -> Finding:
    """Room for the CDK CLI, the synthesized app and the guides."""
    free_mb = shutil.disk_usage(PROJECT).free // 1_000_000
    if free_mb < NEEDED_MB:
        told = f"{free_mb} MB free, {NEEDED_MB} MB are needed: free some space"
        return Finding("disk", "blocks", told)
    return Finding("disk", "ok", f"{free_mb / 1000:.1f} GB free")


def folder() -> Finding:
    """Where a person's own things are; who shares the code has them elsewhere."""
    try:
        home = home_of()
    except WorkshopError as error:
        return Finding("yours", "blocks", " ".join(str(error).split()))
    shared = "" if home == PROJECT else f"; the workshop itself is shared, in {PROJECT}"
    return Finding("yours", "ok", f"working copies, progress and AWS in {home}{shared}")


def target(choose: Callable[[], Target]) -> Iterator[Finding]:
    """Which AWS the commands would use; a real account is asked whether it is ready."""
    try:
        chosen = choose()
    except WorkshopError as error:
        told = " ".join(str(error).split())
        # The rest of the report is of use all the same.
        yield Finding("target", "blocks", told, exit_code=error.exit_code)
        return
    if chosen.is_embedded:
        yield Finding("target", "ok", str(chosen))
        return
    yield Finding("target", "note", f"{chosen.what}: {chosen}")
    # Imported late: without an account nobody waits for boto3.
    from workshop.cli.doctor_account import examine_account

    yield from examine_account(chosen)


def _direct_pins() -> dict[str, str]:
    """Name -> version of pyproject.toml's own dependencies."""
    with (PROJECT / "pyproject.toml").open("rb") as file:
        pins = tomllib.load(file)["project"]["dependencies"]
    return dict(re.split("==", pin, maxsplit=1) for pin in pins)
