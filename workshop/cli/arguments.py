"""Arguments that several commands share: which target, which participant."""

import argparse
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from workshop.errors import TargetValueError
from workshop.target.folders import share
from workshop.target.target import Target

# Argument -> field of the target.
_FIELDS = {
    "target": "kind",
    "profile": "profile",
    "region": "region",
    "account": "account",
    "participant": "participant",
    "endpoint_url": "endpoint_url",
}
_LAST_PORT = 65535
_OPTION = {field: f"--{name.replace('_', '-')}" for name, field in _FIELDS.items()}


def port(text: str) -> int:
    """A TCP port that was given, or 0; argparse says what is wrong with it, and exits with 2."""
    number = int(text) if text.isdecimal() else _LAST_PORT + 1
    if number > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: those are 1 to {_LAST_PORT}")
    return number


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
    group.add_argument("--endpoint-url", metavar="URL", help="instead of AWS itself (aws only)")


def target_arguments(target: Target) -> list[str]:
    """The arguments that name this target, whatever a target file says: `chosen_target` of them."""
    given = target.given()
    return [f"{_OPTION[field]}={given[field]}" for field in _OPTION if field in given]


def add_share_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--share NAME`."""
    parser.add_argument(
        "--share",
        metavar="NAME",
        help="use one embedded AWS together with whoever gives the same name: other copies of the "
        "workshop, other users of a hub that the system takes for the same; every notebook shows "
        "the name (default: one of your own)",
    )


def chosen_target(options: argparse.Namespace) -> Target:
    """The target that the arguments name.

    Arguments that say what a target should be make one; without any it is the project's own. Beside
    a target file they must say the same as the file, but for a participant that it does not name:
    none is ever passed over.

    Raises:
        TargetValueError: it is incomplete, cannot be, or arguments contradict each other; nothing
            of a real account is taken from the environment.
    """
    target = _chosen_target(options)
    if (name := getattr(options, "share", None)) is not None:
        if not target.is_embedded:
            raise TargetValueError(
                f"--share {name} is for the embedded AWS, but the target is {target}.",
                "Leave it out: an account is shared with `--participant` for each.",
            )
        share(name)
    return target


def _chosen_target(options: argparse.Namespace) -> Target:
    given = {name: getattr(options, name) for name in _FIELDS}
    given = {_FIELDS[name]: value for name, value in given.items() if value is not None}
    if options.target_file:
        target = Target.load(options.target_file)
        if target.participant is None and "participant" in given:
            # A class has one file for all, and a participant for each.
            target = replace(target, participant=given["participant"])
        _expect_the_same(target, given, f"the target file {options.target_file}")
        return target
    if given.keys() - {"participant"}:
        return Target(**given)
    return replace(Target.chosen(), **given)


def _expect_the_same(target: Target, given: Mapping[str, str], source: str) -> None:
    for field, value in given.items():
        said = getattr(target, field)
        if value != said:
            says = "does not name one" if said is None else f"says {said!r}"
            raise TargetValueError(
                f"{_OPTION[field]} says {value!r}, but {source} {says}.",
                "Leave one of the two out; nothing was done.",
            )
