"""Log events -> one row per attempt."""

import json

import pandas as pd
import pytest

from tests.unit.workshop.log_events import T0_MS, event, invocation, logs, record
from workshop.errors import DataError
from workshop.evidence.attempts import COLUMNS, attempts_table
from workshop.evidence.behind import behind
from workshop.evidence.lane_making import make_lanes


def sqs(receive_count: int, **fields: object) -> dict[str, object]:
    return record(
        "m1", "A-1", source="sqs", sent_at_ms=T0_MS - 20, receive_count=receive_count, **fields
    )


def test_receives_of_one_message_are_attempts_that_its_id_joins() -> None:
    # Given two failed receives and a good one, each with its own request id
    table = attempts_table(
        logs(
            invocation(0, "r1", sqs(1, outcome="error", fault="raise"), error="ValueError: no"),
            invocation(30_000, "r2", sqs(2, outcome="error"), error="ValueError: no"),
            invocation(60_000, "r3", sqs(3, outcome="ok")),
        )
    )
    # Then there is one row per attempt, in order
    assert list(table["attempt"]) == [1, 2, 3]
    assert list(table["receive_count"]) == [1, 2, 3]
    assert list(table["outcome"]) == ["error", "error", "ok"]
    assert list(table["error_type"])[:2] == ["ValueError", "ValueError"]
    assert table["error_message"].isna().tolist() == [False, False, True]
    assert set(table["order_id"]) == {"A-1"}
    assert (table["started_at"].diff().dropna() == pd.Timedelta(seconds=30)).all()
    assert (table["started_at"] - table["sent_at"]).iloc[0] == pd.Timedelta(milliseconds=20)
    assert list(table["after_s"]) == [0.0, 30.0, 60.0]
    assert table["fault"].iloc[0] == "raise"


def test_attempts_of_an_asynchronous_event_share_a_request_id() -> None:
    # Given an event whose first attempt was killed before the handler could name the message
    table = attempts_table(
        logs(
            invocation(0, "q1", status="timeout", duration_ms=5000),
            invocation(65_000, "q1", record("n1", "B-1", source="sns", outcome="ok"), cold=True),
        )
    )
    # Then the second attempt tells which message the first was about
    assert list(table["message_id"]) == ["n1", "n1"]
    assert list(table["order_id"]) == ["B-1", "B-1"]
    assert list(table["source"]) == ["sns", "sns"]
    assert list(table["outcome"]) == ["timeout", "ok"]
    # And a timeout has the words of its REPORT line: no log has those that a caller is answered
    assert pd.isna(table["error_type"].iloc[0])
    assert table["error_message"].iloc[0] == "Status: timeout"
    assert list(table["cold_start"]) == [False, True]


def test_a_direct_invocation_is_known_by_its_request_id() -> None:
    table = attempts_table(logs(invocation(0, "r1", record(None, "C-1", outcome="ok"))))
    assert list(table["message_id"]) == ["r1"]
    assert list(table["order_id"]) == ["C-1"]


def test_an_environment_that_ends_is_a_crash_and_the_next_lines_are_the_next_attempt() -> None:
    # Given an exit, then an import error written before START by the new environment
    ended = "error\tError Type: Runtime.ExitError"
    broken = [
        event(
            30_000, "[WARNING]\t2023-11-14T22:13:20.000Z\t\tLAMBDA_WARNING: Unhandled exception."
        ),
        event(30_000, "[ERROR] Runtime.ImportModuleError: No module named 'x'\nTraceback (most"),
        event(30_001, "INIT_REPORT Init Duration: 9 ms\tPhase: init\tStatus: error\n"),
    ]
    unknown = "error\tError Type: Runtime.Unknown"
    table = attempts_table(
        logs(
            invocation(0, "q1", status=ended),
            broken + invocation(30_002, "q1", status=unknown),
        )
    )
    # Then both are crashes, each with its own cause
    assert list(table["outcome"]) == ["crash", "crash"]
    assert list(table["error_type"]) == ["Runtime.ExitError", "Runtime.ImportModuleError"]
    assert table["error_message"].iloc[1] == "No module named 'x'"


def test_a_message_shares_the_failure_of_its_batch() -> None:
    # Given a batch of two of which the handler processed one before the other failed
    table = attempts_table(
        logs(
            invocation(
                0,
                "r1",
                record("good", receive_count=1, outcome="ok"),
                record("bad", receive_count=1, outcome="error"),
                error="ValueError: no",
            )
        )
    ).set_index("message_id")
    # Then both failed for SQS, and the handler's own word is kept
    assert table["outcome"].to_dict() == {"good": "error", "bad": "error"}
    assert table["handler_outcome"].to_dict() == {"good": "ok", "bad": "error"}
    assert list(table["batch_size"]) == [2, 2]


def test_a_reported_batch_item_failure_is_an_error_of_that_message_only() -> None:
    bad = record("bad", receive_count=1, outcome="error", error_type="ValueError")
    good = record("good", receive_count=1, outcome="ok")
    table = attempts_table(logs(invocation(0, "r1", good, bad))).set_index("message_id")
    assert table["outcome"].to_dict() == {"good": "ok", "bad": "error"}
    assert table.loc["bad", "error_type"] == "ValueError"


