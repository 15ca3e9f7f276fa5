"""The fidelity report lists the rules that there are, and scenarios show what they say."""

import ast
import re
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.contract import recordings
from tests.public_sources import AREAS, LOCALSTACK, STACKD, snapshot_file
from tests.scenarios import endpoint_findings
from tests.scenarios.facts import RunOnAws, links, load, run_on_aws, shown_by
from tests.scenarios.fidelity import FidelityReport, ids_in, page, write
from tests.scenarios.results import (
    ACCOUNT,
    DIFFERS,
    EMBEDDED,
    ENDPOINT,
    HOLDS,
    NOT_SHOWN,
    STOPPED,
    Finding,
    Run,
    failure,
    load_all,
    shown,
)

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "docs" / "fidelity.md"
SCENARIOS = ROOT / "tests" / "scenarios"
RESULTS = {HOLDS, DIFFERS, STOPPED, NOT_SHOWN}
HERE = Run(EMBEDDED, "the embedded AWS")


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


def runs_on_aws() -> set[RunOnAws]:
    """Every run against AWS that a fact cites."""
    sources = {source for fact in load().values() for source in fact.sources}
    return set(filter(None, map(run_on_aws, sources)))


def test_every_source_that_others_published_leads_to_a_file() -> None:
    cited = set()
    for fact in load().values():
        for source in fact.sources_in_markdown().split("; "):
            if re.match(r"recorded|asserted|third-party|another", source):
                match = re.fullmatch(r"[^:]+: \[.+\]\[([^]]+)\]", source)
                assert match, f"{fact.id}: {source}"
                cited.add(match[1])
    assert cited == set(links())
    for address in links().values():
        assert address.startswith((LOCALSTACK.blob(""), STACKD.blob("")))


@pytest.mark.parametrize(
    "source",
    [
        "recorded 2025-11-25",
        "recorded sqs::test_receive_empty_queue",
        "recorded queues::test_receive_empty_queue 2025-02-10",
        "asserted sqs 2025-02-10",
    ],
)
def test_a_run_on_aws_needs_file_test_and_day(source: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(source))):
        run_on_aws(source)


@pytest.mark.parametrize("area", sorted({run.area for run in runs_on_aws()}))
def test_cited_recordings_exist_and_are_of_that_day(area: str) -> None:
    days_of = {
        name: str(datetime.strptime(recorded, "%d-%m-%Y, %H:%M:%S").date())
        for name, (_, recorded) in recordings.read(area).items()
    }
    cited = [run for run in runs_on_aws() if run.area == area and run.is_recorded]
    days = {run: {day for name, day in days_of.items() if run.is_called(name)} for run in cited}
    assert {run: found for run, found in days.items() if found and run.day not in found} == {}
    lacking = sorted(run.name for run, found in days.items() if not found)
    if lacking and not (recordings.folder() / snapshot_file(area)).exists():
        pytest.skip(f"{recordings.folder()} has no recordings of {area}: {', '.join(lacking)}")
    assert lacking == []


@pytest.mark.parametrize("area", sorted({run.area for run in runs_on_aws()}))
def test_cited_tests_exist(area: str) -> None:
    cited = sorted(run.name for run in runs_on_aws() if run.area == area and not run.is_recorded)
    file = recordings.folder() / f"tests/aws/services/{AREAS[area]}.py"
    if cited and not file.exists():
        pytest.skip(f"no {file} to look for {', '.join(cited)}")
    lacking = [name for name in cited if f"def {name.partition('[')[0]}(" not in file.read_text()]
    assert lacking == []


MESSAGE = "run pytest tests/scenarios --fidelity-report docs/fidelity.md"
RUNS = load_all(REPORT.with_suffix(""))


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.file)
def test_a_written_run_knows_the_rules_that_there_are(run: Run) -> None:
    if run.kind == EMBEDDED:
        assert list(run.findings) == list(load()), MESSAGE
    assert {finding.result for finding in run.findings.values()} <= RESULTS
    for finding in run.findings.values():
        assert finding.why or finding.result not in (DIFFERS, STOPPED)


def test_the_written_pages_are_what_runs_would_write() -> None:
    assert page(RUNS) == REPORT.read_text(encoding="utf-8"), MESSAGE
    found = REPORT.with_name(endpoint_findings.FILE).read_text(encoding="utf-8")
    assert endpoint_findings.page(RUNS) == found, MESSAGE


def test_the_report_names_repositories_commits_and_licences() -> None:
    head = REPORT.read_text(encoding="utf-8").partition("\n## ")[0]
    for repository in (LOCALSTACK, STACKD):
        assert re.fullmatch("[0-9a-f]{40}", repository.commit)
        assert f"[{repository.name}]({repository.tree()})" in head
    assert LOCALSTACK.licence is not None
    assert LOCALSTACK.licence in head
    assert STACKD.licence is None
    assert "states no licence" in head


