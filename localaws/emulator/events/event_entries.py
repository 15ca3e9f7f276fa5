"""Entries of PutEvents that AWS does not take: each gets an error in its place among the answers.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
"""

import json
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace

_MOST = 10
_REQUIRED = ("Source", "DetailType", "Detail")


def refuse_malformed_entries(eventbridge: ModuleType) -> None:
    """Let PutEvents hand on only the entries that AWS's would."""
    theirs = eventbridge._put_events

    def put(data: Mapping[str, Any], allow_aws_source: bool = False) -> Any:
        entries = data.get("Entries", [])
        refused = [refusal_of(entry) for entry in entries]
        # More than ten are one mistake of the request.
        if not any(refused) or len(entries) > _MOST:
            return theirs(data, allow_aws_source)
        pairs = zip(entries, refused, strict=True)
        taken = [entry for entry, refusal in pairs if refusal is None]
        status, headers, body = theirs({**data, "Entries": taken}, allow_aws_source)
        if status >= 300:
            return status, headers, body
        answer = json.loads(body)
        theirs_in_turn = iter(answer["Entries"])
        answer["Entries"] = [refusal or next(theirs_in_turn) for refusal in refused]
        answer["FailedEntryCount"] += len(entries) - len(taken)
        return status, headers, json.dumps(answer).encode()

    replace(eventbridge, "_put_events", put)


def refusal_of(entry: Mapping[str, Any]) -> dict[str, str] | None:
    """The answer to an entry that is incomplete, or whose Detail is no JSON object; else None."""
    for name in _REQUIRED:
        if not entry.get(name):
            message = f"Parameter {name} is not valid. Reason: {name} is a required argument."
            return {"ErrorCode": "InvalidArgument", "ErrorMessage": message}
    if not _is_object(entry["Detail"]):
        return {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
    return None


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
