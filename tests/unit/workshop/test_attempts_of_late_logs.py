"""Attempts from logs that CloudWatch Logs shows late, and in late order."""

import json
import random
from typing import Any

import pandas as pd
import pytest

from tests.unit.workshop.log_events import event, invocation, logs, record
from workshop.evidence.attempts import attempts_table
from workshop.evidence.log_lines import classify, request_ids


def handled(request_id: str | None, message_id: str = "m1", **fields: Any) -> dict[str, Any]:
    """The handler's line, with the request id or without one."""
    told = {} if request_id is None else {"request_id": request_id}
    return record(message_id, message_id.upper(), source="sqs", **told, **fields)


def kept(lines: list[dict[str, Any]], *, without: str) -> list[dict[str, Any]]:
    """The lines but for those that begin so."""
    return [line for line in lines if not line["message"].startswith(without)]


def printed(at_ms: int, line: dict[str, Any], stream: str = "s1") -> dict[str, Any]:
    return event(at_ms, json.dumps(line) + "\n", stream)


def outcomes(*invocations: list[dict[str, Any]]) -> dict[str, tuple[str, str | None]]:
    """Request id -> what became of the attempt, for the invocation and for the handler."""
    table = attempts_table(logs(*invocations))
    told = table["handler_outcome"].astype(object).where(table["handler_outcome"].notna(), None)
    return dict(zip(table["request_id"], zip(table["outcome"], told, strict=True), strict=True))


@pytest.mark.parametrize("with_id", [True, False])
def test_a_line_that_is_stamped_after_report_stays_with_its_invocation(with_id: bool) -> None:
    # Given a failed and a good attempt of one environment, the first one's line 1 ms after REPORT
    first = handled("r1" if with_id else None, "m1", outcome="error", error_type="ValueError")
    second = handled("r2" if with_id else None, "m2", outcome="ok")
    one = [*invocation(0, "r1"), printed(4, first)]
    assert outcomes(
        one, invocation(4, "r2", second) if with_id else invocation(40, "r2", second)
    ) == {
        "r1": ("error", "error"),
        "r2": ("ok", "ok"),
    }


def test_an_unhandled_error_that_is_stamped_after_report_is_not_the_next_ones() -> None:
    # Given an error without an id, between REPORT and a START that is nearer to it
    late = event(5, "[ERROR] ValueError: no\nTraceback (most recent call last):")
    told = outcomes([*invocation(0, "r1"), late], invocation(6, "r2"))
    assert {name: outcome for name, (outcome, _) in told.items()} == {"r1": "error", "r2": "ok"}


def test_an_error_of_a_new_initialisation_is_that_of_the_next_attempt() -> None:
    # Given an exit, and right after it an environment that cannot be initialised again
    again = [
        event(40, "[ERROR] Runtime.ImportModuleError: No module named 'x'\nTraceback"),
        event(41, "INIT_REPORT Init Duration: 30.00 ms\tPhase: invoke\tStatus: error\n"),
    ]
    table = attempts_table(
        logs(
            invocation(0, "r1", status="error\tError Type: Runtime.ExitError"),
            again + invocation(42, "r1", status="error\tError Type: Runtime.ImportModuleError"),
        )
    )
    assert list(table["error_type"]) == ["Runtime.ExitError", "Runtime.ImportModuleError"]


def test_logged_and_json_lines_are_joined_by_the_request_id_they_carry() -> None:
    # Given JSON logs in which the handler's and the runtime's line come with the next START
    def platform(kind: str, **fields: object) -> str:
        return json.dumps({"type": f"platform.{kind}", "record": fields})

    lines = [
        event(0, platform("start", requestId="r1")),
        event(3, platform("report", requestId="r1", metrics={"durationMs": 3.0})),
        event(4, platform("start", requestId="r2")),
        event(4, json.dumps({"level": "ERROR", "errorType": "KeyError", "requestId": "r1"})),
        event(5, json.dumps({"requestId": "r1", "message_id": "m1", "outcome": "error"})),
        event(9, json.dumps({"requestId": "r2", "message_id": "m2", "outcome": "ok"})),
        event(8, platform("report", requestId="r2", metrics={"durationMs": 4.0})),
    ]
    assert outcomes(lines) == {"r1": ("error", "error"), "r2": ("ok", "ok")}