@pytest.mark.parametrize("name", ["docs/fidelity.md", "docs/not-imitated.md", "CONTRIBUTING.md"])
def test_pages_lead_to_the_same_commits(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for repository in (LOCALSTACK, STACKD):
        commits = re.findall(rf"{repository.name}/(?:blob|tree)/(\w+)", text)
        assert set(commits) <= {repository.commit}


def test_what_is_not_imitated_is_a_page_of_its_own() -> None:
    text = (ROOT / "docs" / "not-imitated.md").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "](fidelity.md)" in text
    report = REPORT.read_text(encoding="utf-8")
    assert "](not-imitated.md)" in report
    assert text.splitlines()[-1] not in report


def test_ranges_and_sentences_in_docstrings() -> None:
    assert shown_by("A1, B2-B4, J55a.\n\nMore text.") == ["A1", "B2", "B3", "B4", "J55a"]
    assert shown_by("A4 paper is not meant.") == []
    assert shown_by(None) == []


def all_but(**results: Finding) -> dict[str, Finding]:
    return dict.fromkeys(load(), Finding(HOLDS)) | results


def row_of(fact_id: str, text: str) -> str:
    [row] = [line for line in text.splitlines() if line.startswith(f"| {fact_id} |")]
    return row


def test_results_are_counted_and_failures_stand_out() -> None:
    differing = Finding(DIFFERS, "test_x: assert 3 == 1", ("test_sqs_queue.py",))
    text = page([Run(EMBEDDED, "here", findings=all_but(A1=differing, C9=Finding(NOT_SHOWN)))])
    assert f"| here | {len(load())} | {len(load()) - 2} | 1 | 0 | 1 |" in text
    assert row_of("A1", text).endswith(
        "**differs**: test\\_x: assert 3 == 1 | [sqs queue](../tests/scenarios/test_sqs_queue.py) |"
    )
    assert ids_in(text) == list(load())
    assert "no such run has been published" in text


def test_an_account_has_a_column_of_its_own_and_endpoints_a_page(tmp_path: Path) -> None:
    here = Run(EMBEDDED, "the embedded AWS", findings=all_but())
    why = "test_x: assert 1 == 2"
    account = Run(
        ACCOUNT, "an account", "eu-west-1", "2026-11-28", findings=all_but(A1=Finding(DIFFERS, why))
    )
    stopped = Finding(STOPPED, "test_y: ClientError: no | such")
    other = Run(ENDPOINT, "other 1.0", "", "2026-11-27", 60.0, all_but(A2=stopped))
    for run in (here, other, account):
        write(tmp_path / "report.md", run)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "| | rule | source | the embedded AWS | account (eu-west-1, 2026-11-28) | shown" in text
    assert "| holds | **differs**: test\\_x: assert 1 == 2 |" in row_of("A1", text)
    assert "| holds | holds |" in row_of("A2", text)
    assert "no such run has been published" not in text
    assert "other 1.0" not in text
    found = (tmp_path / endpoint_findings.FILE).read_text(encoding="utf-8")
    assert "Run on 2026-11-27, each wait given up after 60 s." in found
    assert "- **A2** " in found
    assert "no \\| such" in found
    assert "**A1**" not in found
    # And what was written is what is read
    assert load_all(tmp_path / "report") == [here, account, other]


@pytest.mark.parametrize(
    ("message", "finding"),
    [
        ("AssertionError: not within 900 s\nassert 0 > 0", Finding(DIFFERS, "t: not within 900 s")),
        ("assert 3 == 1", Finding(DIFFERS, "t: assert 3 == 1")),
        ("ValueError: not enough values", Finding(DIFFERS, "t: ValueError: not enough values")),
        (
            "botocore.errorfactory.QueueDoesNotExist: An error occurred",
            Finding(STOPPED, "t: QueueDoesNotExist: An error occurred"),
        ),
        (
            "botocore.exceptions.ClientError: arn:aws:sqs:eu-west-1:123456789012:scenario-ab12-x",
            Finding(STOPPED, "t: ClientError: arn:aws:sqs:eu-west-1:ACCOUNT:NAME"),
        ),
    ],
)
def test_what_a_failure_says_without_saying_whose(message: str, finding: Finding) -> None:
    assert failure(message, "t") == finding


def test_a_line_that_is_shown_has_no_ids_addresses_and_paths() -> None:
    ids = "0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f AIDAABCDEFGHIJKLMNOP"
    told = f"at http://127.0.0.1:1/q {ids} /home/a/b.py"
    assert shown(told) == "at URL ID KEY PATH"
    assert len(shown("x" * 1000)) == 160


def _shows_a1() -> None:
    """A1."""


def outcome(of: Any, result: str, **more: Any) -> pytest.TestReport:
    more = {"longrepr": None, "outcome": result, "user_properties": of.user_properties} | more
    return pytest.TestReport(of.nodeid, ("file", 1, "name"), {}, when="call", **more)


@pytest.mark.parametrize(
    ("outcomes", "result"),
    [
        ([("passed", {})], "holds"),
        ([("passed", {}), ("failed", {"longrepr": "assert 0"})], "**differs**: test\\_x: assert 0"),
        ([("passed", {}), ("failed", {"longrepr": "botocore.E: x"})], "stopped: test\\_x: E: x"),
        ([("passed", {}), ("skipped", {"wasxfail": "known"})], "**differs**: test\\_x: known"),
        ([("skipped", {"longrepr": ("f", 1, "Skipped: too long")})], "not shown: too long"),
        ([("passed", {}), ("skipped", {})], "holds"),
    ],
)
def test_one_failure_is_enough_to_differ(
    tmp_path: Path, outcomes: list[tuple[str, dict[str, str]]], result: str
) -> None:
    # Given a process that runs the scenario, and one that hears of it and writes
    worker = FidelityReport(None, HERE)
    report = FidelityReport(tmp_path / "fidelity.md", HERE)
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
    report = FidelityReport(tmp_path / "docs" / "fidelity.md", HERE)
    report.pytest_sessionfinish()
    written = (tmp_path / "docs" / "fidelity.md").read_text(encoding="utf-8")
    assert f"| {len(load())} | 0 | 0 | 0 | {len(load())} |" in written
