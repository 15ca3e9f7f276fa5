"""One message's life story."""

import pandas as pd

from workshop.lab import Lab


class Trace:
    """A life story; shows itself as sentences, then the raw log lines, then the query.

    Attributes:
        sentences: the story, in order of time.
        events: the same as a table: `at` (datetime64[ms, UTC]), `after_s` (Float64, seconds since
            the first send), `message_id`, `what`, `detail`.
        lines: the log lines of every attempt: `timestamp`, `log_stream`, `message`.
        query: the equivalent CloudWatch Logs Insights query.
    """

    sentences: list[str]
    events: pd.DataFrame
    lines: pd.DataFrame
    query: str

    def run_query(self) -> pd.DataFrame:
        """Run `query` on CloudWatch Logs Insights; its rows, all values text."""
        raise NotImplementedError


def trace(lab: Lab, some_id: str) -> Trace:
    """Everything that AWS knows about one message.

    Args:
        lab: the target.
        some_id: an order id, a message id (SQS or SNS) or a request id, in any deployed pattern.

    Raises:
        DataError: nothing that AWS shows carries this id.
    """
    raise NotImplementedError
