"""Pages of a sorted list of queues."""

import base64
from collections.abc import Sequence

from localaws.sqs.errors import InvalidParameterValue
from localaws.sqs.limits import MAX_LISTED_QUEUES
from localaws.sqs.queue import Queue


def page(
    queues: Sequence[Queue], max_results: int | None, next_token: str | None
) -> tuple[list[str], str | None]:
    """Queue URLs from the token on, and the token of the next page.

    Only a request with MaxResults gets a token.
    """
    if max_results is not None and not 1 <= max_results <= MAX_LISTED_QUEUES:
        raise InvalidParameterValue.of(
            "MaxResults", max_results, f"Must be between 1 and {MAX_LISTED_QUEUES}, if provided."
        )
    last = _decoded(next_token) if next_token else ""
    rest = [queue for queue in queues if queue.name > last]
    shown = rest[: max_results or MAX_LISTED_QUEUES]
    more = max_results is not None and len(rest) > len(shown)
    token = base64.b64encode(shown[-1].name.encode()).decode() if more else None
    return [queue.url for queue in shown], token


def _decoded(next_token: str) -> str:
    try:
        return base64.b64decode(next_token, validate=True).decode()
    except ValueError:
        raise InvalidParameterValue.of("NextToken", next_token, "Invalid NextToken.") from None
