"""Below a page stands what made it; the day only where it can differ from day to day anyway."""

from dataclasses import replace
from datetime import UTC, datetime

from workshop.cli.guide_kernels import START_S
from workshop.guides.footer import footer
from workshop.target.target import Target

ACCOUNT = Target("aws", "firm", "eu-west-1", "123456789012")


def test_the_embedded_aws_has_no_day_but_its_own() -> None:
    told = footer(Target(), START_S)
    assert "began at 2026-01-05 09:00 UTC" in told
    assert f"{datetime.now(UTC):%Y-%m-%d}" not in told
    assert "workshop 0." in told


def test_an_account_is_told_by_its_region_alone() -> None:
    told = footer(ACCOUNT, START_S)
    assert "eu-west-1" in told
    assert "firm" not in told
    assert "123456789012" not in told


def test_an_endpoint_is_not_called_aws() -> None:
    told = footer(replace(ACCOUNT, endpoint_url="http://127.0.0.1:4566"), START_S)
    assert "an endpoint that was used as an account, and is not AWS itself" in told
    assert "account of AWS" not in told
    assert "4566" not in told


def test_of_a_notebook_that_somebody_ran_nothing_is_known() -> None:
    assert "as somebody ran it" in footer(Target())
