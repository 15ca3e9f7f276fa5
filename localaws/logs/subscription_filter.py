"""Subscription filters: what is written goes on to a function.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
"""

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from localaws.logs.limits import (
    MAX_SUBSCRIPTION_BYTES,
    SUBSCRIPTION_DELAY_S,
    SUBSCRIPTION_MAX_BACKOFF_S,
    SUBSCRIPTION_RETRIES_S,
)
from localaws.logs.patterns import FilterPattern
from localaws.logs.stream import Position, bytes_of
from localaws.time.time import Time
from localaws.words.errors import AwsError
from localaws.words.json_text import compact
from localaws.words.ports import AsyncInvoke

PRINCIPAL = "logs.amazonaws.com"


@dataclass
class SubscriptionFilter:
    """One subscription filter of a log group.

    Attributes:
        description: as DescribeSubscriptionFilters shows it.
    """

    description: Mapping[str, Any]
    pattern: FilterPattern


class Subscriptions:
    """Delivers batches to functions, asynchronously, as `awslogs` events.

    Args:
        invoke_async: how functions are invoked; None where there are none.
    """

    def __init__(
        self,
        time: Time,
        account_id: str,
        invoke_async: AsyncInvoke | None,
    ) -> None:
        self._time = time
        self._account_id = account_id
        self._invoke_async = invoke_async

    def forward(
        self,
        subscription: SubscriptionFilter,
        group_arn: str,
        stream_name: str,
        events: Sequence[tuple[int, str]],
        serial: int,
    ) -> None:
        """Send on what matches of new events, whose first has that serial number."""
        pattern = subscription.pattern
        matching = [
            _event(Position(at_ms, serial + place), text, pattern.delivered(text))
            for place, (at_ms, text) in enumerate(events)
            if pattern.matches(text)
        ]
        for batch in _batches(matching):
            message = {
                "messageType": "DATA_MESSAGE",
                "owner": self._account_id,
                "logGroup": subscription.description["logGroupName"],
                "logStream": stream_name,
                "subscriptionFilters": [subscription.description["filterName"]],
                "logEvents": batch,
            }
            self._deliver_later(
                subscription.description["destinationArn"],
                _payload(message),
                f"{group_arn}:*",
                SUBSCRIPTION_DELAY_S,
                self._time.now_s() + SUBSCRIPTION_RETRIES_S,
            )

    def _deliver_later(
        self,
        function_arn: str,
        payload: bytes,
        source_arn: str,
        delay_s: float,
        give_up_at_s: float,
    ) -> None:
        def deliver() -> None:
            if self._invoke_async is None:
                return
            try:
                self._invoke_async(
                    function_arn, payload, principal_service=PRINCIPAL, source_arn=source_arn
                )
            except AwsError as error:
                # What the function's owner has to mend is lost; anything else is tried again.
                retries = error.status == 429 or error.status >= 500
                if retries and self._time.now_s() < give_up_at_s:
                    backoff_s = min(delay_s * 2, SUBSCRIPTION_MAX_BACKOFF_S)
                    self._deliver_later(function_arn, payload, source_arn, backoff_s, give_up_at_s)

        self._time.call_at(self._time.now_s() + delay_s, deliver)


def _event(at: Position, text: str, fields: Mapping[str, str] | None) -> dict[str, Any]:
    event = {"id": at.event_id, "timestamp": at.time_ms, "message": text}
    return event if fields is None else {**event, "extractedFields": fields}


def _payload(message: Mapping[str, Any]) -> bytes:
    document = compact(message)
    # A fixed time in the header: the same events are the same bytes.
    packed = gzip.compress(document.encode("utf-8", "replace"), mtime=0)
    return json.dumps({"awslogs": {"data": base64.b64encode(packed).decode()}}).encode()


def _batches(events: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    batches: list[list[dict[str, Any]]] = []
    size = 0
    for event in events:
        added = bytes_of(event["message"])
        if not batches or size + added > MAX_SUBSCRIPTION_BYTES:
            batches.append([])
            size = 0
        batches[-1].append(event)
        size += added
    return batches
