"""Changes that take effect late, on a clock that stands."""

import json
from typing import Any

import pytest

from localaws.lateness import LateAws
from localaws.lateness.late_policies import LatePolicies
from localaws.lateness.stacks import StackWork
from localaws.words.http import Caller
from localaws.words.propagation import Changes, PoliciesAtOnce, QueuesAtOnce
from tests.unit.virtual_time import VirtualTime

USER = Caller("arn:aws:iam::123456789012:user/participant", "request")


def took_effect(seed: int, changes: Changes, *, by: str = "user") -> dict[str, float]:
    """When each attribute took effect, in seconds after it was set."""
    world = VirtualTime(1_000.0)
    late = LateAws(world.time, seed)
    seen: dict[str, float] = {}

    def take_effect(some: Changes) -> None:
        seen.update(dict.fromkeys(some, world.clock.now_s() - 1_000.0))

    def change(_params: dict[str, Any], _caller: Caller) -> None:
        late.queues.attributes("arn", changes, take_effect)

    if by == "CloudFormation":
        late.for_stacks({"SetQueueAttributes": change})["SetQueueAttributes"]({}, USER)
    else:
        change({}, USER)
    world.pass_time(3_600.0)
    return seen


def test_attributes_of_a_queue_take_up_to_a_minute_and_retention_a_quarter_of_an_hour() -> None:
    changes = {"VisibilityTimeout": "5", "DelaySeconds": "1", "MessageRetentionPeriod": "60"}
    found = [took_effect(seed, changes) for seed in range(20)]
    retention = [one.pop("MessageRetentionPeriod") for one in found]
    others = [s for one in found for s in one.values()]
    assert max(others) <= 60.0
    assert max(others) > 40.0
    assert max(retention) <= 900.0
    assert max(retention) > 600.0
    # And the same seed makes it the same, another one does not
    assert took_effect(3, changes) == took_effect(3, changes) != took_effect(4, changes)


def test_what_cloudformation_changes_is_in_effect_when_it_says_so() -> None:
    assert took_effect(7, {"DelaySeconds": "1"}, by="CloudFormation") == {"DelaySeconds": 0.0}


def test_two_changes_of_one_attribute_take_effect_in_their_order() -> None:
    for seed in range(30):
        world = VirtualTime()
        late, seen = LateAws(world.time, seed), []
        for value in ("1", "2", "3"):
            late.queues.attributes("arn", {"DelaySeconds": value}, seen.append)
        world.pass_time(60.0)
        assert [one["DelaySeconds"] for one in seen] == ["1", "2", "3"]


def policies(world: VirtualTime, seed: int = 7) -> LatePolicies:
    late = LateAws(world.time, seed).policies
    assert isinstance(late, LatePolicies)
    return late


def test_a_policy_decides_seconds_after_it_was_written_at_a_moment_that_can_be_waited_for() -> None:
    world = VirtualTime(1_000.0)
    late = policies(world)
    late.changed("role", "old")
    assert late.in_effect("role", "new") == "old"
    assert late.in_effect("another", "new") == "new"
    # A second change: first the one decides, then the other
    late.changed("role", "new")
    assert late.in_effect("role", "newest") == "old"
    seen = ["old"]
    while (next_s := world.scheduler.next_at_s()) is not None:
        assert 1_002.0 <= next_s <= 1_012.0
        world.clock.skip_to(next_s)
        world.settle()
        seen.append(late.in_effect("role", "newest"))
    assert list(dict.fromkeys(seen)) in (["old", "new", "newest"], ["old", "newest"])
    assert seen[-1] == "newest"


def test_a_call_of_cloudformation_that_fails_leaves_the_next_one_late() -> None:
    stacks = StackWork()

    def fails(_params: dict[str, Any], _caller: Caller) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        stacks.operations({"AddPermission": fails})["AddPermission"]({}, USER)
    assert not stacks.is_calling


def test_without_a_seed_everything_takes_effect_at_once() -> None:
    late = LateAws(VirtualTime().time, None)
    assert isinstance(late.policies, PoliciesAtOnce)
    assert isinstance(late.queues, QueuesAtOnce)
    operations: dict[str, Any] = {}
    assert late.for_stacks(operations) is operations
    assert late.mapping_transition_s(float) is float
    sink: Any = object()
    assert late.metric_sink(sink, sink) is sink
    late.around(sink)


def test_a_mapping_takes_2_to_20_s() -> None:
    late = LateAws(VirtualTime().time, 7).mapping_transition_s(float)
    taken = [late() for _ in range(100)]
    assert 2.0 <= min(taken) < 3.0
    assert 19.0 < max(taken) <= 20.0


def test_json_of_policies_stays_what_it_was() -> None:
    document = {"Statement": [{"Sid": "1"}]}
    late = policies(VirtualTime())
    late.changed("function", document)
    assert json.dumps(late.in_effect("function", None)) == json.dumps(document)


@pytest.mark.parametrize("seed", range(6))
def test_changes_that_take_effect_at_one_moment_are_forgotten_once(seed: int) -> None:
    # Given two changes of which the second was drawn before the first, so that both come together
    world = VirtualTime(1_000.0)
    late = policies(world, seed)
    for before in ("old", "new"):
        late.changed("role", before)
    # Then what is scheduled for both fails for none
    world.pass_time(60.0)
    assert late.in_effect("role", "newest") == "newest"
