"""`--lateness`: several commands can start an embedded AWS that is as late as AWS."""

import argparse
from collections.abc import Mapping

from workshop.errors import EndpointError, TargetValueError
from workshop.target.target import Target


def add_lateness_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--lateness SEED`."""
    parser.add_argument(
        "--lateness",
        type=int,
        metavar="SEED",
        help="let the embedded AWS show and do things as late as AWS (default: no)",
    )


def expect_embedded(target: Target, lateness: int | None) -> None:
    """Refuse to make a real account late.

    Raises:
        TargetValueError
    """
    if lateness is not None and not target.is_embedded:
        raise TargetValueError(
            f"--lateness {lateness} is for the embedded AWS, but the target is {target}.",
            "Leave it out: a real account is late by itself.",
        )


def expect_lateness(info: Mapping[str, str], lateness: int | None) -> None:
    """The embedded AWS that runs already may show its facts at once, or by another seed.

    Raises:
        EndpointError
    """
    if lateness is not None and info.get("lateness") != str(lateness):
        raise EndpointError(
            f"The embedded AWS of this folder runs already, without --lateness {lateness}.",
            "End the command that started it first.",
        )
