"""What a table carries along is about the orders of its rows, however these were chosen."""

import pandas as pd

from tests.unit.workshop.log_events import T0_MS, invocation, logs, record
from tests.unit.workshop.player.runs import SQS, moved, receive, tables
from workshop.drawing.timeline import timeline
from workshop.evidence.arrivals import arrivals_table
from workshop.evidence.attempts import attempts_table
from workshop.evidence.behind import behind, chosen, of_messages, of_orders
from workshop.evidence.endings import all_told
from workshop.evidence.lane_making import make_lanes

RUNS = {"first": 0, "second": 600_000}


def _two_runs() -> pd.DataFrame:
    """Twice a batch of three, of which the handler stops at the first and passes over the rest."""
    batches = []
    for run, at_ms in RUNS.items():
        facts = {"receive_count": 1, "sent_at_ms": T0_MS + at_ms}
        records = [
            record(f"m-{run}-{order}", f"{run}-{order}", outcome=outcome, **facts)
            for order, outcome in (("bad", "error"), ("next", "not tried"), ("last", "not tried"))
        ]
        batches.append(invocation(at_ms + 100, f"request-{run}", *records))
    return attempts_table(logs(*batches))


def _names(attempts: pd.DataFrame) -> list[str]:
    return [lane.order_id for lane in make_lanes(attempts, None, SQS, None)]


def test_of_one_runs_orders_no_other_runs_are_drawn() -> None:
    # Given the log of two runs
    attempts = _two_runs()
    # When the orders of the second are asked for
    wanted = [f"second-{order}" for order in ("bad", "next", "last")]
    # Then these are drawn, those that were passed over as well, and none of the first
    assert sorted(_names(of_orders(attempts, wanted))) == sorted(wanted)
    # And whoever asks for one that was never tried sees that one
    assert _names(of_orders(attempts, ["second-next"])) == ["second-next"]
    assert _names(of_messages(attempts, ["m-first-last"])) == ["first-last"]


def test_a_message_is_found_by_its_own_id_too() -> None:
    # Given messages that hold no order
    attempts = attempts_table(logs(invocation(100, "r1", record("m-1")), invocation(9, "r2")))
    arrivals = arrivals_table({"source queue's DLQ": [moved("bad", 4) | {"Body": "no JSON"}]})
    # When somebody asks for them by what sending returned, then these are found and no other
    assert of_orders(attempts, ["m-1"])["message_id"].tolist() == ["m-1"]
    assert of_orders(arrivals, ["m-bad"])["message_id"].tolist() == ["m-bad"]
    assert of_orders(arrivals, ["m-1"]).empty
    # And a late log is read until it tells their end
    assert all_told(attempts, ["m-1"], most=1)
    assert not all_told(attempts, ["m-2"], most=1)


def test_an_order_that_only_its_dead_letter_names_was_tried_all_the_same() -> None:
    # Given a function that refuses an order, three times, and does not say which one it is
    lines = [record("m-bad", None, receive_count=n, outcome="error") for n in (1, 2, 3)]
    tries = [
        invocation(30_000 * n, f"r{n}", line, error="InvalidOrderError: 'fault' ...")
        for n, line in enumerate(lines)
    ]
    attempts = of_orders(attempts_table(logs(*tries, receive("other", 1, "ok"))), ["bad"])
    arrivals = of_orders(arrivals_table({"source queue's DLQ": [moved("bad", 4)]}), ["bad"])
    assert attempts.empty
    # When the order is drawn, then with the attempts at its message
    drawn = timeline(attempts, arrivals, settings=SQS)
    assert drawn.finding == "Tried 3 times, 30 s apart, then dead-lettered"
    [message] = drawn.facts["runs"][0]["messages"]
    assert [one["error_type"] for one in message["attempts"]] == ["InvalidOrderError"] * 3


def test_all_that_is_attached_is_chosen_by_the_same_rule() -> None:
    attempts = chosen(_two_runs(), lambda rows: rows["order_id"].str.startswith("first"))
    not_tried = behind(attempts).not_tried
    assert not_tried is not None
    assert not_tried["order_id"].tolist() == ["first-last", "first-next"]
    # And of messages that lie in a DLQ those of the rows
    arrivals = arrivals_table({"source queue's DLQ": [moved("bad", 4), moved("worse", 4)]})
    assert set(behind(of_orders(arrivals, ["worse"])).messages) == {"m-worse"}


def test_of_a_table_that_was_filtered_by_hand_nothing_is_drawn_that_is_not_in_it() -> None:
    attempts = _two_runs()
    by_hand = attempts[attempts["order_id"].str.startswith("second")]
    assert _names(by_hand) == ["second-bad"]
    # But of one that was only sorted or extended everything is
    assert len(_names(attempts.sort_values("started_at").assign(more=1))) == 6


def test_lines_of_an_invocation_are_those_of_the_attempts_that_are_shown() -> None:
    attempts, _ = tables()
    # The log is carried on as it is: it is read by attempt
    assert behind(of_orders(attempts, ["bad"])).logs is behind(attempts).logs
