"""Lambda's internal queue of asynchronous events: attempts, waits, endings."""

from dataclasses import dataclass, field, replace
from itertools import count

from localaws.lambda_.asynchronous.destinations import Destinations
from localaws.lambda_.asynchronous.event_invoke_config import EventInvokeConfig, EventInvokeConfigs
from localaws.lambda_.asynchronous.records import Ending, LastAttempt
from localaws.lambda_.asynchronous.retry_policy import (
    Condition,
    Discard,
    EventProgress,
    Failure,
    after_failure,
    before_attempt,
)
from localaws.lambda_.invocation import lineage
from localaws.lambda_.invocation.concurrency import TooManyRequestsException
from localaws.lambda_.invocation.ports import InvocationPorts
from localaws.lambda_.model import LATEST, InvocationRequest
from localaws.lambda_.ports import Resolved
from localaws.words.errors import AwsError
from localaws.words.retries import RetryAt


@dataclass
class AsyncEvent:
    """One accepted event on its way.

    Attributes:
        number: the how many-th accepted event it is.
        resolved, config: as found at the last attempt; they outlive the function, so that the
            event of a deleted function still finds its destinations.
        trace_header: what the function and the event's outlets are told.
    """

    number: int
    request_id: str
    payload: bytes
    resolved: Resolved
    config: EventInvokeConfig
    progress: EventProgress
    trace_header: str
    last: LastAttempt = field(default_factory=LastAttempt)

    @property
    def function_name(self) -> str:
        return self.resolved.version.function_name

    @property
    def function_arn(self) -> str:
        """The function's ARN, always with a qualifier."""
        return f"{self.resolved.version.arn}:{self.resolved.qualifier or LATEST}"