def test_a_start_that_is_not_seen_yet_leaves_the_attempt_not_known_yet() -> None:
    # Given an attempt whose REPORT is seen first, behind an attempt that is seen in full
    before = invocation(0, "r1", handled("r1", outcome="ok"))
    late = kept(invocation(20_000, "r2"), without="START")
    # Then nothing is said of it, and the one before it stays what it is
    told = outcomes(before, late)
    assert told == {"r1": ("ok", "ok"), "r2": ("not known yet", None)}
    table = attempts_table(logs(before, late)).set_index("request_id")
    assert table.loc["r2", "started_at"] - table.loc["r1", "started_at"] == pd.Timedelta("20s")
    assert pd.isna(table.loc["r2", "error_type"])
    # And an error that is seen is believed without it
    failed = kept(invocation(20_000, "r2", status="timeout"), without="START")
    assert outcomes(before, failed)["r2"] == ("timeout", None)


def test_a_report_that_is_late_leaves_the_attempt_not_known_yet() -> None:
    # Given a START, then END or a later START of the same stream, but no REPORT
    ended = kept(invocation(0, "r1"), without="REPORT")
    overtaken = invocation(0, "r1", reported=False)
    assert outcomes(ended) == {"r1": ("not known yet", None)}
    assert outcomes(overtaken, invocation(5_000, "r2"))["r1"] == ("not known yet", None)
    # And with neither it may be running still
    assert outcomes(overtaken) == {"r1": ("running", None)}


def test_a_line_of_an_invocation_that_is_not_seen_yet_is_nobody_elses() -> None:
    # Given the handler's line of a second invocation, of which START and REPORT are late
    before = invocation(0, "r1", handled(None, "m1", outcome="ok"))
    for line in (handled("r2", "m2", outcome="error"), handled(None, "m2", outcome="error")):
        assert outcomes(before, [printed(20_000, line)]) == {"r1": ("ok", "ok")}


def test_the_report_of_a_retry_is_not_that_of_the_attempt_before() -> None:
    # Given two attempts at one event in one environment; START of the second is late, and REPORT
    # of the first
    first = kept(invocation(0, "q1"), without="REPORT")
    second = kept(invocation(60_000, "q1", duration_ms=7), without="START")
    table = attempts_table(logs(first, second))
    assert list(table["outcome"]) == ["not known yet", "not known yet"]
    assert table["duration_ms"].isna().tolist() == [True, False]
    assert list(table["attempt"]) == [1, 2]


@pytest.mark.parametrize("seed", [2, 11, 12, 15])
def test_the_picture_is_the_same_in_whichever_order_lines_become_visible(seed: int) -> None:
    # Given retries, batches and errors in two environments
    orders = [
        invocation(
            0, "r1", handled("r1", "m1", outcome="error"), error="ValueError: no", cold=True
        ),
        invocation(30_000, "r2", handled("r2", "m1", outcome="ok"), handled("r2", "m2")),
        invocation(30_004, "r3", handled("r3", "m3", outcome="ok"), stream="s2"),
        invocation(30_010, "r4", status="timeout", duration_ms=5_000, stream="s2"),
        invocation(95_000, "r4", handled("r4", "m4", outcome="ok"), stream="s2"),
    ]
    lines = [line for one in orders for line in one]
    chance = random.Random(seed)
    whole = attempts_table(logs(*orders))
    # When they become visible one after the other, in an order of chance
    chance.shuffle(lines)
    for seen in range(len(lines) + 1):
        page = sorted(lines[:seen], key=lambda line: int(line["timestamp"]))
        partly = attempts_table(logs(page)).dropna(subset="order_id")
        # Then no attempt is counted twice, and none fails or times out that did not
        true = whole.set_index(["request_id", "order_id", "started_at"])["outcome"]
        assert not partly.duplicated(["request_id", "order_id", "started_at"]).any()
        for row in partly.to_dict("records"):
            if row["outcome"] in ("error", "timeout", "crash"):
                own = true.xs((row["request_id"], row["order_id"]))
                assert row["outcome"] in set(own) | {row["handler_outcome"]}
    # And in the end the table is the same, whatever the order of lines of one millisecond
    pd.testing.assert_frame_equal(attempts_table(logs(lines)), whole)


def test_lines_of_pythons_logging_carry_their_request_id() -> None:
    request_id = "8f507cfc-4c2c-4f5c-9d5a-1b2c3d4e5f60"
    messages = [
        f"[INFO]\t2026-01-01T00:00:00.000Z\t{request_id}\tdone\n",
        "[INFO]\t2026-01-01T00:00:00.000Z\t\tbefore the first request\n",
        f"END RequestId: {request_id}\n",
        f"REPORT RequestId: {request_id}\tDuration: 3.00 ms\n",
        "a line of print\n",
    ]
    lines = pd.DataFrame({"message": messages, "parsed": None})
    lines["kind"] = classify(lines["message"])
    found = request_ids(lines)
    assert [one == request_id for one in found] == [True, False, True, True, False]
