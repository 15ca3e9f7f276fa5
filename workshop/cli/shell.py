"""`shell`: your shell, in which the AWS CLI, SDKs and the CDK CLI reach the chosen target."""

import argparse
import os
import subprocess

from workshop.cli.arguments import add_share_argument, add_target_arguments, chosen_target


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

    target, progress = chosen_target(options), Progress()
    progress.step("setting up")
    with ready(target, progress) as lab, announce(target) as binding:
        node.ensure_cdk(progress.note)
        progress.done()
        environment = node.cdk_environment(base=lab.session.environment()) | binding
        tools = PROJECT / "node_modules" / ".bin"
        environment["PATH"] = os.pathsep.join([str(tools), environment["PATH"]])
        print(f"This shell works on {target}. Leave it with `exit`.", flush=True)
        return subprocess.call([_shell()], env=environment)


def _shell() -> str:
    if os.name == "nt":
        return os.environ.get("COMSPEC", "cmd.exe")
    return os.environ.get("SHELL", "/bin/sh")
