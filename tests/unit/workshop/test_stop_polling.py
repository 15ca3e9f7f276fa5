"""Before stacks go, their event source mappings rest, and none is kept from being deleted."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.workshop.test_waiting import FakeClock
from workshop.stacks import activity, deployment
from workshop.target.session import Session
from workshop.target.target import Target
from workshop.target.waits import Waits

CHANGE_S = 8


class Lambda:
    """Event source mappings that need some seconds for each change, even for none."""

    class exceptions:  # noqa: N801 - as boto3 calls it
        ResourceNotFoundException = KeyError

    def __init__(self, clock: FakeClock, states: dict[str, str]) -> None:
        self._clock = clock
        self._states = states
        self._done: dict[str, tuple[datetime, str]] = {}
        self.updated: list[str] = []

    def begin(self, mapping: str, meanwhile: str, then: str) -> None:
        self._states[mapping] = meanwhile
        self._done[mapping] = (self._clock.now() + timedelta(seconds=CHANGE_S), then)

    def get_event_source_mapping(self, UUID: str) -> dict[str, Any]:  # noqa: N803
        at, then = self._done.get(UUID, (datetime.max.replace(tzinfo=UTC), ""))
        if self._clock.now() >= at:
            self._states[UUID] = then
            del self._done[UUID]
        return {"State": self._states[UUID]}

    def update_event_source_mapping(self, UUID: str, Enabled: bool) -> None:  # noqa: N803
        if self.get_event_source_mapping(UUID)["State"] not in ("Enabled", "Disabled"):
            raise ClientError({"Error": {"Code": "ResourceInUseException"}}, "Update")
        self.updated.append(UUID)
        before = self._states[UUID]
        self.begin(UUID, "Updating" if before == "Disabled" else "Disabling", "Disabled")


def stop(states: dict[str, str], mappings: Iterable[str], pending: dict[str, str]) -> Lambda:
    clock = FakeClock()
    lambda_ = Lambda(clock, states)
    for mapping, then in pending.items():
        lambda_.begin(mapping, states[mapping], then)
    session = Session(Target(), {"lambda": lambda_}.__getitem__, clock)
    deployment._stop_polling(session, list(mappings))
    return lambda_


def test_a_disabled_mapping_is_left_as_it_is() -> None:
    states = {"a": "Disabled", "b": "Enabled"}
    lambda_ = stop(states, states, {})
    assert lambda_.updated == ["b"]
    assert states == {"a": "Disabled", "b": "Disabled"}


@pytest.mark.parametrize(
    ("state", "then"),
    [
        ("Creating", "Enabled"),
        ("Enabling", "Enabled"),
        ("Updating", "Enabled"),
        ("Updating", "Disabled"),
        ("Disabling", "Disabled"),
    ],
)
def test_one_that_is_being_changed_is_waited_for(state: str, then: str) -> None:
    # Given a mapping on which an interrupted command, or somebody else, is still at work
    states = {"a": state}
    lambda_ = stop(states, states, {"a": then})
    # Then it can be deleted afterwards, and asks its queue for nothing
    assert states == {"a": "Disabled"}
    assert lambda_.updated == (["a"] if then == "Enabled" else [])


def test_one_that_has_gone_needs_nothing_more() -> None:
    assert stop({"a": "Enabled"}, ["gone", "a"], {}).updated == ["a"]


def test_several_are_one_wait_that_names_their_number() -> None:
    clock, waits = FakeClock(), Waits()
    states = dict.fromkeys("abcde", "Enabled")
    session = Session(Target(), {"lambda": Lambda(clock, states)}.__getitem__, clock, waits=waits)
    deployment._stop_polling(session, list(states))
    assert [one.what for one in waits.ended] == ["Lambda has disabled 5 event source mappings"]


def test_pollers_are_waited_for_once() -> None:
    # They have ended when their mapping is disabled; its deletion is a wait for something else.
    kind = "AWS::Lambda::EventSourceMapping"
    found = activity.progress("A", [activity.StackEvent("Mapping", kind, "DELETE_IN_PROGRESS")])
    told = activity.StackProgress("A", "DELETE_IN_PROGRESS", busy=found.busy).told
    assert told == "EventSourceMapping Mapping, until Lambda has deleted it"
