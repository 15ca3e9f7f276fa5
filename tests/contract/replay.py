"""Lambda's control plane, taken through recorded tests step by step."""

import json
from typing import Any

from localaws.words.identity import Identity
from tests.contract.recordings import Comparison
from tests.unit.lambda_.control_plane import PlaneWorld

IDENTITY = Identity("111111111111", "us-east-1")
ROLE = "arn:aws:iam::111111111111:role/worker"
ARN = "arn:aws:lambda:us-east-1:111111111111:function"


class Replay:
    """One recorded test, performed step by step."""

    def __init__(self, plane: PlaneWorld, content: dict[str, Any], **known: str) -> None:
        self.plane = plane
        self._content = content
        self._comparison = Comparison(**known)
        self.seen: set[str] = set()

    def step(self, step: str, operation: str, within: str | None = None, **params: Any) -> Any:
        """Call an operation and compare the answer with the step's."""
        return self.compare(step, self.plane.call(operation, **params), within)

    def compare(self, step: str, answer: dict[str, Any], within: str | None = None) -> Any:
        self.seen.add(step)
        recorded = self._content[step]
        answer = _as_recorded(answer)
        self._comparison.check(recorded[within] if within else recorded, answer, step)
        return answer

    def done(self, *left_out: str) -> None:
        """Every step was performed, but for those named."""
        assert self.seen | set(left_out) == set(self._content)


def create(plane: PlaneWorld, name: str = "fn", **params: Any) -> dict[str, Any]:
    """As the recorded tests create functions, where they do not say otherwise."""
    defaults = {
        "Role": ROLE,
        "Handler": "handler.handler",
        "Timeout": 30,
        "Environment": {"Variables": {}},
    }
    return plane.create(name, **{**defaults, **params})


def plain(plane: PlaneWorld, name: str = "fn", **params: Any) -> dict[str, Any]:
    """A function with nothing but what is mandatory."""
    return plane.create(name, Role=ROLE, **params)


def _as_recorded(answer: dict[str, Any]) -> dict[str, Any]:
    """Recorded policies are shown as objects; a deleted function's status only as HTTP status."""
    answer = {key: value for key, value in answer.items() if key != "StatusCode"}
    for member in ("Policy", "Statement"):
        if member in answer:
            answer[member] = json.loads(answer[member])
    return answer
