"""The fidelity report: which rules of AWS the scenarios showed on this target.

`pytest tests/scenarios --fidelity-report docs/fidelity.md` writes it from the run.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.facts import Fact, load, shown_by

NOT_IMITATED = Path(__file__).parents[1] / "docs" / "not-imitated.md"

HOLDS, DIFFERS, NOT_SHOWN = "holds", "differs", "not shown"

INTRODUCTION = """\
# Fidelity report

Which rules of AWS's failure handling hold here. This page is generated: each rule is shown by
scenarios (`tests/scenarios/`) that run against a target, {target} in this report, and the same
text runs on a real account. `tests/scenarios/facts.toml` holds the rules.

```
python -m pytest tests/scenarios --fidelity-report docs/fidelity.md
```

| rules | {holds_name} | {differs_name} | {not_shown_name} |
|---|---|---|---|
| {total} | {holds} | {differs} | {not_shown} |

Letters A to F are rules, J are examples that make rules checkable. Sources: *recorded on AWS* are
answers of real AWS that the LocalStack project publishes with its tests; a *third-party capture*
is somebody else's published record of requests to real AWS, weaker evidence; *follows from* is a
consequence of other rules; links are AWS's own documents. A rule is *not shown* where a scenario
cannot show it; the reason is given.
"""


@dataclass
class FidelityReport:
    """A pytest plugin that remembers how scenarios ended, and writes the report at the end."""

    path: Path
    target: str
    _files: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _outcomes: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    _ids: dict[str, list[str]] = field(default_factory=dict)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Remember what each scenario shows."""
        for item in items:
            ids = shown_by(getattr(getattr(item, "function", None), "__doc__", None))
            self._ids[item.nodeid] = ids
            for fact_id in ids:
                if item.path.name not in self._files[fact_id]:
                    self._files[fact_id].append(item.path.name)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A scenario that passes shows its rules; one that fails, even expectedly, denies them."""
        expected_failure = hasattr(report, "wasxfail")
        if report.skipped and not expected_failure:
            return
        if report.when == "call" or report.failed:
            for fact_id in self._ids.get(report.nodeid, []):
                self._outcomes[fact_id].append(report.passed and not expected_failure)

    def pytest_sessionfinish(self) -> None:
        """Write the report."""
        results = {fact_id: self._result(fact_id) for fact_id in load()}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(page(self.target, results, self._files), encoding="utf-8")

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
    if NOT_IMITATED.exists():
        parts.append(NOT_IMITATED.read_text(encoding="utf-8"))
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
    return f"| {fact.id} | {rule} | {fact.sources} | {here} | {links} |"


def _name(file: str) -> str:
    return file.removeprefix("test_").removesuffix(".py").replace("_", " ")


def plugin(config: Any) -> FidelityReport | None:
    """The plugin, if the command line asks for a report."""
    path = config.getoption("--fidelity-report")
    if path is None:
        return None
    target = "the embedded AWS" if config.getoption("--target") == "embedded" else "a real account"
    return FidelityReport(Path(path), target)