class EventQueue:
    """Runs accepted events until they succeed or are discarded, and hands over what is left."""

    def __init__(
        self,
        ports: InvocationPorts,
        configs: EventInvokeConfigs,
        destinations: Destinations,
    ) -> None:
        self._time = ports.time
        self._functions = ports.functions
        self._invoker = ports.invoker
        self._metrics = ports.metrics
        self._configs = configs
        self._destinations = destinations
        self._numbers = count()
        self._waiting: dict[float, list[AsyncEvent]] = {}

    def accept(
        self,
        resolved: Resolved,
        payload: bytes,
        *,
        request_id: str,
        trace_header: str | None = None,
    ) -> None:
        """Queue an event; its first attempt starts at once."""
        now_s = self._time.now_s()
        version = resolved.version
        runs = lineage.runs_in_chain(trace_header, version.arn)
        event = AsyncEvent(
            number=next(self._numbers),
            request_id=request_id,
            payload=payload,
            resolved=resolved,
            config=self._configs.of(version.function_name, resolved.qualifier),
            progress=EventProgress(accepted_at_s=now_s, runs_in_chain=runs),
            trace_header=lineage.next_header(trace_header, version.arn, now_s),
        )
        self._count("AsyncEventsReceived", event)
        self._time.activity.spawn(self._advance(event))

    async def _advance(self, event: AsyncEvent) -> None:
        """One attempt, and what follows from it."""
        unresolved = self._refresh(event)
        discard = before_attempt(
            event.progress,
            event.config.settings,
            self._time.now_s(),
            reserved_concurrency=self._functions.reserved_concurrency(event.function_name),
            recursion_terminates=self._functions.terminates_recursion(event.function_name),
        )
        if discard is not None:
            self._end(event, discard.condition)
            return
        failure = self._refused(event, unresolved) if unresolved else await self._attempt(event)
        if failure is None:
            self._end(event, Condition.SUCCESS)
            return
        now_s = self._time.now_s()
        match after_failure(failure, event.progress, event.config.settings, now_s):
            case RetryAt(when_s):
                self._retry_at(when_s, event)
            case Discard(condition):
                self._end(event, condition)

    def _retry_at(self, when_s: float, event: AsyncEvent) -> None:
        if when_s not in self._waiting:
            self._waiting[when_s] = []
            self._time.call_at(when_s, lambda: self._retry_all(when_s))
        self._waiting[when_s].append(event)

    def _retry_all(self, when_s: float) -> None:
        """Events that are due together, in the order in which they were accepted.

        Attempts that end at the same moment end in real time one after the other, as the machine
        pleases; which event meets an environment whose process has to start anew must not.
        """
        for event in sorted(self._waiting.pop(when_s), key=lambda one: one.number):
            self._time.activity.spawn(self._advance(event))

    def _refresh(self, event: AsyncEvent) -> AwsError | None:
        """Take the code and configuration of now; returns why there is none."""
        qualifier = event.resolved.qualifier
        try:
            event.resolved = self._functions.resolve(event.function_name, qualifier)
        except AwsError as error:
            return error
        event.config = self._configs.of(event.function_name, qualifier)
        return None

    def _refused(self, event: AsyncEvent, error: AwsError) -> Failure:
        """Nothing could run: the function is gone, or not to be had now."""
        deleted = error.status == 404
        failure = Failure.FUNCTION_DELETED if deleted else Failure.SYSTEM_ERROR
        text = f"Function not found: {event.function_arn}" if deleted else error.message
        event.last = LastAttempt(status=404 if deleted else 500, error_message=text)
        event.progress = _counted(event.progress, failure)
        return failure

    async def _attempt(self, event: AsyncEvent) -> Failure | None:
        age_ms = event.progress.age_s(self._time.now_s()) * 1000
        self._put("AsyncEventAge", age_ms, "Milliseconds", event)
        request = InvocationRequest(
            request_id=event.request_id,
            invoked_arn=event.resolved.invoked_arn,
            payload=event.payload,
            trace_header=event.trace_header,
        )
        failure: Failure | None
        try:
            result = await self._invoker.attempt(event.resolved, request)
        except TooManyRequestsException as error:
            event.last = LastAttempt(status=429, error_message=error.message)
            failure = Failure.THROTTLED
        except AwsError as error:
            event.last = LastAttempt(status=500, error_message=error.message)
            failure = Failure.SYSTEM_ERROR
        else:
            event.last = LastAttempt(status=200, result=result)
            failure = None if result.function_error is None else Failure.FUNCTION_ERROR
        event.progress = _counted(event.progress, failure)
        return failure

    def _end(self, event: AsyncEvent, condition: Condition) -> None:
        succeeded = condition is Condition.SUCCESS
        if not succeeded:
            self._count("AsyncEventsDropped", event)
        if condition is Condition.RECURSIVE_INVOCATION:
            self._count("RecursiveInvocationsDropped", event)
        ending = Ending(
            request_id=event.request_id,
            function_arn=event.function_arn,
            condition=condition,
            # AWS was seen to report 1 for a success after a retry, too.
            invoke_count=1 if succeeded else event.progress.invoke_count,
            payload=event.payload,
            last=event.last,
        )
        version = event.resolved.version
        destination = event.config.on_success if succeeded else event.config.on_failure
        if destination:
            self._destinations.deliver_record(ending, version, destination, event.trace_header)
        if not succeeded and version.dead_letter_target_arn:
            self._destinations.deliver_dead_letter(ending, version, event.trace_header)

    def _count(self, name: str, event: AsyncEvent) -> None:
        self._put(name, 1, "Count", event)

    def _put(self, name: str, value: float, unit: str, event: AsyncEvent) -> None:
        version = event.resolved.version
        self._metrics.put(
            name, value, unit, event.function_name, event.resolved.qualifier, version.version
        )


def _counted(progress: EventProgress, failure: Failure | None) -> EventProgress:
    if failure is None or failure.uses_up_retries:
        return replace(progress, invoke_count=progress.invoke_count + 1, backoffs=0)
    return replace(progress, backoffs=progress.backoffs + 1)
