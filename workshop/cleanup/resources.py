"""What the workshop has made in the target."""

from collections.abc import Sequence

import pandas as pd

from workshop import workbench
from workshop.lab import Lab
from workshop.stacks import sweep
from workshop.stacks.kinds import Resource
from workshop.target.target import PATTERNS, Target
from workshop.target.waiting import wait_briefly

# States of an event source mapping in which it asks its queue, or is about to.
POLLING = ("Enabled", "Enabling", "Creating", "Updating")


def prefixes(target: Target) -> list[str]:
    """What the names of everything that belongs to this participant begin with."""
    return [*(f"{target.stack_name(one)}-" for one in PATTERNS), workbench.prefix_of(target)]


def look(lab: Lab) -> sweep.Found:
    """Everything that is ours, what of it others need, and what only looks like ours."""
    return sweep.find(lab.session, prefixes(lab.session.target), whole=True)


def found(lab: Lab) -> list[Resource]:
    """Everything that is ours."""
    return list(look(lab).ours)


def inventory(lab: Lab) -> pd.DataFrame:
    """Everything that there is: columns `kind`, `name` (str), by kind."""
    rows = [{"kind": one.kind, "name": one.name} for one in found(lab)]
    return pd.DataFrame(rows, columns=["kind", "name"], dtype="str")


def enabled_mappings(lab: Lab) -> list[str]:
    """UUIDs of the workshop's event source mappings that poll at this moment."""
    client = lab.client("lambda")
    uuids = [one.handle for one in found(lab) if one.kind == "event source mapping"]
    states = {uuid: client.get_event_source_mapping(UUID=uuid)["State"] for uuid in uuids}
    return [uuid for uuid, state in states.items() if state in POLLING]


def set_enabled(lab: Lab, uuids: Sequence[str], enabled: bool) -> None:
    """Switch event source mappings on or off, and wait until they are."""
    client, state = lab.client("lambda"), "Enabled" if enabled else "Disabled"
    for uuid in uuids:
        client.update_event_source_mapping(UUID=uuid, Enabled=enabled)

    def are_there() -> bool:
        return all(client.get_event_source_mapping(UUID=u)["State"] == state for u in uuids)

    wait_briefly(
        lab.clock,
        are_there,
        f"the event source mappings are {state}",
        cause="Lambda starts or stops their pollers",
        waits=lab.waits,
    )
