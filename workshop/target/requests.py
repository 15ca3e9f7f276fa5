"""How many requests go to a target, as they are sent: pages and repetitions count as well."""

from collections import Counter
from typing import Any


class Requests:
    """Counts what the clients of one target send.

    Attributes:
        by_operation: "sqs.GetQueueAttributes" and its like -> how often it was sent.
    """

    def __init__(self) -> None:
        self.by_operation: Counter[str] = Counter()

    @property
    def total(self) -> int:
        """All of them."""
        return self.by_operation.total()

    def watched(self, client: Any) -> Any:
        """The same client, whose requests are counted from now on."""
        client.meta.events.register("before-send", self._note)
        return client

    def _note(self, event_name: str, **_: Any) -> None:
        # botocore's name of the event: before-send.sqs.GetQueueAttributes
        self.by_operation[event_name.partition(".")[2]] += 1
