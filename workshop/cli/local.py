"""`local`: the embedded AWS in the foreground, for a shell, a script or another tool."""

import argparse
import json
import os
import shlex
import sys
import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

from workshop.cli.arguments import add_share_argument, port
from workshop.cli.interruption import until_interrupted
from workshop.cli.lateness import add_lateness_argument, expect_lateness
from workshop.errors import EndpointError
from workshop.target import environment
from workshop.target.folders import share

_FLOW = "flow"
_TIME = {
    _FLOW: "Time runs as yours does; notebooks and requests to the clock skip their waits.",
    "skip": "Time stands, and skips ahead while somebody waits: in a long poll, too.",
    "real": "Time runs as yours does.",
}

_SKIP_AN_HOUR = (
    'curl -H "Authorization: Bearer $AWS_SECRET_ACCESS_KEY" '
    '-d \'{"advance_s": 3600}\' "$AWS_ENDPOINT_URL/_clock"'
)

# Variables of the person's own that lead some service, or every one, elsewhere.
_OWN_ADDRESSES = ("AWS_ENDPOINT_URL_", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
_NOT_EVERYBODY = """\
# Who does not know AWS_ENDPOINT_URL asks the real AWS, which refuses these keys: SDKs of before
# 2023, the Serverless Framework, and `aws sqs` of AWS CLI 1: give that one
# --endpoint-url "$AWS_ENDPOINT_URL"."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("--port", type=port, default=0, help="TCP port (default: a free one)")
    parser.add_argument("--json", action="store_true", help="print one JSON object, on one line")
    parser.add_argument("--deploy", action="store_true", help="deploy the stacks before printing")
    add_lateness_argument(parser)
    add_share_argument(parser)
    parser.add_argument(
        "--time",
        metavar="MODE",
        help="how time passes: flow (as yours, but lab waits are skipped; the default), skip (it "
        "stands but for waits, as in notebooks), real, or how many times as fast",
    )
    parser.epilog = "Ends with Ctrl-C; nothing is kept."


def run(options: argparse.Namespace) -> int:
    """Start it, print how to reach it, and wait for Ctrl-C."""
    from workshop.target import embedded
    from workshop.target.health import ENDED, Health
    from workshop.target.target import Target

    share(options.share)
    with (
        until_interrupted() as serves,
        embedded.own(port=options.port, lateness=options.lateness) as info,
    ):
        _expect_port(info, options.port)
        expect_lateness(info, options.lateness)
        time = _set_time(info, options.time)
        if options.deploy:
            _deploy()
        if options.json:
            print(json.dumps(dict(info)), flush=True)
        else:
            print(shell_lines(info), flush=True)
            print(f"# This is {Target()}. {time}", file=sys.stderr, flush=True)
            print(f"# To skip an hour: {_SKIP_AN_HOUR}", file=sys.stderr)
            print(_NOT_EVERYBODY, file=sys.stderr)
            print("# The embedded AWS runs until Ctrl-C.", file=sys.stderr, flush=True)
        serves.set()
        health = Health()
        # In steps, because Windows does not interrupt a wait without end.
        while not health.has_ended():
            for told in health.news():
                print(f"# {told}", file=sys.stderr, flush=True)
            threading.Event().wait(timeout=1)
        raise EndpointError(ENDED, "Start this again: a new one is empty.")
    return 0


def shell_lines(info: Mapping[str, str]) -> str:
    """`export` lines that point the AWS CLI and every SDK of a shell at the embedded AWS."""
    variables = environment.connection(info) | environment.direct(os.environ)
    lines = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    # A profile or session token of the person's own would win over, or not fit, the keys above, and
    # an address for a service of its own over the one for all.
    own = [name for name in sorted(os.environ) if name.startswith(_OWN_ADDRESSES)]
    return "\n".join([*lines, " ".join(["unset AWS_PROFILE AWS_SESSION_TOKEN", *own])])


def _expect_port(info: Mapping[str, str], port: int) -> None:
    """`embedded.own` joins the embedded AWS that runs already, on whichever port that is."""
    if port and urlsplit(info["endpoint_url"]).port != port:
        raise EndpointError(
            f"The embedded AWS of this folder runs already, at {info['endpoint_url']}.",
            "Use that one, or end the command that started it first.",
        )


def _set_time(info: Mapping[str, str], mode: str | None) -> str:
    """Choose how time passes, and say how it does; notebooks that run already keep theirs."""
    from workshop.target import embedded
    from workshop.target.clock import EmbeddedClock

    clock = EmbeddedClock(info["clock_url"], info["aws_secret_access_key"])
    if mode is not None or not embedded.is_shared():
        clock.set_mode(mode or _FLOW)
    return _TIME.get(clock.mode, f"Time runs {clock.mode} times as fast as yours.")


def _deploy() -> None:
    from workshop import connection
    from workshop.stacks import deployment
    from workshop.target.target import Target

    lab = connection.open_lab(Target())
    # Standard output is for the result alone.
    deployment.deploy(lab.session, on_progress=lambda step: print(f"# {step}", file=sys.stderr))
