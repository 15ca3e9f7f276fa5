"""`test --target aws ...`: the scenarios of AWS's behaviour on an account, for the fidelity report.

Everything else that `test` runs has an embedded AWS of its own and is not about an account.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from workshop.cli.arguments import add_target_arguments, chosen_target
from workshop.cli.confirmation import add_confirmation, confirm
from workshop.errors import TargetValueError
from workshop.prices import SNS_PUBLISHES, dollars
from workshop.target.target import PROJECT, Target

if TYPE_CHECKING:
    from workshop.target.session import Session

# Pytest's module and arguments -> its exit code.
RunPytest = Callable[[Sequence[str]], int]

REPORT = PROJECT / "docs" / "fidelity.md"
# Measured where waits are skipped, by the last run that wrote the report.
_MEASURED = REPORT.with_suffix("") / "embedded.json"

# Scenarios mostly wait. But a mapping alone may run five functions at a time, and a new account ten
# altogether: side by side they would throttle each other.
_SIDE_BY_SIDE, _IN_A_SMALL_ACCOUNT, _SMALL = 8, 1, 100

# While a scenario waits it looks every two seconds, with two requests or so, and a mapping asks its
# queue: five pollers with long polls of 20 s.
_REQUESTS_PER_WAITED_S = 1.25


def is_meant(arguments: Sequence[str]) -> bool:
    """Whether these arguments of `test` name a target that is not the embedded AWS."""
    given = [argument.partition("=")[0] for argument in arguments]
    is_embedded = "--target=embedded" in arguments or ("--target", "embedded") in pairwise(
        arguments
    )
    return "--target-file" in given or ("--target" in given and not is_embedded)


def run(arguments: Sequence[str], run_pytest: RunPytest) -> int:
    """Say what will be done, ask, and run the scenarios.

    Returns:
        Pytest's exit code: 0 when every scenario that ran passed, and nothing is left of them.
    """
    from workshop.target.account import open_session

    options, rest = _parser().parse_known_args(arguments)
    target = chosen_target(options)
    if target.participant:
        raise TargetValueError(
            "Scenarios have no participant: what they make is named after their run.",
            "Leave out --participant.",
        )
    session = open_session(target)
    parallel = options.parallel or _as_many_as_fit(session)
    confirm(target, _what_it_means(parallel, rest), options.yes)
    report = ["--fidelity-report", str(options.fidelity_report)]
    named = ["--endpoint-name", options.endpoint_name] if options.endpoint_name else []
    bounded = ["--longest-wait-s", str(options.longest_wait_s)] if options.longest_wait_s else []
    where = [] if any(_is_a_path(argument) for argument in rest) else ["tests/scenarios"]
    # Scenario by scenario: whole files would leave most processes without work in the end.
    distributed = [f"-n{parallel}", "--dist=worksteal"]
    return run_pytest(
        ["pytest", *where, *_named(target), *report, *named, *bounded, *distributed, *rest]
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="start.py test",
        description="Run the scenarios on an account, and add its column to the fidelity report.",
        epilog="All other arguments are pytest's: -k sqs runs scenarios with sqs in their name.",
        allow_abbrev=False,
    )
    parser.add_argument("--fidelity-report", default=REPORT, metavar="FILE", help="where to")
    parser.add_argument("--parallel", type=int, metavar="N", help="so many scenarios side by side")
    parser.add_argument("--endpoint-name", metavar="NAME", help="what --endpoint-url is, in words")
    parser.add_argument(
        "--longest-wait-s", type=float, metavar="S", help="give up each wait after so many seconds"
    )
    add_confirmation(parser)
    add_target_arguments(parser)
    return parser


def _named(target: Target) -> list[str]:
    """The target as pytest's options name it; a target file is read once."""
    named = ["--target", "aws"]
    for name in ("profile", "region", "account", "endpoint_url"):
        if value := getattr(target, name):
            named += [f"--{name.replace('_', '-')}", value]
    return named


def _is_a_path(argument: str) -> bool:
    path = argument.partition("::")[0]
    return not argument.startswith("-") and (PROJECT / path).exists()


def _as_many_as_fit(session: "Session") -> int:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        limit = session.client("lambda").get_account_settings()["AccountLimit"]
        is_small = limit["ConcurrentExecutions"] < _SMALL
    except (ClientError, BotoCoreError, KeyError):
        # Some other endpoint, or nobody may ask: then the default has to do.
        is_small = False
    return _IN_A_SMALL_ACCOUNT if is_small else _SIDE_BY_SIDE


def _what_it_means(parallel: int, rest: Sequence[str]) -> str:
    """What is made, how long it takes and what it costs; of a part only that it is less."""
    made = (
        "Scenarios make queues, topics, functions, roles, rules, alarms, buckets and stacks. Each "
        "is called scenario-<id of this run>-..., where it can be tagged it has the tag "
        "workshop-scenarios, and all of it is removed in the end, also after Ctrl-C. What a killed "
        "run left is removed when the next one begins."
    )
    is_part = any(argument.startswith("-k") or _is_a_path(argument) for argument in rest)
    less = " You named a part of them, which is less." if is_part else ""
    return f"{made}\n{_effort(_measured(), parallel)}{less}"


def _measured() -> dict[str, Any]:
    try:
        effort: dict[str, Any] = json.loads(_MEASURED.read_text(encoding="utf-8"))["effort"]
    except (OSError, ValueError, KeyError):
        return {}
    return effort


def _effort(measured: dict[str, Any], parallel: int) -> str:
    if not measured.get("scenarios"):
        return "How long it takes and what it costs was not measured in this folder."
    waited_s, longest_s = measured["waited_s"], measured["longest_s"]
    minutes = max(waited_s / parallel, longest_s) / 60
    requests = measured["requests"] + _REQUESTS_PER_WAITED_S * waited_s
    return (
        f"All {measured['scenarios']} of them take about {minutes:.0f} minutes, {parallel} side by "
        f"side: on the embedded AWS {waited_s / 3600:.1f} hours of AWS's time passed in them, "
        f"{longest_s / 60:.0f} minutes in the longest. About {requests:,.0f} requests are made; "
        f"all at the price of the dearest that is common ({SNS_PUBLISHES}) that is "
        f"{dollars(SNS_PUBLISHES.of(requests))}. These are estimates; logs, metrics and running "
        "functions cost a little more."
    )
