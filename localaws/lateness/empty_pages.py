"""FilterLogEvents with pages that are empty and are not the last."""

import random
from typing import Any

from localaws.wire.skin import Operation
from localaws.words.http import Caller

Params = dict[str, Any]

_EMPTY = "empty page, then: "
_PROBABILITY = 0.3


class EmptyPages:
    """Puts an empty page with a `nextToken` before some of the pages."""

    def __init__(self, operation: Operation, chance: random.Random) -> None:
        self._operation = operation
        self._chance = chance

    def filter_log_events(self, params: Params, caller: Caller) -> Any:
        token = params.get("nextToken") or ""
        if token.startswith(_EMPTY):
            # Never two of them in a row: a reader must come to an end.
            rest = {name: value for name, value in params.items() if name != "nextToken"}
            behind = token.removeprefix(_EMPTY)
            return self._operation({**rest, "nextToken": behind} if behind else rest, caller)
        if self._chance.random() < _PROBABILITY:
            return {"events": [], "searchedLogStreams": [], "nextToken": f"{_EMPTY}{token}"}
        return self._operation(params, caller)
