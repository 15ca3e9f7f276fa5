"""What arrived, field by field, and the order in it. Pure."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from workshop.evidence import records

# As with log lines: what has no more room is not told.
_MOST_LETTERS = 60_000


class Parcels:
    """Collects the messages that lie in DLQs and destinations.

    Attributes:
        told: one per message: `kind`, and `fields` as [field, value, meaning].
    """

    def __init__(self, messages: Mapping[str, Mapping[str, Any]]) -> None:
        self._messages = messages
        self._letters = 0
        self.told: list[dict[str, Any]] = []

    def number_of(self, row: Mapping[Any, Any]) -> int | None:
        """The number of the parcel of an arrival; None when its message is not at hand."""
        message = self._messages.get(str(row["queue_message_id"]))
        if message is None or self._letters > _MOST_LETTERS:
            return None
        kind = records.kind_of(message)
        fields = (
            [["Body", str(message.get("Body", "")), "as it lies there"]]
            if kind is None
            else [[str(value) for value in one] for one in records.explain(message).to_numpy()]
        )
        self._letters += sum(len(text) for one in fields for text in one)
        self.told.append({"kind": kind or "message", "fields": fields})
        return len(self.told) - 1

    def payload_of(self, row: Mapping[Any, Any]) -> str | None:
        """The order itself, inside whatever was put around it; None when it cannot be told."""
        if pd.isna(row["body"]) or self._letters > _MOST_LETTERS:
            return None
        body = records.parsed(str(row["body"]))
        found = _inside(body)
        return found if isinstance(found, str) else json.dumps(found)


def _inside(body: Any) -> Any:
    """The published message of an event or record, or of a notification; else the body."""
    event = body.get("requestPayload", body) if isinstance(body, dict) else body
    if isinstance(event, dict):
        if event.get("Type") == "Notification" and "Message" in event:
            return event["Message"]
        try:
            return event["Records"][0]["Sns"]["Message"]
        except (KeyError, IndexError, TypeError):
            return event
    return event
