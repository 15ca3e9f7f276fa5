"""The fidelity report: which rules of AWS the scenarios showed, on the embedded AWS and elsewhere.

`pytest tests/scenarios --fidelity-report docs/fidelity.md` writes what it found into the folder
`docs/fidelity`, and makes the page of all that lies there; with `-n` the process that distributes
the scenarios does.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from tests.public_sources import LOCALSTACK, STACKD, Repository
from tests.scenarios import endpoint_findings
from tests.scenarios.facts import Fact, links, load, shown_by
from tests.scenarios.on_account import target_of
from tests.scenarios.results import (
    ACCOUNT,
    DIFFERS,
    EMBEDDED,
    ENDPOINT,
    HOLDS,
    NOT_SHOWN,
    STOPPED,
    Effort,
    Finding,
    Run,
    failure,
    load_all,
    worst,
)

# Properties of a test: its file and the rules that it shows; the seconds of AWS's time that passed
# in it, and the requests that it made.
SHOWS, EFFORT = "shows", "effort"

INTRODUCTION = """\
# Fidelity report

Which rules of AWS's failure handling hold here. This page is generated: scenarios
(`tests/scenarios/`) show the rules of `tests/scenarios/facts.toml` on a target.
{so_far}

```
python -m pytest tests/scenarios --fidelity-report docs/fidelity.md
python start.py test --target aws --profile P --region R --account ID
```

The first command fills the column of the embedded AWS, the second one adds that of an account
([how](your-own-account.md)). [What was found at other endpoints](endpoint-findings.md) is a page of
its own.

| target | rules | hold | **differ** | stopped | not shown |
|---|---|---|---|---|---|
{counts}

Letters A to G are rules, J are examples that make rules checkable. *Holds* means that the target
does what the sources say. A scenario is *stopped* where a call is refused before it can tell. A
rule is *not shown* where a scenario cannot show it; the reason is given.
[What is not imitated](not-imitated.md), and what was chosen where AWS's documents leave a question
open, is a page of its own.

Every source can be looked up:

- *recorded on AWS*: AWS's answers to a test of the LocalStack project on that day. The link leads
  to the file that keeps them; search it for the test's name. `tests/contract` compares many of
  them with the embedded AWS, answer by answer, and [CONTRIBUTING](../CONTRIBUTING.md) says how to
  fetch and run them.
- *asserted on AWS*: what such a test itself demands, in a run against AWS on that day. The link
  leads to the test.
- *third-party capture*: somebody else's published record of requests to AWS, or what its author
  wrote about it; weaker evidence. *Another emulator's code* is the weakest.
- *follows from*: a consequence of other rules. *AWS's service model* comes with botocore, *AWS's
  runtime client* is the package awslambdaric, a *public issue* is somebody's report. All other
  links lead to AWS's own documents.

What was recorded and asserted is in
{recorded_in}

