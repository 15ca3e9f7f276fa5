"""One batch of messages, from its receive to its end.

While the messages are hidden from other receivers, the poller has a lease on them: a throttled
invocation is tried again within it. When it ends, SQS shows the messages again and their receive
count has grown, whether the function ran or not.

No attempt *begins* once the first message of the batch shows again: another receive may have it by
then, and both would run. An attempt that is under way goes on, though, as on AWS, and its messages
may run twice: AWS advises a visibility timeout of six times the function's. What it deletes then
may be gone, or in a FIFO queue its receipt void (`delete`).

`ended` is called exactly once, when no attempt is under way and none is to come: the poller gives
the place away with it.

Example: the function's only concurrency is taken. Attempts at 0, 3.65, 10.95 and 25.55 s; each wait
is twice as long as the one before. With a visibility timeout of 60 s and the function free at 10 s,
the third one runs, after one receive. With 30 s, the fifth would come at 54.75 s: too late. The
lease ends, the messages show at 30 s, and the next receive counts 2
(`test_a_throttled_batch_is_tried_again_within_its_lease`, `test_a_long_throttle_costs_a_receive`).
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from localaws.lambda_.event_source_mappings import sqs_event
from localaws.lambda_.event_source_mappings.batch_response import InvalidBatchResponse, failed_ids
from localaws.lambda_.event_source_mappings.mapping import MappingSettings
from localaws.lambda_.invocation import lineage
from localaws.lambda_.invocation.ports import InvocationPorts
from localaws.lambda_.model import InvocationRequest, InvocationResult
from localaws.lambda_.ports import Resolved
from localaws.sqs import Message, Queue
from localaws.time.scheduler import Timer
from localaws.words.errors import AwsError

# The first wait after a throttle; each further one is twice as long. The one published capture
# shows a third try 10.97 s after the first: https://docs.aws.amazon.com/lambda gives no numbers.
FIRST_BACKOFF_S = 3.65


@dataclass(frozen=True)
class ReceivedMessage:
    """A message that passed the filters.

    Attributes:
        record: as the function sees it, as JSON text.
        size_bytes: of the record.
        expires_at_s: when SQS shows the message to other receivers again.
    """

    message: Message
    record: str
    size_bytes: int
    expires_at_s: float


class Lease:
    """Invokes the function with one batch, then deletes what is done."""

    def __init__(
        self,
        ports: InvocationPorts,
        mapping_uuid: str,
        settings: MappingSettings,
        queue: Queue,
        batch: Sequence[ReceivedMessage],
        ended: Callable[["Lease"], None],
    ) -> None:
        self._ports = ports
        self._uuid = mapping_uuid
        self._settings = settings
        self._queue = queue
        self._batch = batch
        self._ended = ended
        self._expires_at_s = min(received.expires_at_s for received in batch)
        self._tries = 0
        self._retry: Timer | None = None

    @property
    def throttled(self) -> bool:
        """It waits for concurrency."""
        return self._retry is not None

    def start(self) -> None:
        """Try to invoke, now."""
        self._retry = None
        self._ports.time.activity.spawn(self._try())

    def let_go(self) -> None:
        """Stop waiting for concurrency; a running invocation ends by itself."""
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
            self._ended(self)

    async def _try(self) -> None:
        self._tries += 1
        self._count("InvokedEventCount", len(self._batch))
        function = self._settings.function
        try:
            resolved = self._ports.functions.resolve(function.name, function.qualifier)
            result = await self._ports.invoker.attempt(resolved, self._request(resolved))
            self._settle(result, resolved)
        except AwsError as error:
            self._count("FailedInvokeEventCount", len(self._batch))
            # A function that is gone stays so: as after a failed run, nothing is deleted. One
            # that is throttled, or still being created, is worth another try.
            if error.status != 404:
                self._try_again_within_lease()
        finally:
            if self._retry is None:
                self._ended(self)

    def _request(self, resolved: Resolved) -> InvocationRequest:
        # The batch's longest chain decides, so that no loop hides behind a fresh message.
        arn = resolved.version.arn
        headers = [received.message.aws_trace_header for received in self._batch]
        longest = max(headers, key=lambda header: lineage.runs_in_chain(header, arn))
        return InvocationRequest(
            request_id=str(uuid.uuid4()),
            invoked_arn=resolved.invoked_arn,
            payload=sqs_event.payload([received.record for received in self._batch]),
            trace_header=lineage.next_header(longest, arn, self._ports.time.now_s()),
        )

    def _try_again_within_lease(self) -> None:
        """Try again while the lease lasts.

        A function without any concurrency is tried once per receive, as captured on AWS.
        """
        retry_at_s = self._ports.time.now_s() + FIRST_BACKOFF_S * 2 ** (self._tries - 1)
        reserved = self._ports.functions.reserved_concurrency(self._settings.function.name)
        if reserved != 0 and retry_at_s < self._expires_at_s:
            self._retry = self._ports.time.call_at(retry_at_s, self.start)

    def _settle(self, result: InvocationResult, resolved: Resolved) -> None:
        """Delete the messages that are done; the others show again when their time comes."""
        failed = self._failed(result)
        if failed:
            self._count("FailedInvokeEventCount", len(failed))
        done = [one.message for one in self._batch if one.message.message_id not in failed]
        role_arn = resolved.version.role_arn
        may_delete = self._ports.permissions.role_allows
        if not done or not may_delete(role_arn, "sqs:DeleteMessage", self._queue.arn):
            return
        for message in done:
            delete(self._queue, message)
        self._count("DeletedEventCount", len(done))

    def _failed(self, result: InvocationResult) -> set[str]:
        sent = {received.message.message_id for received in self._batch}
        if result.function_error is not None:
            return sent
        if not self._settings.reports_batch_item_failures:
            return set()
        try:
            return failed_ids(result.payload, sent)
        except InvalidBatchResponse:
            return sent

    def _count(self, name: str, events: int) -> None:
        if self._settings.counts_events:
            self._ports.metrics.count_events(name, events, self._uuid)


def delete(queue: Queue, message: Message) -> None:
    """Delete a message whose receipt may be void by now, or whose queue may be gone."""
    try:
        queue.delete(message.receipt_handle)
    except AwsError:
        return
