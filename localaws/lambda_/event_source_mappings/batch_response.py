"""Which records of a batch a function reports as failed (`ReportBatchItemFailures`). Pure.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

import json
from collections.abc import Collection
from typing import Any


class InvalidBatchResponse(ValueError):
    """The response names no usable set of failures, so the whole batch counts as failed."""


def failed_ids(payload: bytes, sent_ids: Collection[str]) -> set[str]:
    """The ids that must stay in the queue; all others are done.

    Args:
        payload: what the function returned, as JSON text.
        sent_ids: the message ids of the batch.

    Raises:
        InvalidBatchResponse: nothing of the response can be trusted.
    """
    response = _parse(payload)
    # A function that returns nothing, or says nothing about failures, had none.
    failures = response.get("batchItemFailures") if isinstance(response, dict) else response
    if failures is None:
        return set()
    if not isinstance(failures, list):
        raise InvalidBatchResponse(f"batchItemFailures is {failures!r}, not a list")
    return {_identifier(entry, sent_ids) for entry in failures}


def _parse(payload: bytes) -> Any:
    try:
        response = json.loads(payload) if payload else None
    except ValueError as error:
        raise InvalidBatchResponse(f"the response is not JSON: {error}") from None
    if isinstance(response, dict | None):
        return response
    # A bare string, number or list reports nothing: AWS documents only the object form.
    return None


def _identifier(entry: Any, sent_ids: Collection[str]) -> str:
    identifier = entry.get("itemIdentifier") if isinstance(entry, dict) else None
    if not isinstance(identifier, str) or identifier not in sent_ids:
        raise InvalidBatchResponse(
            f"{entry!r} does not name a message of the batch by a text itemIdentifier"
        )
    return identifier
