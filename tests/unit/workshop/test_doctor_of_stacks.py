"""What `doctor` says of stacks, in whatever state a deployment or a removal left them."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.workshop.fake_aws import fake_lab
from tests.unit.workshop.test_connect_to_account import changed
from tests.unit.workshop.test_waiting import FakeClock
from workshop.cli import doctor_account
from workshop.drift.comparison import Compared
from workshop.drift.notice import Drift
from workshop.lab import Lab
from workshop.stacks.statuses import _NEXT, Next
from workshop.target.target import PATTERNS, Target

AWS = Target("aws", profile="p", region="eu-west-1", account="123456789012")
WHOLE = [status for status, comes_next in _NEXT.items() if comes_next is Next.CHANGE]


class Stacks:
    """One stack of a status, the others complete."""

    def __init__(self, status: str, age_s: float = 0) -> None:
        self._status, self._begun_at = status, FakeClock().now() - timedelta(seconds=age_s)

    def describe_stacks(self, StackName: str) -> Any:  # noqa: N803
        status = self._status if StackName.endswith("-SqsDlq") else "CREATE_COMPLETE"
        return {"Stacks": [{"StackStatus": status, "Outputs": [], "CreationTime": self._begun_at}]}

    def get_paginator(self, _: str) -> Any:
        return SimpleNamespace(paginate=lambda **_: [{"Summaries": []}])


@pytest.mark.parametrize("status", sorted(_NEXT))
def test_every_status_is_a_line_and_none_ends_the_report(status: str) -> None:
    found = doctor_account._stacks(fake_lab(AWS, cloudformation=Stacks(status)).session)
    if status in WHOLE:
        assert (found.state, found.comes_next) == ("ok", "")
        return
    # Whoever is at work is let finish
    comes_next = "doctor" if status.endswith("_IN_PROGRESS") else "deploy"
    assert (found.state, found.comes_next) == ("note", comes_next)
    assert found.found.startswith(f"{len(PATTERNS) - 1} of {len(PATTERNS)} are there; ")
    if status == "DELETE_COMPLETE":
        assert "missing: FailureWorkshop-SqsDlq" in found.found
    else:
        assert f"FailureWorkshop-SqsDlq is {status}: " in found.found
    assert ("may be running" in found.found) is status.endswith("_IN_PROGRESS")
    assert ("takes it over" in found.found) is (status == "REVIEW_IN_PROGRESS")


def test_whoever_left_a_change_set_is_not_waited_for_for_ever() -> None:
    session = fake_lab(AWS, cloudformation=Stacks("REVIEW_IN_PROGRESS", age_s=61)).session
    found = doctor_account._stacks(session)
    assert found.comes_next == "deploy"
    assert "takes it over" in found.found
    assert "may be running" not in found.found


def of_settings(
    monkeypatch: pytest.MonkeyPatch, found: Compared, status: str = "CREATE_COMPLETE"
) -> list[doctor_account.Finding]:
    monkeypatch.setattr(Lab, "changed", lambda *_: Drift(found))
    return list(doctor_account._settings(fake_lab(AWS, cloudformation=Stacks(status)).session))


@pytest.mark.parametrize("status", sorted(set(_NEXT) - set(WHOLE)))
def test_settings_of_a_stack_that_somebody_works_on_are_not_compared(
    monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    # Given a stack of that status, which a deploy or a destroy changes at this moment
    compared = list[str]()

    def look(_: Lab, *patterns: str) -> Drift:
        compared.extend(patterns)
        return Drift(Compared(compared=1))

    monkeypatch.setattr(Lab, "changed", look)
    list(doctor_account._settings(fake_lab(AWS, cloudformation=Stacks(status)).session))
    # Then the others are compared, and nobody is told to put that one back
    assert compared == [pattern for pattern in PATTERNS if pattern != "SqsDlq"]


def test_where_stacks_may_not_be_asked_for_the_report_goes_on() -> None:
    class Refusing:
        def describe_stacks(self, StackName: str) -> Any:  # noqa: N803
            raise ClientError(
                {"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeStacks"
            )

    session = fake_lab(AWS, cloudformation=Refusing()).session
    assert list(doctor_account._settings(session)) == []


def test_a_stack_whose_mapping_is_off_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given what Ctrl-C in `destroy` leaves while it disables mappings
    [found] = of_settings(monkeypatch, Compared((changed(),) * 9, compared=130))
    assert found.state == "note"
    assert found.besides == "not as the stacks say: 9 settings"
    assert found.found.count("SqsDlq, event source mapping: it is disabled") == 6
    assert "and 3 more" in found.found
    assert "`lab.put_back()`" in found.found


def test_where_all_is_as_deployed_or_nothing_is_known_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    [found] = of_settings(monkeypatch, Compared(compared=130))
    assert (found.state, found.found) == ("ok", "all 130 are as the stacks say")
    [found] = of_settings(monkeypatch, Compared(unreadable=("SqsDlq: no",), compared=9))
    assert (found.state, found.besides) == ("note", "")
    assert of_settings(monkeypatch, Compared()) == []
