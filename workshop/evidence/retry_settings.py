"""The settings that decide how often a message is tried, as AWS reports them."""

from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from workshop import html

# Waits between the attempts of an asynchronous invocation whose function fails:
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
ASYNC_RETRY_DELAYS_S = (60.0, 120.0)


@dataclass(frozen=True)
class RetrySettings:
    """What one pattern is configured to do with a message that fails.

    Attributes:
        source: "sqs" (event source mapping re-receives) or "async" (Lambda's event queue retries).
        function_timeout_s: an attempt is killed after this long.
        visibility_timeout_s: the source queue's, "sqs" only.
        max_receive_count: of the source queue's redrive policy, "sqs" only; None: no DLQ.
        maximum_retry_attempts: 0-2, "async" only; attempts are one more.
        maximum_event_age_s: 60-21600, "async" only.
        batch_size: largest number of messages per invocation, "sqs" only.
        batching_window_s: how long the mapping gathers a batch, "sqs" only.
        failure_target: where a message goes in the end ("source queue's DLQ",
            "on-failure destination", "function's DLQ"); None: it is lost.
        function_sets_visibility: the function changes the visibility timeout of what it holds, so
            a wait that is not the queue's is the function's.
    """

    source: Literal["sqs", "async"]
    function_timeout_s: float
    visibility_timeout_s: float | None = None
    max_receive_count: int | None = None
    maximum_retry_attempts: int | None = None
    maximum_event_age_s: float | None = None
    batch_size: int | None = None
    batching_window_s: float = 0.0
    failure_target: str | None = None
    function_sets_visibility: bool = False

    @property
    def maximum_attempts(self) -> int | None:
        """How often a message that always fails is tried; None: until its retention ends."""
        if self.source == "sqs":
            return self.max_receive_count
        return 1 + (2 if self.maximum_retry_attempts is None else self.maximum_retry_attempts)

    @property
    def limit(self) -> str:
        """The setting that ends the attempts, as AWS writes it; "" when there is none."""
        if self.source == "async":
            retries = (self.maximum_attempts or 1) - 1
            return f"MaximumRetryAttempts = {retries}"
        return f"maxReceiveCount = {self.max_receive_count}" if self.max_receive_count else ""

    def wait_after_s(self, attempt: int) -> float:
        """The configured wait after a failed attempt (1, 2, ...), in seconds.

        SQS counts it from the receive, asynchronous invocation from the end of the attempt.
        """
        if self.source == "sqs":
            return self.visibility_timeout_s or 0.0
        return ASYNC_RETRY_DELAYS_S[min(attempt, len(ASYNC_RETRY_DELAYS_S)) - 1]

    def attempt_times_s(self, attempts: int) -> list[float]:
        """When attempts 1..n of a message that fails at once happen, in seconds since sending."""
        waits = (self.wait_after_s(attempt) for attempt in range(1, attempts))
        return list(accumulate(waits, initial=0.0))[: max(attempts, 0)]

    def _repr_html_(self) -> str:
        return html.table((), self._rows(), has_row_heads=True)

    def _rows(self) -> list[tuple[str, str, str]]:
        """The settings in AWS's words, with what each does."""
        timeout = (
            "function timeout",
            f"{self.function_timeout_s:g} s",
            "an attempt is ended after this long",
        )
        end = ("in the end", *self._end())
        if self.source == "async":
            tries = f"so {self.maximum_attempts} attempts; waits of 1 and 2 minutes between them"
            age = f"{self.maximum_event_age_s:g} s" if self.maximum_event_age_s else "not set"
            return [
                timeout,
                ("MaximumRetryAttempts", str((self.maximum_attempts or 1) - 1), tries),
                ("MaximumEventAgeInSeconds", age, "an event that would get older is given up"),
                end,
            ]
        receives = ("not set", "so it may be received again and again, without a limit")
        if self.max_receive_count:
            receives = (
                f"{self.max_receive_count}",
                "so often it may be received; then it is moved",
            )
        return [
            timeout,
            (
                "VisibilityTimeout",
                f"{self.visibility_timeout_s or 0:g} s",
                "a received message is hidden this long, then it can be received again",
            ),
            ("maxReceiveCount", *receives),
            ("BatchSize", str(self.batch_size), "messages per invocation at the most"),
            end,
        ]

    def _end(self) -> tuple[str, str]:
        """Where a message goes that fails each time, and why there."""
        if self.failure_target:
            return self.failure_target, "where a message goes that is given up"
        if self.source == "async":
            return "nothing keeps it", "no DLQ and no destination is set: what is given up is lost"
        return (
            "the source queue",
            "no DLQ is set: it stays until its retention ends, then it is lost",
        )
