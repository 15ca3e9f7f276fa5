"""How often Lambda refused to run a function while SQS could receive a message.

Such a receive leaves no line in any log: CloudWatch's `Throttles` is the only witness.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pandas as pd

from workshop.evidence.arrivals import MOVED
from workshop.evidence.metrics import Metric, by_minute
from workshop.evidence.settings_reader import read_settings
from workshop.target.session import Session

_MINUTE = timedelta(minutes=1)


def counted(session: Session, outputs: Mapping[str, str], arrivals: pd.DataFrame) -> pd.DataFrame:
    """Arrivals with their column `throttled`, for messages that SQS moved.

    Missing while metrics are late that could still count one.
    """
    is_moved = (arrivals["reason"] == MOVED) & arrivals["sent_at"].notna()
    if not is_moved.any() or not {"FunctionName", "EventSourceMappingId"} <= outputs.keys():
        return arrivals
    settings = read_settings(session, outputs)
    hidden_s = settings.visibility_timeout_s or 0.0
    # The receive after the last one moves it.
    lasts = timedelta(seconds=hidden_s * ((settings.max_receive_count or 0) + 1))
    sent = arrivals.loc[is_moved, "sent_at"]
    metric = Metric("AWS/Lambda", "Throttles", "FunctionName", outputs["FunctionName"])
    until = min(sent.max() + lasts, pd.Timestamp(session.clock.now()))
    minutes = by_minute(session, metric, sent.min().to_pydatetime(), until.to_pydatetime())
    seen_until = session.clock.now() - _MINUTE - timedelta(seconds=session.lateness.metrics_s)

    def throttles(at: pd.Timestamp) -> Any:
        # A minute's value stands at its beginning.
        number = sum(int(value) for minute, value in minutes if at - _MINUTE < minute <= at + lasts)
        is_late = session.lateness.metrics_s and at + lasts > seen_until
        return pd.NA if is_late and not number else number

    found = arrivals["sent_at"].map(throttles)
    arrivals["throttled"] = arrivals["throttled"].mask(is_moved, found.astype("Int64"))
    return arrivals
