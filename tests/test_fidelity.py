"""The fidelity report lists the rules that there are, and scenarios show what they say."""

import ast
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.fidelity import FidelityReport, ids_in, page
from tests.scenarios.facts import load, shown_by

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "docs" / "fidelity.md"
SCENARIOS = ROOT / "tests" / "scenarios"


def claimed() -> dict[str, str]:
    """Every id in a scenario's docstring, and one scenario that has it."""
    found = {}
    for path in SCENARIOS.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                for fact_id in shown_by(ast.get_docstring(node)):
                    found[fact_id] = f"{path.name}::{node.name}"
    return found


def test_every_id_in_a_docstring_is_a_fact() -> None:
    facts = load()
    assert {name: at for name, at in claimed().items() if name not in facts} == {}


def test_every_fact_is_shown_or_says_why_not() -> None:
    shown = claimed()
    assert [
        fact.id for fact in load().values() if not fact.not_shown and fact.id not in shown
    ] == []
    assert [fact.id for fact in load().values() if fact.not_shown and fact.id in shown] == []


def test_the_written_report_lists_today_s_rules() -> None:
    message = "run pytest tests/scenarios --fidelity-report docs/fidelity.md"
    assert ids_in(REPORT.read_text(encoding="utf-8")) == list(load()), message


def test_ranges_and_sentences_in_docstrings() -> None:
    assert shown_by("A1, B2-B4, J55a.\n\nMore text.") == ["A1", "B2", "B3", "B4", "J55a"]
    assert shown_by("A4 paper is not meant.") == []
    assert shown_by(None) == []


def test_results_are_counted_and_failures_stand_out(tmp_path: Path) -> None:
    results = dict.fromkeys(load(), "holds") | {"A1": "differs", "C9": "not shown"}
    text = page("the embedded AWS", results, {"A1": ["test_sqs_queue.py"]})
    assert f"| {len(results)} | {len(results) - 2} | 1 | 1 |" in text
    [row] = [line for line in text.splitlines() if line.startswith("| A1 |")]
    assert row.endswith("**differs** | [sqs queue](../tests/scenarios/test_sqs_queue.py) |")
    assert ids_in(text) == list(load())


def _shows_a1() -> None:
    """A1."""


def outcome(of: Any, result: str, **more: Any) -> pytest.TestReport:
    more |= {"outcome": result, "user_properties": of.user_properties}
    return pytest.TestReport(of.nodeid, ("file", 1, "name"), {}, longrepr=None, when="call", **more)


@pytest.mark.parametrize(
    ("outcomes", "result"),
    [
        ([("passed", {})], "holds"),
        ([("passed", {}), ("failed", {})], "**differs**"),
        ([("passed", {}), ("skipped", {"wasxfail": "known"})], "**differs**"),
        ([("skipped", {})], "not shown"),
    ],
)
def test_one_failure_is_enough_to_differ(
    tmp_path: Path, outcomes: list[tuple[str, dict[str, str]]], result: str
) -> None:
    # Given a process that runs the scenario, and one that hears of it and writes
    worker = FidelityReport(None, "the embedded AWS")
    report = FidelityReport(tmp_path / "fidelity.md", "the embedded AWS")
    scenario: Any = SimpleNamespace(
        nodeid="test_x.py::test_x",
        path=Path("test_x.py"),
        function=_shows_a1,
        user_properties=[],
    )
    worker.pytest_collection_modifyitems([scenario])
    for kind, more in outcomes:
        report.pytest_runtest_logreport(outcome(scenario, kind, **more))
    report.pytest_sessionfinish()
    lines = (tmp_path / "fidelity.md").read_text(encoding="utf-8").splitlines()
    [row] = [line for line in lines if line.startswith("| A1 |")]
    assert f"| {result} | [x](../tests/scenarios/test_x.py) |" in row


def test_nothing_ran_means_nothing_shown(tmp_path: Path) -> None:
    report = FidelityReport(tmp_path / "docs" / "fidelity.md", "the embedded AWS")
    report.pytest_sessionfinish()
    written = (tmp_path / "docs" / "fidelity.md").read_text(encoding="utf-8")
    assert f"| {len(load())} | 0 | 0 | {len(load())} |" in written