def test_an_invocation_without_report_is_running() -> None:
    table = attempts_table(logs(invocation(0, "r1", sqs(1), reported=False)))
    assert list(table["outcome"]) == ["running"]
    assert table["ended_at"].isna().all()


def test_the_json_log_format_tells_the_same() -> None:
    # Given platform events, an unhandled exception and the handler's printed line (facts E23-E28)
    def platform(kind: str, **fields: object) -> str:
        return json.dumps({"time": "x", "type": f"platform.{kind}", "record": fields})

    metrics = {"durationMs": 19.7, "billedDurationMs": 92, "initDurationMs": 71.96}
    crash = {"log_level": "ERROR", "errorMessage": "no", "errorType": "ValueError"}
    logged = {"level": "ERROR", "message": "seen", "logger": "root", "errorType": "KeyError"}
    table = attempts_table(
        logs(
            [
                event(0, platform("start", requestId="r1", version="$LATEST")),
                event(1, json.dumps(record("m1", "A-1", receive_count=1))),
                event(2, json.dumps(logged)),
                event(3, json.dumps(crash)),
                event(20, platform("report", requestId="r1", metrics=metrics, status="success")),
                event(30_000, platform("start", requestId="r2", version="$LATEST")),
                event(30_001, json.dumps(record("m1", "A-1", receive_count=2))),
                event(
                    32_000,
                    platform(
                        "report", requestId="r2", metrics={"durationMs": 2000.0}, status="timeout"
                    ),
                ),
            ]
        )
    )
    assert list(table["outcome"]) == ["error", "timeout"]
    assert list(table["error_type"].fillna("")) == ["ValueError", ""]
    assert list(table["cold_start"]) == [True, False]
    assert table["duration_ms"].tolist() == [19.7, 2000.0]


def test_lines_that_only_look_like_json_are_ignored() -> None:
    lines = invocation(0, "r1", sqs(1, outcome="ok"))
    lines.insert(1, event(0, '{"half": \n'))
    lines.insert(1, event(0, "{not json}, {\n"))
    assert list(attempts_table(logs(lines))["outcome"]) == ["ok"]


def test_environments_that_run_side_by_side_are_kept_apart() -> None:
    # Given two streams whose lines alternate
    one = record("m1", receive_count=1, outcome="error")
    two = record("m2", receive_count=1, outcome="ok")
    table = attempts_table(
        logs(
            invocation(0, "r1", one, error="ValueError: no", duration_ms=50, stream="a"),
            invocation(10, "r2", two, duration_ms=20, stream="b"),
        )
    ).set_index("message_id")
    assert table["outcome"].to_dict() == {"m1": "error", "m2": "ok"}
    assert table["log_stream"].to_dict() == {"m1": "a", "m2": "b"}


def test_columns_and_dtypes_are_as_documented_with_and_without_rows() -> None:
    for table in (attempts_table(logs()), attempts_table(logs(invocation(0, "r1", sqs(1))))):
        assert {name: str(dtype) for name, dtype in table.dtypes.items()} == COLUMNS
    assert attempts_table(logs()).empty
    # Nor does what was not tried look otherwise where it is nothing
    not_tried = behind(attempts_table(logs(invocation(0, "r1", sqs(1))))).not_tried
    assert not_tried is not None
    assert not_tried.empty
    assert {name: str(dtype) for name, dtype in not_tried.dtypes.items()} == COLUMNS


def test_a_table_that_is_not_a_log_is_refused_with_the_remedy() -> None:
    with pytest.raises(DataError, match=r"lab\.logs"):
        attempts_table(pd.DataFrame({"message": ["x"]}))


def test_an_attempt_ends_with_its_end_line_though_its_duration_began_before_start() -> None:
    # Given a timeout of 5 s in an environment that initialised for 120 ms within the invocation:
    # REPORT's duration has these in it, and START came after them
    request = "r2"
    again = [
        event(30_120, f"START RequestId: {request} Version: $LATEST\n"),
        event(30_120, json.dumps(sqs(2)) + "\n"),
        event(35_000, f"END RequestId: {request}\n"),
        event(35_000, f"REPORT RequestId: {request}\tDuration: 5000.00 ms\tStatus: timeout\n"),
    ]
    first = invocation(120, "r1", sqs(1), status="timeout", duration_ms=5000, cold=True)
    table = attempts_table(logs(first, again))
    # Then each ends when its log says so, and took what REPORT says
    ends_ms = (table["ended_at"].astype("int64") - T0_MS).tolist()
    assert ends_ms == [5_120, 35_000]
    assert table["duration_ms"].tolist() == [5000.0, 5000.0]
    # And a picture and a player show the same
    [lane] = make_lanes(table, None, None, None)
    assert [round(one.end_s, 2) for one in lane.attempts] == [5.14, 35.02]
    assert [one.duration_s for one in lane.attempts] == [5.0, 5.0]
