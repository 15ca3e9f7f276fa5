"""How an alarm's history begins: with its creation, and not with a state that it has anyway."""

from types import ModuleType
from typing import Any

from localaws.alarms.history import creation_item
from localaws.emulator.seams import replace
from localaws.time.clock import Clock


def begin_histories(cloudwatch: ModuleType, clock: Clock) -> None:
    """Let CloudWatch tell of a new alarm what AWS tells."""
    theirs = cloudwatch._record_history

    def record(name: str, old_state: str, new_state: str, *rest: Any, **named: Any) -> None:
        if old_state != new_state:
            theirs(name, old_state, new_state, *rest, **named)
            return
        now_s = clock.now_s()
        item = creation_item(cloudwatch._alarms[name], now_s)
        cloudwatch._history_entries().append(item | {"Timestamp": cloudwatch._ts_iso(now_s)})

    replace(cloudwatch, "_record_history", record)
