"""`shell`: your shell, in which the AWS CLI, SDKs and the CDK CLI reach the chosen target."""

import argparse
import os
import shutil
import subprocess

from workshop.cli.arguments import add_share_argument, add_target_arguments, chosen_target
from workshop.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    add_share_argument(parser)
    add_target_arguments(parser)
    parser.epilog = "`cdk` is the pinned CDK CLI; leave the shell with `exit`."


def run(options: argparse.Namespace) -> int:
    """Open the shell and wait for its end; returns its exit code."""
    from workshop.cli.progress import Progress
    from workshop.cli.target_use import ready
    from workshop.stacks import node
    from workshop.target.announcement import announce
    from workshop.target.target import PROJECT

    shell, target, progress = _shell(), chosen_target(options), Progress()
    progress.step("setting up")
    with ready(target, progress) as lab, announce(target) as binding:
        node.ensure_cdk(progress.note)
        progress.done()
        environment = node.cdk_environment(base=lab.session.environment()) | binding
        tools = PROJECT / "node_modules" / ".bin"
        environment["PATH"] = os.pathsep.join([str(tools), environment["PATH"]])
        print(f"This shell works on {target}. Leave it with `exit`.", flush=True)
        return subprocess.call([shell], env=environment)


def _shell() -> str:
    """The person's shell.

    Raises:
        UsageError: there is none of that name.
    """
    variable, usual = ("COMSPEC", "cmd.exe") if os.name == "nt" else ("SHELL", "/bin/sh")
    shell = os.environ.get(variable) or usual
    if shutil.which(shell) is None:
        raise UsageError(
            f"The variable {variable} names {shell}, which is no program here.",
            f"Let it name your shell: {variable}={usual}, and start this again.",
        )
    return shell
