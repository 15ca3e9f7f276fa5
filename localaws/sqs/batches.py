"""Batch requests: what refuses the whole, and how single entries fail inside an HTTP 200."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from localaws.sqs import limits
from localaws.sqs.errors import (
    BatchEntryIdsNotDistinct,
    EmptyBatchRequest,
    InvalidBatchEntryId,
    MissingParameter,
    TooManyEntriesInBatchRequest,
)
from localaws.words.errors import AwsError

Entry = Mapping[str, Any]

_ID = re.compile(rf"[A-Za-z0-9_-]{{1,{limits.MAX_BATCH_ENTRY_ID_LENGTH}}}")


def check_entries(entries: Sequence[Entry], entry_shape: str) -> None:
    """Refuse a batch as a whole.

    Args:
        entry_shape: the entry's name in the model, which AWS's sentences contain.
    """
    if not entries:
        raise EmptyBatchRequest(f"There should be at least one {entry_shape} in the request.")
    if len(entries) > limits.MAX_BATCH_ENTRIES:
        raise TooManyEntriesInBatchRequest(
            f"Maximum number of entries per request are {limits.MAX_BATCH_ENTRIES}. "
            f"You have sent {len(entries)}."
        )
    seen: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        entry_id = entry.get("Id")
        if entry_id is None:
            raise MissingParameter(f"{entry_shape}.{number}.Id")
        if not _ID.fullmatch(entry_id):
            raise InvalidBatchEntryId(
                "A batch entry id can only contain alphanumeric characters, hyphens and "
                "underscores. It can be at most 80 letters long."
            )
        if entry_id in seen:
            raise BatchEntryIdsNotDistinct(f"Id {entry_id} repeated.")
        seen.add(entry_id)


def run(entries: Sequence[Entry], act: Callable[[int, Entry], Mapping[str, Any]]) -> dict[str, Any]:
    """Act on each entry (counted from 1); those that are refused are listed as failed."""
    successful: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for number, entry in enumerate(entries, start=1):
        try:
            successful.append({"Id": entry["Id"], **act(number, entry)})
        except AwsError as error:
            failed.append(
                {
                    "Id": entry["Id"],
                    "Code": error.query_code,
                    "Message": error.message,
                    "SenderFault": True,
                }
            )
    return {
        **({"Successful": successful} if successful else {}),
        **({"Failed": failed} if failed else {}),
    }
