"""The smallest form of pattern 1: a source queue, its DLQ and a mapped function."""

from dataclasses import dataclass
from typing import Any

from tests.scenarios.account import Account
from tests.scenarios.queues import Queue


@dataclass(frozen=True)
class Pattern:
    """A source queue whose messages a function processes and whose failures a DLQ keeps."""

    account: Account
    source: Queue
    dlq: Queue
    function: str
    mapping_id: str

    def disable(self) -> None:
        """Let the mapping poll no longer."""
        lambda_ = self.account.client("lambda")
        lambda_.update_event_source_mapping(UUID=self.mapping_id, Enabled=False)
        self.await_state("Disabled")

    def await_state(self, state: str) -> None:
        """Wait until the mapping is in a state."""
        self.account.time.until(lambda: self.account.mapping_state(self.mapping_id) == state)

    def await_empty_source(self, within_s: float = 900.0) -> None:
        """Wait until the source queue holds nothing, not even in flight."""
        self.account.time.until(lambda: self.source.counts() == (0, 0, 0), within_s)


def sqs_pattern(
    account: Account,
    handler: str = "orders",
    *,
    receives: int = 3,
    visibility_s: int = 30,
    delay_s: int = 0,
    role: str | None = None,
    fifo: bool = False,
    **mapping: Any,
) -> Pattern:
    """Make one.

    Args:
        handler: the file in `handlers/`.
        receives: maxReceiveCount of the source queue.
        visibility_s, delay_s: visibility timeout and delay of the source queue.
        mapping: settings of the event source mapping; BatchSize is 1 unless given.
    """
    kind = {"FifoQueue": "true", "ContentBasedDeduplication": "true"} if fifo else {}
    dlq = account.queue(**kind)
    source = account.queue(
        redrive_to=dlq,
        receives=receives,
        VisibilityTimeout=visibility_s,
        DelaySeconds=delay_s,
        **kind,
    )
    function = account.function(handler, role=role)
    mapping_id = account.mapping(source, function, **mapping)
    return Pattern(account, source, dlq, function, mapping_id)
