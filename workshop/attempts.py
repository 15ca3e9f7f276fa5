"""Log table -> one row per attempt. Pure pandas, no AWS."""

import pandas as pd


def attempts_table(logs: pd.DataFrame) -> pd.DataFrame:
    """One row per attempt at one message.

    Args:
        logs: as `Lab.logs` returns it; Text and JSON log formats, mixed if need be.

    Returns:
        Sorted by `message_id`, then `attempt`. An invocation with a batch of n messages gives n
        rows. No log events give the same columns without rows.

        ================== ==================== ================================================
        column             dtype                meaning
        ================== ==================== ================================================
        message_id         str                  SQS or SNS message id; the request id when the
                                                function was invoked directly
        order_id           str                  business key in the message, missing when none
        attempt            Int64                1, 2, ... in the order of the logs
        receive_count      Int64                SQS's ApproximateReceiveCount; missing for async
        started_at         datetime64[ms, UTC]  when the invocation started (START)
        ended_at           datetime64[ms, UTC]  started_at + duration_ms; missing while it runs
        duration_ms        Float64              of the invocation (REPORT)
        outcome            str                  of this message: ok, error, timeout, crash, running
        error_type         str                  e.g. ValueError; missing when ok
        error_message      str                  its message; missing when ok
        invocation_outcome str                  of the whole invocation; differs in batches only
        batch_size         Int64                messages in the invocation
        request_id         str                  shared by all attempts of an async event
        source             str                  sqs or async
        sent_at            datetime64[ms, UTC]  when the message was sent, missing when not logged
        fault              str                  the fault the message carried, missing when none
        cold_start         boolean              a new execution environment was made for it
        log_stream         str                  one per execution environment
        ================== ==================== ================================================
    """
    raise NotImplementedError
