"""Resources on their way side by side; ministack's part is played here."""

import asyncio
from types import ModuleType
from typing import Any

from localaws.emulator.stacks.side_by_side import SideBySide
from localaws.emulator.stacks.stack_operation import CANCELLED, Operation

INITIATED = "Resource creation Initiated"


class Stacks:
    """Makes all but what a test names, for the reason that it gives."""

    def __init__(self, **problems: str) -> None:
        self.told: list[str] = []
        self._problems = problems
        self.module = ModuleType("stacks")
        vars(self.module).update(
            _NO_VALUE=object(),
            _add_event=self._tell,
            _evaluate_conditions=lambda _template, _values: {},
            _extract_deps=lambda definition, _names: definition.get("DependsOn", ()),
            _provision_keeping_seed=self._make,
            _resolve_dynamic_references=lambda read, *_given, **_named: (read, {}),
            _resolve_refs=lambda node, *_given: node,
            _runs_on_worker_thread=lambda _kind: False,
            _sends_back_failed_update=lambda _kind: False,
            _with_stack_tags=lambda _kind, properties, *_given: properties,
            now_iso=lambda: "now",
        )

    def run(self, *, goes_on: bool = False, **needs: list[str]) -> Operation:
        """Begin with nothing; each thing needs others, by name."""
        definitions = {
            name: {"Type": "AWS::Some::Thing", "DependsOn": before}
            for name, before in needs.items()
        }
        stack = {"StackName": "orders", "StackId": "arn", "_resources": {}}
        operation = Operation(self.module, stack, {"Resources": definitions}, {})
        asyncio.run(SideBySide(operation, goes_on=goes_on).run())
        return operation

    def _make(self, _kind: str, name: str, *_given: Any) -> Any:
        if problem := self._problems.get(name):
            raise ValueError(problem)
        return (f"{name}-id", {}), ""

    def _tell(self, *event: Any) -> None:
        _id, _stack, name, _kind, status, reason, physical_id = event
        if reason != INITIATED:
            told = f"{name} {status.removeprefix('CREATE_')}"
            self.told.append(f"{told} {reason} {physical_id}".rstrip())


def test_a_failure_cancels_those_under_way_whether_they_were_made_or_not() -> None:
    stacks = Stacks(B="it is wrong")
    operation = stacks.run(A=[], B=[], C=[], Waits=["A"])
    assert stacks.told == [
        *("A IN_PROGRESS", "B IN_PROGRESS", "C IN_PROGRESS"),
        "B FAILED it is wrong",
        f"A FAILED {CANCELLED} A-id",
        f"C FAILED {CANCELLED}",
    ]
    # And a rollback knows what there is to delete
    assert (operation.made, set(operation.unmade())) == (["A"], {"B", "C"})


def test_where_the_rest_goes_on_only_what_needs_the_failure_never_begins() -> None:
    stacks = Stacks(B="it is wrong")
    operation = stacks.run(goes_on=True, A=[], B=[], AfterA=["A"], AfterB=["B"])
    assert [one for one in stacks.told if "COMPLETE" in one] == [
        "A COMPLETE  A-id",
        "AfterA COMPLETE  AfterA-id",
    ]
    assert not any(one.startswith("AfterB") for one in stacks.told)
    assert set(operation.failures) == {"B"}


def test_a_deletion_ends_also_what_is_to_go_on() -> None:
    stacks = Stacks(B=CANCELLED)
    stacks.run(goes_on=True, A=[], B=[], AfterA=["A"])
    assert stacks.told[-2:] == [f"B FAILED {CANCELLED}", f"A FAILED {CANCELLED} A-id"]


def test_what_fails_before_it_begins_is_told_to_fail() -> None:
    stacks = Stacks()

    def read(node: Any, *_given: Any) -> Any:
        raise ValueError("No such value")

    vars(stacks.module)["_resolve_refs"] = read
    stacks.run(A=[])
    assert stacks.told == ["A FAILED No such value"]
