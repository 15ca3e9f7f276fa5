"""The properties that events and change sets tell: texts, without what is a secret."""

from types import ModuleType
from typing import Any

import pytest

from localaws.emulator.stacks.change_values import as_texts, value_at
from localaws.emulator.stacks.events import note_properties, tell_properties
from localaws.emulator.stacks.value_differences import differences

ID, NAME = "arn:stack", "orders"


class Told:
    """One stack, whose events have the properties that were noted."""

    def __init__(self) -> None:
        self.stack: dict[str, Any] = {}
        self.stacks, self.records = ModuleType("stacks"), ModuleType("records")
        vars(self.records).update(_stacks={NAME: self.stack}, _stack_events={ID: []})
        vars(self.stacks)["_add_event"] = self._add
        tell_properties(self.stacks, self.records)

    def event(self, logical_id: str, status: str, physical_id: str = "") -> dict[str, Any]:
        self.stacks._add_event(ID, NAME, logical_id, "AWS::SQS::Queue", status, "", physical_id)
        return dict(self.records._stack_events[ID][-1])

    def _add(self, stack_id: str, _name: str, logical_id: str, *rest: str) -> None:
        _kind, status, _reason, physical_id = rest
        event = {"EventId": "uuid", "Timestamp": "now", "LogicalResourceId": logical_id}
        event |= {"ResourceStatus": status, "PhysicalResourceId": physical_id}
        self.records._stack_events[stack_id].append(event)


def test_an_event_has_what_was_noted_of_its_resource() -> None:
    told = Told()
    note_properties(told.stack, "It", {"DelaySeconds": 5, "Fifo": True}, {})
    event = told.event("It", "CREATE_IN_PROGRESS")
    assert event["ResourceProperties"] == '{"DelaySeconds":"5","Fifo":"true"}'
    assert "ResourceProperties" not in told.event("Other", "CREATE_IN_PROGRESS")


def test_what_is_not_to_be_echoed_is_hidden_wherever_it_stands() -> None:
    told = Told()
    values = {"Key": {"Value": 'pass"word', "NoEcho": True}, "Plain": {"Value": "orders"}}
    note_properties(told.stack, "It", {"Name": 'orders-pass"word', "Not": ""}, values)
    event = told.event("It", "CREATE_COMPLETE")
    assert event["ResourceProperties"] == '{"Name":"orders-****","Not":""}'


@pytest.mark.parametrize(
    ("status", "event_id"),
    [("CREATE_COMPLETE", "It-CREATE_COMPLETE-now"), ("CREATE_FAILED", "It-uuid")],
)
def test_an_events_id_begins_with_its_resource(status: str, event_id: str) -> None:
    assert Told().event("It", status)["EventId"] == event_id


def test_an_event_of_the_stack_itself_is_left_alone() -> None:
    assert Told().event(NAME, "CREATE_COMPLETE", ID)["EventId"] == "uuid"


def test_a_context_has_texts_alone() -> None:
    context = as_texts({"Properties": {"Size": 5, "Tags": [{"Key": "a", "On": False}]}})
    assert context == {"Properties": {"Size": "5", "Tags": [{"Key": "a", "On": "false"}]}}
    assert value_at(context, ["Properties", "Size"]) == "5"
    assert value_at(context, ["Metadata"]) is None
    assert value_at(None, ["Properties", "Size"]) is None


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("1", "1", []),
        ("1", "2", [("/P", "1", "2", "Modify")]),
        (None, {"a": "1"}, [("/P", None, '{"a":"1"}', "Add")]),
        (["1"], None, [("/P", '["1"]', None, "Remove")]),
        ({"a": "1"}, {"b": "2"}, [("/P/a", "1", None, "Remove"), ("/P/b", None, "2", "Add")]),
        ([{"k": "1"}], [{"k": "2"}], [("/P/0/k", "1", "2", "Modify")]),
        (["1"], ["1", "3"], [("/P/1", None, "3", "Add")]),
        ({"a": "1"}, "1", [("/P", '{"a":"1"}', "1", "Modify")]),
    ],
)
def test_each_smallest_part_that_differs_is_told(before: Any, after: Any, told: list[Any]) -> None:
    found = differences(before, after, "/P")
    assert [(one.path, one.before, one.after, one.kind) for one in found] == told
