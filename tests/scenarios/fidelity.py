"""The fidelity report: which rules of AWS the scenarios showed on this target.

`pytest tests/scenarios --fidelity-report docs/fidelity.md` writes it from the run; with `-n` the
process that distributes the scenarios does.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from tests.public_sources import LOCALSTACK, STACKD, Repository
from tests.scenarios.facts import Fact, links, load, shown_by

# A test's property: its file, and the rules that it shows.
SHOWS = "shows"
HOLDS, DIFFERS, NOT_SHOWN = "holds", "differs", "not shown"
EMBEDDED, REAL = "the embedded AWS", "a real account"

INTRODUCTION = """\
# Fidelity report

Which rules of AWS's failure handling hold here. This page is generated: scenarios
(`tests/scenarios/`) show the rules of `tests/scenarios/facts.toml` on a target, here {target}.
{so_far}

```
python -m pytest tests/scenarios --fidelity-report docs/fidelity.md
```

| rules | {holds_name} | {differs_name} | {not_shown_name} |
|---|---|---|---|
| {total} | {holds} | {differs} | {not_shown} |

Letters A to F are rules, J are examples that make rules checkable. *Holds* means that the target
does what the sources say. A rule is *not shown* where a scenario cannot show it; the reason is
given. [What is not imitated](not-imitated.md), and what was chosen where AWS's documents leave a
question open, is a page of its own.

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
The same scenarios run on a real account (`--target aws`); no such run has been published so far."""


@dataclass
class FidelityReport:
    """A pytest plugin that remembers how scenarios ended, and writes the report at the end.

    Args:
        path: where to; None in a process that runs scenarios for another one, which writes.
        target: where the scenarios ran, in words.
    """

    path: Path | None
    target: str
    _files: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _outcomes: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Have each scenario's reports say what it shows, also to another process."""
        for item in items:
            ids = shown_by(getattr(getattr(item, "function", None), "__doc__", None))
            item.user_properties.append((SHOWS, (item.path.name, ids)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A scenario that passes shows its rules; one that fails, even expectedly, denies them."""
        file, ids = dict(report.user_properties).get(SHOWS, ("", []))
        expected_failure = hasattr(report, "wasxfail")
        was_tried = expected_failure or not report.skipped
        for fact_id in ids:
            self._files[fact_id].add(file)
            if was_tried and (report.when == "call" or report.failed):
                self._outcomes[fact_id].append(report.passed and not expected_failure)

    def pytest_sessionfinish(self) -> None:
        """Write the report."""
        if self.path is None:
            return
        results = {fact_id: self._result(fact_id) for fact_id in load()}
        files = {fact_id: sorted(names) for fact_id, names in self._files.items()}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(page(self.target, results, files), encoding="utf-8")

    def _result(self, fact_id: str) -> str:
        outcomes = self._outcomes.get(fact_id)
        if not outcomes:
            return NOT_SHOWN
        return HOLDS if all(outcomes) else DIFFERS


def page(target: str, results: dict[str, str], files: dict[str, list[str]]) -> str:
    """The whole report in Markdown."""
    counts = Counter(results.values())
    parts = [
        INTRODUCTION.format(
            target=target,
            so_far=ONLY_HERE if target == EMBEDDED else "",
            recorded_in=_repository(LOCALSTACK),
            captured_in=_repository(STACKD),
            total=len(results),
            holds=counts[HOLDS],
            differs=counts[DIFFERS],
            not_shown=counts[NOT_SHOWN],
            holds_name="hold",
            differs_name="differ",
            not_shown_name=NOT_SHOWN,
        )
    ]
    for mechanism, facts in groupby(load().values(), key=lambda fact: fact.mechanism):
        rows = [_row(fact, results[fact.id], files.get(fact.id, [])) for fact in facts]
        head = ["| | rule | source | here | shown in |", "|---|---|---|---|---|"]
        parts.append("\n".join([f"## {mechanism}", "", *head, *rows, ""]))
    parts.append("\n".join(f"[{label}]: {address}" for label, address in links().items()) + "\n")
    return "\n".join(parts)


def ids_in(report: str) -> list[str]:
    """The ids of the rules that a written report lists."""
    cells = [line.split("|")[1].strip() for line in report.splitlines() if line.startswith("| ")]
    known = load()
    return [cell for cell in cells if cell in known]


def _row(fact: Fact, result: str, files: list[str]) -> str:
    here = result if result != DIFFERS else f"**{result}**"
    if result == NOT_SHOWN and fact.not_shown:
        here = f"{result}: {fact.not_shown}"
    links = ", ".join(f"[{_name(file)}](../tests/scenarios/{file})" for file in files)
    rule = fact.rule.replace("|", "\\|")
    return f"| {fact.id} | {rule} | {fact.sources_in_markdown()} | {here} | {links} |"


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
    target = EMBEDDED if config.getoption("--target") == "embedded" else REAL
    works_for_another = hasattr(config, "workerinput")
    return FidelityReport(None if works_for_another else Path(path), target)
