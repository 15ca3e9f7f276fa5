"""The page that says what scenarios found at endpoints that are not AWS."""

from collections.abc import Sequence

from tests.scenarios.facts import load
from tests.scenarios.results import DIFFERS, ENDPOINT, HOLDS, NOT_SHOWN, STOPPED, Run

FILE = "endpoint-findings.md"

_INTRODUCTION = """\
# What the scenarios found at other endpoints

This page is generated. The scenarios that make the [fidelity report](fidelity.md) were run against
emulators, each used as an account is; [other endpoints](other-endpoints.md) has the commands. It is
said here what was seen on that day with that version, no more.

| endpoint | hold | **differ** | stopped | not shown |
|---|---|---|---|---|
{counts}

*Differs*: a scenario went through to the end, and what it saw is not what the sources of the rule
say. *Stopped*: a call was refused, or not answered, before the scenario could tell, often because
an operation is missing. Rules that hold, and those that no scenario shows anywhere, are not listed.
A scenario often shows several rules, and when it fails every one of them is listed with it, so look
at what it saw before you conclude. Ids, addresses and names are replaced by words in capitals.
"""


def page(runs: Sequence[Run]) -> str:
    """The page of all runs at endpoints, in Markdown."""
    endpoints = [run for run in runs if run.kind == ENDPOINT]
    parts = [_INTRODUCTION.format(counts="\n".join(map(_counts, endpoints)))]
    for run in endpoints:
        parts.append(f"## {run.name}\n\n{_how(run)}\n")
        for result in (DIFFERS, STOPPED):
            if lines := _lines(run, result):
                parts.append("\n".join([f"### {result.capitalize()}", "", *lines, ""]))
    return "\n".join(parts)


def text(words: str) -> str:
    """Words as Markdown shows them, also in a table."""
    for sign in "\\`*_[]<>|":
        words = words.replace(sign, f"\\{sign}")
    return words


def _counts(run: Run) -> str:
    counts = " | ".join(str(run.count(result)) for result in (HOLDS, DIFFERS, STOPPED, NOT_SHOWN))
    return f"| {run.name} | {counts} |"


def _how(run: Run) -> str:
    limit = run.longest_wait_s
    waits = f", each wait given up after {limit:g} s" if limit is not None else ""
    return f"Run on {run.day}{waits}."


def _lines(run: Run, result: str) -> list[str]:
    return [
        f"- **{fact.id}** {fact.rule} — {text(run.findings[fact.id].why)}"
        for fact in load().values()
        if fact.id in run.findings and run.findings[fact.id].result == result
    ]
