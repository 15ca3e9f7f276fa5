"""Arguments that several commands share: which target, which participant."""

import argparse
from dataclasses import replace
from pathlib import Path

from workshop.target.target import Target


def add_target_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `--target` and what a real account needs beside it."""
    group = parser.add_argument_group(
        "target", "default: the project's .workshop/target.toml if there is one, else embedded"
    )
    group.add_argument("--target", choices=("embedded", "aws"), help="which AWS to use")
    group.add_argument("--target-file", type=Path, metavar="FILE", help="a target written as TOML")
    group.add_argument("--profile", help="AWS profile with the credentials (aws only)")
    group.add_argument("--region", help="AWS Region (aws only)")
    group.add_argument("--account", metavar="ID", help="the account id you expect (aws only)")
    group.add_argument("--participant", metavar="NAME", help="one participant's set of stacks")
    group.add_argument("--endpoint-url", help=argparse.SUPPRESS)


def chosen_target(options: argparse.Namespace) -> Target:
    """The target that the arguments name.

    Raises:
        TargetError: it is incomplete; nothing of a real account is taken from the environment.
    """
    if options.target_file:
        target = Target.load(options.target_file)
    elif options.target or options.profile or options.account:
        target = Target(
            kind=options.target or "embedded",
            profile=options.profile,
            region=options.region,
            account=options.account,
            endpoint_url=options.endpoint_url,
        )
    else:
        target = Target.chosen()
    return replace(target, participant=options.participant) if options.participant else target
