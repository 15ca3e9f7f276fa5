"""Rules: every operation takes an event bus by its name or its ARN, and tells if it is none."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios import outlets
from tests.scenarios.account import Account

Named = Callable[[Account, str], str]


def by_name(_account: Account, bus: str) -> str:
    return bus


def by_arn(account: Account, bus: str) -> str:
    of_another: str = account.client("events").describe_event_bus()["Arn"]
    return f"{of_another.rpartition('/')[0]}/{bus}"


NAMED = pytest.mark.parametrize("named", [by_name, by_arn])


@pytest.fixture
def bus(account: Account) -> str:
    return outlets.empty_bus(account)


@NAMED
def test_a_rule_lives_on_its_bus_however_that_is_named(
    account: Account, bus: str, named: Named
) -> None:
    events, queue_arn = account.client("events"), account.queue().arn
    on: dict[str, Any] = {"EventBusName": named(account, bus)}
    rule = account.unique("rule")

    # Given a rule with a target, put there by that name
    arn = events.put_rule(Name=rule, EventPattern='{"source": ["shop"]}', **on)["RuleArn"]
    events.put_targets(Rule=rule, Targets=[{"Id": "1", "Arn": queue_arn}], **on)

    # Then it is found by it, and belongs to the bus of that name
    assert arn.endswith(f":rule/{bus}/{rule}")
    events.disable_rule(Name=rule, **on)
    described = events.describe_rule(Name=rule, **on)
    assert (described["EventBusName"], described["State"]) == (bus, "DISABLED")
    events.enable_rule(Name=rule, **on)
    assert [one["State"] for one in events.list_rules(**on)["Rules"]] == ["ENABLED"]
    assert events.list_rule_names_by_target(TargetArn=queue_arn, **on)["RuleNames"] == [rule]
    assert [one["Id"] for one in events.list_targets_by_rule(Rule=rule, **on)["Targets"]] == ["1"]
    assert events.describe_event_bus(Name=on["EventBusName"])["Name"] == bus

    # And goes by it
    events.remove_targets(Rule=rule, Ids=["1"], **on)
    events.delete_rule(Name=rule, **on)
    assert events.list_rules(**on)["Rules"] == []


@NAMED
@pytest.mark.parametrize(
    ("operation", "given"),
    [
        ("put_rule", {"Name": "rule", "EventPattern": '{"source": ["shop"]}'}),
        ("list_rules", {}),
        ("describe_rule", {"Name": "rule"}),
        (
            "put_targets",
            {"Rule": "rule", "Targets": [{"Id": "1", "Arn": "arn:aws:sqs:us-east-1:1:q"}]},
        ),
    ],
)
def test_a_bus_that_is_not_there_is_told(
    account: Account, named: Named, operation: str, given: dict[str, Any]
) -> None:
    name = account.unique("gone")
    call = getattr(account.client("events"), operation)
    with pytest.raises(ClientError) as refused:
        call(EventBusName=named(account, name), **given)
    assert refused.value.response["Error"] == {
        "Code": "ResourceNotFoundException",
        "Message": f"Event bus {name} does not exist.",
    }
