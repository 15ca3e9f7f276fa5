"""`time.sleep` in a notebook's cell lets AWS's time pass, and nobody else's."""

import time

import boto3
import pytest
from botocore.stub import Stubber

from tests.unit.workshop.test_waiting import FakeClock
from workshop.target import cell_sleep


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was really slept; `time.sleep` is put back in the end."""
    real: list[object] = []
    monkeypatch.setattr(time, "sleep", real.append)
    return real


def run_cell(source: str) -> None:
    exec(source, {"__name__": "__main__"})  # as a kernel does


def test_a_cell_sleeps_on_the_clock_of_aws(slept: list[object]) -> None:
    clock = FakeClock()
    cell_sleep.install(clock)
    before = clock.now()

    run_cell("import time\ntime.sleep(31)")

    assert (clock.now() - before).total_seconds() == 31
    assert slept == []


def test_a_waiter_of_boto3_sleeps_on_it_too(slept: list[object]) -> None:
    # Given a waiter whose function is updated after two looks
    clock = FakeClock()
    cell_sleep.install(clock)
    before = clock.now()
    states = iter(["InProgress", "InProgress", "Successful"])
    lambda_ = boto3.client(
        "lambda", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    with Stubber(lambda_) as stub:
        for state in states:
            stub.add_response("get_function", {"Configuration": {"LastUpdateStatus": state}})
        # When it waits
        lambda_.get_waiter("function_updated_v2").wait(FunctionName="orders")
    # Then AWS's time has passed, and none of yours
    assert (clock.now() - before).total_seconds() == 2
    assert slept == []


def test_libraries_go_on_sleeping_for_real(slept: list[object]) -> None:
    clock = FakeClock()
    cell_sleep.install(clock)
    before = clock.now()

    time.sleep(3)

    assert slept == [3]
    assert clock.now() == before


@pytest.mark.parametrize("nothing", [0, -1, "30", None, float("nan")])
def test_what_is_no_time_is_told_as_ever(slept: list[object], nothing: object) -> None:
    cell_sleep.install(FakeClock())
    exec("import time\ntime.sleep(nothing)", {"__name__": "__main__", "nothing": nothing})
    assert slept == [nothing]


def test_connecting_anew_changes_the_clock_and_another_target_ends_it(
    slept: list[object],
) -> None:
    real = time.sleep
    first, second = FakeClock(), FakeClock()
    cell_sleep.install(first)
    cell_sleep.install(second)
    before = first.now(), second.now()
    # When a cell sleeps after a second connection
    run_cell("import time\ntime.sleep(10)")
    # Then it is the second clock that it sleeps on
    assert first.now() == before[0]
    assert (second.now() - before[1]).total_seconds() == 10
    # And on an account time is as it always was
    cell_sleep.install(FakeClock(is_virtual=False))
    assert time.sleep is real