Captures and the other emulator's code are in
{captured_in}
"""

# What the table cannot say: `holds` on the embedded AWS alone is a claim about what was read.
ONLY_HERE = """
The same scenarios run on a real account; no such run has been published so far."""


@dataclass
class FidelityReport:
    """A pytest plugin that remembers how scenarios ended, and writes the report at the end.

    Args:
        path: where to; None in a process that runs scenarios for another one, which writes.
        run: the target, without findings.
    """

    path: Path | None
    run: Run
    _files: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _findings: dict[str, list[Finding]] = field(default_factory=lambda: defaultdict(list))
    _effort: list[tuple[float, int]] = field(default_factory=list)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Have each scenario's reports say what it shows, also to another process."""
        for item in items:
            ids = shown_by(getattr(getattr(item, "function", None), "__doc__", None))
            item.user_properties.append((SHOWS, (item.path.name, ids)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A scenario that passes shows its rules; one that fails, even expectedly, denies them."""
        properties = dict(report.user_properties)
        file, ids = properties.get(SHOWS, ("", []))
        finding = self._finding(report)
        for fact_id in ids:
            self._files[fact_id].add(file)
            if finding:
                self._findings[fact_id].append(finding)
        if report.when == "teardown" and EFFORT in properties:
            self._effort.append(properties[EFFORT])

    def _finding(self, report: pytest.TestReport) -> Finding | None:
        scenario = report.nodeid.rpartition("::")[2]
        if hasattr(report, "wasxfail"):
            return Finding(DIFFERS, f"{scenario}: {report.wasxfail}") if report.skipped else None
        if report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
            return Finding(NOT_SHOWN, reason.removeprefix("Skipped: "))
        if report.failed:
            # On an account something that is left is removed, and told, in the end.
            if report.when == "teardown" and self.run.kind != EMBEDDED:
                return None
            crash = getattr(report.longrepr, "reprcrash", None)
            return failure(crash.message if crash else str(report.longrepr or ""), scenario)
        return Finding(HOLDS) if report.when == "call" else None

    def pytest_sessionfinish(self) -> None:
        """Write the report."""
        if self.path is not None:
            write(self.path, replace(self.run, findings=self._all(), effort=self._whole_effort()))

    def _all(self) -> dict[str, Finding]:
        return {
            fact.id: replace(self._of(fact), files=tuple(sorted(self._files[fact.id])))
            for fact in load().values()
        }

    def _of(self, fact: Fact) -> Finding:
        if fact.not_shown:
            return Finding(NOT_SHOWN, fact.not_shown)
        return worst(self._findings[fact.id])

    def _whole_effort(self) -> Effort:
        times_s = [waited_s for waited_s, _ in self._effort]
        requests = sum(requests for _, requests in self._effort)
        longest_s = round(max(times_s, default=0))
        return Effort(len(times_s), round(sum(times_s)), longest_s, requests)


def write(path: Path, run: Run) -> None:
    """Write a run into the folder of the report, then the pages of all runs there."""
    folder = path.with_suffix("")
    run.save(folder)
    runs = load_all(folder)
    path.write_text(page(runs), encoding="utf-8")
    found = endpoint_findings.page(runs)
    path.with_name(endpoint_findings.FILE).write_text(found, encoding="utf-8")


def page(runs: Sequence[Run]) -> str:
    """The whole report in Markdown: a column for the embedded AWS, and one for each account."""
    columns = [run for run in runs if run.kind != ENDPOINT]
    parts = [
        INTRODUCTION.format(
            so_far="" if any(run.kind == ACCOUNT for run in columns) else ONLY_HERE,
            counts="\n".join(map(_counts, columns)),
            recorded_in=_repository(LOCALSTACK),
            captured_in=_repository(STACKD),
        )
    ]
    heads = " | ".join(run.label for run in columns)
    head = [
        f"| | rule | source | {heads} | shown in |",
        f"|---|---|---|{'---|' * len(columns)}---|",
    ]
    for mechanism, facts in groupby(load().values(), key=lambda fact: fact.mechanism):
        rows = [_row(fact, [run.findings.get(fact.id) for run in columns]) for fact in facts]
        parts.append("\n".join([f"## {mechanism}", "", *head, *rows, ""]))
    parts.append("\n".join(f"[{label}]: {address}" for label, address in links().items()) + "\n")
    return "\n".join(parts)


def ids_in(report: str) -> list[str]:
    """The ids of the rules that a written report lists."""
    cells = [line.split("|")[1].strip() for line in report.splitlines() if line.startswith("| ")]
    known = load()
    return [cell for cell in cells if cell in known]


def _counts(run: Run) -> str:
    counts = " | ".join(str(run.count(result)) for result in (HOLDS, DIFFERS, STOPPED, NOT_SHOWN))
    return f"| {run.label} | {len(run.findings)} | {counts} |"


def _row(fact: Fact, found: Sequence[Finding | None]) -> str:
    findings = [one or Finding(NOT_SHOWN) for one in found]
    cells = " | ".join(map(_cell, findings))
    files = sorted({file for one in findings for file in one.files})
    links = ", ".join(f"[{_name(file)}](../tests/scenarios/{file})" for file in files)
    rule = fact.rule.replace("|", "\\|")
    return f"| {fact.id} | {rule} | {fact.sources_in_markdown()} | {cells} | {links} |"


def _cell(finding: Finding) -> str:
    word = f"**{finding.result}**" if finding.result == DIFFERS else finding.result
    return f"{word}: {endpoint_findings.text(finding.why)}" if finding.why else word


def _repository(repository: Repository) -> str:
    licence = repository.licence or "which states no licence: linked to, nothing copied from it"
    return f"[{repository.name}]({repository.tree()})\nat commit `{repository.commit}`, {licence}."


def _name(file: str) -> str:
    return file.removeprefix("test_").removesuffix(".py").replace("_", " ")


def plugin(config: Any) -> FidelityReport | None:
    """The plugin, if the command line asks for a report."""
    path = config.getoption("--fidelity-report")
    if path is None:
        return None
    works_for_another = hasattr(config, "workerinput")
    return FidelityReport(None if works_for_another else Path(path), _run(config))


def _run(config: Any) -> Run:
    target = target_of(config)
    if target is None:
        return Run(EMBEDDED, "the embedded AWS")
    day = datetime.now(UTC).date().isoformat()
    longest_wait_s = config.getoption("--longest-wait-s")
    if target.endpoint_url is None:
        return Run(ACCOUNT, "an account", target.region or "", day, longest_wait_s)
    name = config.getoption("--endpoint-name") or "an unnamed endpoint"
    return Run(ENDPOINT, name, "", day, longest_wait_s)
