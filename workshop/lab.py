"""`Lab`: one target with its stacks, as a notebook sees it.

A lab keeps no ids and no results: everything is read again from AWS, so that a restarted kernel,
a second notebook and a cell that runs twice all see the same.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from workshop import html
from workshop.drift import comparison, repairs
from workshop.drift.notice import Drift
from workshop.drift.repairs import PutBack
from workshop.errors import DataError
from workshop.evidence import awaiting, diagnosis, late_logs, queues, settings_reader, throttles
from workshop.evidence.arrivals import arrivals_table
from workshop.evidence.behind import carrying, of_orders
from workshop.evidence.found import first_of
from workshop.evidence.look_line import look_line
from workshop.evidence.retry_settings import RetrySettings
from workshop.evidence.there import StillThere
from workshop.target import waiting
from workshop.target.clock import SKIPPING, Clock
from workshop.target.new_ids import new_id
from workshop.target.outputs import Outputs, find_outputs, read_outputs
from workshop.target.session import Session
from workshop.target.target import PATTERNS
from workshop.target.telling import Expected
from workshop.target.waits import Waited, Waits


class Lab:
    """The connected target.

    Made by `workshop.connect()`; shows target, Region and clock when it is displayed.

    Attributes:
        session: the calls and the time of the target, for the other modules of this package.
    """

    def __init__(self, session: Session) -> None:
        self.session = session

    @property
    def clock(self) -> Clock:
        """AWS's time: `now()`, `sleep(seconds)`, `is_virtual`, `mode`, `set_mode(mode)`."""
        return self.session.clock

    def new_id(self) -> str:
        """A new id each time: AWS's time of day and four letters, e.g. "093005-kfmz".

        With it in every order id two runs of a cell never mix, nor those of two people who use one
        AWS: the time alone stands still between waits on the embedded AWS.
        """
        return new_id(self.clock)

    def client(self, service: str) -> Any:
        """A boto3 client of this target, e.g. `lab.client("sqs")`."""
        return self.session.client(service)

    def outputs(self, pattern: str | Outputs) -> Outputs:
        """The stack outputs of a pattern, read from CloudFormation.

        Args:
            pattern: one of `workshop.target.target.PATTERNS`, e.g. "SqsDlq"; or those of something
                else, such as a rig of `workshop.bench`, which are what is returned. All methods
                take one or the other.

        Returns:
            A mapping whose keys also read as attributes: `lab.outputs("SqsDlq").SourceQueueUrl`.

        Raises:
            NotDeployedError: the stack does not exist on this target.
        """
        return pattern if isinstance(pattern, Outputs) else read_outputs(self.session, pattern)

    def deployed(self) -> dict[str, Outputs]:
        """The outputs of every pattern whose stack exists on this target."""
        found = {pattern: find_outputs(self.session, pattern) for pattern in PATTERNS}
        return {pattern: one for pattern, one in found.items() if isinstance(one, Outputs)}

    def settings(self, pattern: str | Outputs) -> RetrySettings:
        """What the pattern is configured to do with failures, read from SQS and Lambda."""
        return settings_reader.read_settings(self.session, self.outputs(pattern))

    def changed(self, *patterns: str) -> Drift:
        """Which settings are not as the stacks say: of these patterns, by default of all.

        A lesson that was interrupted may have left them so. Compared are queues, event source
        mappings, functions with their role, reserved concurrency and asynchronous invocation (not
        their code), policies, subscriptions and the alarm.
        """
        found = comparison.look(self.session, patterns or PATTERNS)
        is_late = bool(self.session.lateness.longest_s)
        return Drift(found, is_late=is_late, target=self.session.target)

    def put_back(self, *patterns: str) -> PutBack:
        """Set whatever `changed` shows as the stacks say; says what it did, and again is harmless.

        What you changed on purpose goes too: name the patterns to spare the others.
        """
        return repairs.put_back(self.session, patterns or PATTERNS)

    @property
    def waits(self) -> Waits:
        """The waits of this session, and how many requests they sent; shows both."""
        return self.session.waits

    def wait_until(
        self,
        condition: Callable[[], Any],
        what: str,
        *,
        cause: str = "",
        timeout_s: float = 600.0,
        expected_s: float | None = None,
        is_watched: bool = False,
        shortcut: str = "",
    ) -> Waited:
        """Let time pass until `condition()` is truthy.

        On the embedded AWS time skips from event to event; on a real account the condition is read
        every 15 seconds, and not before `expected_s`. One line is shown, with the time that is
        left; in the end it is a sentence with both clocks. Interrupting is safe.

        To wait for the end of an order use `wait_for_end`: it looks for that order, and disturbs
        nothing.

        Args:
            condition: reads AWS and returns something truthy once the fact holds.
            what: the fact in words, e.g. "one message is in the source queue's DLQ".
            cause: why this takes time, e.g. "visibility timeout 30 s, three receives".
            timeout_s: give up after this many seconds of AWS's clock.
            expected_s: how long AWS takes by its rules, e.g. two periods of an alarm.
            is_watched: the condition is read before that, too: somebody looks on.
            shortcut: what would make it shorter; said on a real account only.

        Raises:
            WaitTimeoutError: the fact did not become true; the message holds a diagnosis.
        """
        end = None
        if expected_s is not None:
            end = self.clock.now() + timedelta(seconds=expected_s)
        plan = Expected(end, None if is_watched else end)
        return waiting.wait_until(
            self.clock,
            condition,
            what,
            cause=cause,
            timeout_s=timeout_s,
            expected=lambda: plan,
            shortcut=shortcut,
            diagnose=self._findings,
            still_there=StillThere(self.session),
            waits=self.waits,
        )

    def wait_for_alarm(self, name: str) -> Waited:
        """Let time pass until an alarm rings; when it should is told by its period and evaluations.

        Args:
            name: the alarm's.

        Returns:
            How the wait ended; its `value` is the alarm: `since`, `reason`, and `told_of`, which
            says whether it rings because of what came at some moment.

        Raises:
            DataError: there is no such alarm.
            WaitTimeoutError: it does not ring; the message holds a diagnosis.
        """
        return awaiting.alarm(self.session, name, self._findings)

    def wait_for_end(
        self,
        pattern: str | Outputs | Iterable[str | Outputs],
        ids: Iterable[str],
        what: str = "",
        *,
        cause: str = "",
        since: datetime | None = None,
        timeout_s: float | None = None,
    ) -> Waited:
        """Let time pass until each of these messages is processed or given up.

        Each is looked for by its id: in the function's log, and by what the settings say about the
        time after its last attempt. Nothing is received, so no receive count rises (but where the
        function never saw a message: that one is looked for where it must have ended). Messages of
        others change nothing.

        Args:
            pattern: where they were sent; or several patterns, with the same orders in each.
            ids: order ids, or message ids of SQS or SNS.
            what: the fact in words; default says how many messages are waited for.
            cause: why it takes its time; default what the settings say, which tells whoever is
                about to be asked.
            since: only attempts from this moment on, for orders that are sent once more.
            timeout_s: give up after this many seconds of AWS's clock; default five minutes after
                AWS should be done.

        Returns:
            How the wait ended; its `value` is id -> "processed" or "given up", of the last pattern.
            Its `aws_s` counts from the moment when the message was sent, whenever the wait began;
            of several messages it is that of the one that took longest.

        Raises:
            DataError: an id is no text.
            WaitTimeoutError: the fact did not become true; the message holds a diagnosis.
        """
        patterns = [pattern] if isinstance(pattern, str | Outputs) else list(pattern)
        places = {str(getattr(one, "stack_name", one)): self.outputs(one) for one in patterns}
        return awaiting.orders(
            self.session,
            list(places.values()),
            _listed(ids),
            what,
            cause=cause,
            since=since,
            timeout_s=timeout_s,
            diagnose=lambda: self._findings(places),
        )

    def logs(self, pattern: str | Outputs, *, since: datetime | None = None) -> pd.DataFrame:
        """Every CloudWatch log event of the pattern's function.

        Where logs are late, as on a real account, this first waits for 5 s, since CloudWatch shows
        an event some seconds after it was written.

        Args:
            pattern: the pattern.
            since: only events from this moment on (timezone-aware); default all.

        Returns:
            Columns `timestamp` (datetime64[ms, UTC]), `log_stream` (str), `message` (str), in
            CloudWatch's order; no rows when the function never ran.
        """
        return late_logs.log(self.session, self.outputs(pattern).LogGroupName, since)

    def attempts(
        self,
        pattern: str | Outputs,
        *,
        order_ids: Iterable[str] | None = None,
        since: datetime | None = None,
    ) -> pd.DataFrame:
        """`attempts_table(lab.logs(pattern))`, optionally only those of some orders.

        `order_ids` may be message ids, too: of messages that hold no order, for instance.

        Where logs are late, an attempt without an error is "not known yet" until the handler's own
        line says that it was good, or an error would have been seen.

        Of orders it is known how their stories end: processed, or tried as often as the settings
        allow. So for these a late log is read again while an end is missing, for 33 s at the
        most: it may be late, or there is nothing more to come.
        """
        outputs = self.outputs(pattern)
        if order_ids is None:
            table = late_logs.all_attempts(
                self.session, outputs.LogGroupName, since, lambda: self.settings(outputs)
            )
            return carrying(table, outputs=outputs)
        table = late_logs.attempts(
            self.session,
            outputs.LogGroupName,
            _listed(order_ids),
            since,
            lambda: self.settings(outputs),
        )
        return carrying(table, outputs=outputs)

    def arrivals(
        self, pattern: str | Outputs, *, order_ids: Iterable[str] | None = None
    ) -> pd.DataFrame:
        """Where messages ended: one row per message in a DLQ or destination of the pattern.

        Looks into the queues without consuming; see `messages`. The columns are those of
        `workshop.evidence.arrivals.arrivals_table`; the ids those of `attempts`.
        """
        outputs = self.outputs(pattern)
        ends = outputs.end_queues
        with look_line(self.session, len(ends)):
            table = arrivals_table({name: self.messages(url) for name, url in ends.items()})
        table = carrying(throttles.counted(self.session, outputs, table), outputs=outputs)
        return table if order_ids is None else of_orders(table, _listed(order_ids))

    def messages(self, queue_url: str, *, at_most: int = 1000) -> list[dict[str, Any]]:
        """The visible messages of a queue, as boto3 returns them, without consuming them.

        SQS has no read-only look: this receives messages and makes them visible again at once, so
        each look raises their ApproximateReceiveCount by one, here as on AWS (where it also costs
        a request per ten messages). A queue with a redrive policy is refused, because looking
        would use up its receives: use `queue_counts` there. In the condition of a wait it receives
        only what its count says has come.

        Raises:
            DataError: the queue has a redrive policy.
        """
        look = queues.look_again if self.waits.is_looking else queues.look
        return look(self.session, queue_url, at_most=at_most)

    def message_of(self, queue_url: str, order_id: str) -> dict[str, Any]:
        """The message about an order that lies in a queue, the oldest; looks as `messages` does.

        Raises:
            DataError: none lies there.
        """
        found = [one for one in self.messages(queue_url) if order_id in one["Body"]]
        if not found:
            raise DataError(
                f"No message about {order_id} lies in {queue_url.rpartition('/')[2]}: it has not "
                "come yet, was deleted, or was kept no longer.",
                "Send a new one: run the notebook from the section Run on.",
            )
        return found[0]

    @staticmethod
    def first_of(found: Any, what: str) -> Any:
        """The first of what AWS listed, or of a table's rows; see `workshop.evidence.found`.

        Raises:
            DataError: there is none.
        """
        return first_of(found, what)

    def queue_counts(self, queue_url: str) -> queues.QueueCounts:
        """How many messages are visible, in flight (received, hidden) and delayed; free."""
        return queues.counts(self.session, queue_url)

    def _findings(self, places: Mapping[str, Outputs] | None = None) -> list[str]:
        """What stands in the way in these patterns, by default in all of them."""
        return [
            f"{pattern}: {finding}"
            for pattern, outputs in (self.deployed() if places is None else places).items()
            for finding in diagnosis.findings(self.session, outputs)
        ]

    def __repr__(self) -> str:
        target = self.session.target
        if target.is_embedded:
            where = f"{target}; no account, no cost"
            time = _virtual_time(self.clock.mode)
        elif target.is_aws:
            where = f"{target}: a real account, which pays for what is done here"
            time = "real: every wait takes as long as on AWS, because it is AWS"
        else:
            where = f"{target}: {target.what}, and not AWS itself"
            time = "real: every wait takes as long as that endpoint takes"
        return f"Target: {where}. Region: {self.session.region}. Time: {time}."

    def _repr_html_(self) -> str:
        # The first thing that every notebook shows: which of the two it is, in words and colour.
        if self.session.target.is_embedded:
            tone = html.GOOD if self.clock.mode in SKIPPING else html.WAITING
            return html.note(tone, "Embedded AWS", repr(self))
        label = "Real account" if self.session.target.is_aws else "Endpoint used as an account"
        return html.note(html.ACCOUNT, label, repr(self))


def _virtual_time(mode: str) -> str:
    """How time runs on the embedded AWS; whoever slowed it down may be gone, and it stays slow."""
    if mode in SKIPPING:
        return f"virtual ({mode}): waits are skipped, the times shown are AWS's"
    pace = "as fast as yours" if mode in ("real", "1") else f"{mode} times as fast as yours"
    return (
        f"virtual ({mode}), and it runs {pace}: waits are not skipped, in no notebook. A notebook "
        'or panel set it so. lab.clock.set_mode("skip") skips waits again, for all'
    )


def _listed(ids: Iterable[str]) -> list[str]:
    """The ids one by one; a single one may be given as it is.

    Raises:
        DataError: one of them is no text.
    """
    given = [ids] if isinstance(ids, str) or not isinstance(ids, Iterable) else list(ids)
    if wrong := [one for one in given if not isinstance(one, str)]:
        raise DataError(
            f"{wrong[0]!r} is no id of an order or a message.",
            'An id is a text, such as order["order_id"]; several are a list of texts.',
        )
    return given
