"""A new account's concurrency quota of 10 leaves nothing to reserve: lessons adapt and say so."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.copied_project import copy_project, end_embedded, late_embedded
from tests.notebooks.running import run, shown

QUOTAS = {
    "ACCOUNT_CONCURRENCY = 1_000": "ACCOUNT_CONCURRENCY = 10",
    "MIN_UNRESERVED_CONCURRENCY = 100": "MIN_UNRESERVED_CONCURRENCY = 10",
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, lateness: int | None) -> Iterator[Path]:
    """A copy of the project whose embedded AWS has the quota of a new account.

    What Lambda keeps for all other functions is 10 there: so its refusals say, in many reports such
    as https://github.com/awslabs/fhir-works-on-aws-deployment/issues/691
    """
    copy = tmp_path_factory.mktemp("small")
    copy_project(copy)
    limits = copy / "localaws/lambda_/limits.py"
    text = limits.read_text(encoding="utf-8")
    for usual, new in QUOTAS.items():
        assert usual in text
        text = text.replace(usual, new)
    limits.write_text(text, encoding="utf-8")
    with late_embedded(copy, lateness):
        yield copy
    end_embedded(copy)


def test_the_gallery_leaves_out_what_a_new_account_has_no_room_for(small: Path) -> None:
    notebook = run(small, "07-failure-gallery")
    # Given an account where nothing above 0 can be reserved, then the cell says what it is
    [told] = [text for text in shown(notebook, "run-throttled") if "quota" in text]
    assert "AWS lets no function reserve 1: this account's concurrency quota is 10." in told
    # And the other ways are shown, and nothing waits for the one that is not
    throttled = shown(notebook, "card-throttled")[0]
    assert "ZeroReservedConcurrency" in throttled
    assert "reserved 1" not in throttled
    assert "subscription's DLQ" in shown(notebook, "card-deleted")[0]
    assert "observed: 0" in shown(notebook, "compare-throttled")[0]
    # With fewer ways there are as many kinds
    assert "observed: 6" in shown(notebook, "compare-silent")[0]
    assert shown(notebook, "clear")[-1].endswith(" 0 left'")
    assert all(text.startswith("passed") for text in shown(notebook, "check"))


def test_backing_off_leaves_out_what_a_new_account_has_no_room_for(small: Path) -> None:
    notebook = run(small, "08-backing-off")
    [told] = [text for text in shown(notebook, "pollers-run") if "quota" in text]
    assert "AWS lets no function reserve 1" in told
    # And the question that needs it says that the run does not show it
    assert "the run does not show it" in shown(notebook, "pollers-compare")[0]
    assert "observed: 50" in shown(notebook, "slow-compare")[0]
    assert shown(notebook, "clear")[-1].endswith(" 0 left'")


def test_an_outage_on_stage_and_in_the_clinic_needs_no_room(small: Path) -> None:
    # Reserving 0 takes nothing from the others, so AWS takes it.
    stage = run(small, "13-instructor-stage")
    assert "dead-lettered" in shown(stage, "outage")[-1]
    clinic = run(small, "12-misconfiguration-clinic", {"change-2": "max_receive_count = 5"})
    assert shown(clinic, "change-2")[-1].startswith("passed")
