"""What goes with what: a failure ends nothing, and a forced deletion lets go of what it needs."""

import asyncio
from types import ModuleType
from typing import Any

from localaws.emulator.stacks.removals import Removal, Removed, remove

NEEDS = {"Bus": set(), "Rule": {"Bus"}, "Target": {"Rule"}, "Alone": set()}


class Stacks:
    """Deletes all but what a test names."""

    def __init__(self, *stays: str) -> None:
        self.told: list[str] = []
        self._stays = stays
        self.module = ModuleType("stacks")
        vars(self.module).update(
            _runs_on_worker_thread=lambda _kind: False, _delete_resource=self._delete
        )

    def remove(self, removals: dict[str, Removal], **options: Any) -> Removed:
        work = remove(self.module, "orders", removals, NEEDS, self._tell, **options)
        return asyncio.run(work)

    def _tell(self, name: str, _kind: str, status: str, _reason: str, _physical_id: str) -> None:
        self.told.append(f"{name} {status.removeprefix('DELETE_')}")

    def _delete(self, *given: Any) -> None:
        if given[-1] in self._stays:
            raise ValueError(f"{given[-1]} is in use")


def all_of(*kept: str) -> dict[str, Removal]:
    return {
        name: Removal("AWS::Some::Thing", name.lower(), {}, is_kept=name in kept) for name in NEEDS
    }


def test_what_needs_others_goes_first_and_all_that_can_at_once() -> None:
    stacks = Stacks()
    removed = stacks.remove(all_of())
    assert stacks.told == [
        *("Alone IN_PROGRESS", "Target IN_PROGRESS", "Alone COMPLETE", "Target COMPLETE"),
        *("Rule IN_PROGRESS", "Rule COMPLETE", "Bus IN_PROGRESS", "Bus COMPLETE"),
    ]
    assert (set(removed.gone), removed.failed) == (set(NEEDS), {})


def test_a_failure_ends_nothing() -> None:
    stacks = Stacks("Target")
    removed = stacks.remove(all_of())
    assert "Target FAILED" in stacks.told
    assert stacks.told[-1] == "Bus COMPLETE"
    assert removed.failed == {"Target": "Target is in use"}
    assert "Target" not in removed.gone


def test_what_is_kept_is_skipped_in_its_turn() -> None:
    stacks = Stacks()
    stacks.remove(all_of("Rule"))
    assert [one for one in stacks.told if one.startswith("Rule")] == ["Rule SKIPPED"]
    assert stacks.told[-1] == "Bus COMPLETE"


def test_a_forced_deletion_lets_go_of_what_stays_and_what_it_needs() -> None:
    stacks = Stacks("Rule")
    stacks.remove(all_of(), is_forced=True)
    assert stacks.told[-3:] == ["Rule IN_PROGRESS", "Rule SKIPPED", "Bus SKIPPED"]


def test_of_what_was_never_made_only_the_end_is_told() -> None:
    stacks = Stacks()
    stacks.remove({"Alone": Removal("AWS::Some::Thing", "", {})})
    assert stacks.told == ["Alone COMPLETE"]
