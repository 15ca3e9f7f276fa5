"""Notebook 10 as numbers: FIFO groups with one message a batch, and Powertools' idempotency."""

import json
from typing import Any

import pytest

from tests.scenarios.test_workshop_package import BAD, GOOD
from workshop import workbench
from workshop.lab import Lab
from workshop.workbench import Bench, Rig

EXPIRES_AFTER_S = 300
VISIBILITY_S = 30


def send(lab: Lab, rig: Rig, order: dict[str, Any], **fifo: str) -> str:
    sqs = lab.client("sqs")
    body = json.dumps(order)
    told: str = sqs.send_message(QueueUrl=rig.source, MessageBody=body, **fifo)["MessageId"]
    return told


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    return Bench(lab, "once")


@pytest.fixture(scope="module")
def tables(bench: Bench) -> dict[str, str]:
    return {
        "PAYMENTS_TABLE": bench.table("payments", key="payment_id"),
        "RECORDS_TABLE": bench.table("records", key="id"),
        "EXPIRES_AFTER_S": str(EXPIRES_AFTER_S),
    }


def rig_of(bench: Bench, tables: dict[str, str], handler: str, **more: str) -> Rig:
    return bench.behind_queue(
        handler,
        visibility_s=VISIBILITY_S,
        timeout_s=5,
        may=[*workbench.READING, *workbench.KEEPING],
        code=workbench.package("payments_once", "aws-lambda-powertools"),
        handler=f"handler.{handler}",
        environment=tables | more,
    )


@pytest.fixture(scope="module")
def once(bench: Bench, tables: dict[str, str]) -> Rig:
    return rig_of(bench, tables, "once")


def payments(lab: Lab, tables: dict[str, str], order_id: str) -> int:
    items = lab.client("dynamodb").scan(TableName=tables["PAYMENTS_TABLE"])["Items"]
    return sum(item["order_id"]["S"] == order_id for item in items)


def told(lab: Lab, rig: Rig, order_id: str) -> list[str]:
    """How each attempt at an order ended: "ok", or the type of the error."""
    found = lab.attempts(rig.outputs, order_ids=[order_id]).sort_values("started_at")
    return list(found["error_type"].fillna(found["outcome"]))


def test_one_group_waits_behind_its_poison_and_the_other_goes_on(lab: Lab, bench: Bench) -> None:
    rig = bench.behind_queue("fifo", fifo=True, visibility_s=VISIBILITY_S, timeout_s=5)
    for name, order in {"A1": BAD, "A2": GOOD, "B1": GOOD, "B2": GOOD}.items():
        group = {"MessageGroupId": name[0], "MessageDeduplicationId": name}
        send(lab, rig, {"order_id": name, **order}, **group)
    lab.wait_for_end(rig.outputs, ["A1", "A2", "B1", "B2"])
    after_s = lab.attempts(rig.outputs).groupby("order_id")["after_s"].max()
    assert after_s["A1"] == pytest.approx(60, abs=3)
    assert after_s["A2"] == pytest.approx(90, abs=3)
    assert max(after_s["B1"], after_s["B2"]) < 3
    # And what stood behind the poison went on without it
    assert list(lab.arrivals(rig.outputs)["order_id"]) == ["A1"]


CASES = {
    # A copy after the first was done finds the answer
    "copy": ({}, {}, 60, ["ok", "ok"], 1),
    # So does a retry after a time-out that came when the record was complete
    "after": ({"hang": "after"}, None, 0, ["timeout", "ok"], 1),
    # An attempt that Lambda ended in between left no answer, so the retry pays once more
    "inside": ({"hang": "inside"}, None, 0, ["timeout", "ok"], 2),
    # A copy that comes meanwhile is refused, comes back, and finds the answer
    "meanwhile": (
        {"takes_s": 3},
        {},
        1,
        ["ok", "IdempotencyAlreadyInProgressError", "ok"],
        1,
    ),
    # The same order with another amount is never paid
    "changed": ({}, {"amount": "99.00"}, 60, ["ok", *["IdempotencyValidationError"] * 3], 1),
    # And a record is forgotten
    "late": ({}, {}, EXPIRES_AFTER_S + 1, ["ok", "ok"], 2),
}


@pytest.mark.parametrize("name", CASES)
def test_powertools_pays_once_but_not_always(
    lab: Lab, once: Rig, tables: dict[str, str], name: str
) -> None:
    first, copy, later_s, tries, paid = CASES[name]
    order = {"order_id": name, "amount": "12.50"}
    messages = [send(lab, once, order | first)]
    lab.clock.sleep(later_s)
    messages += [] if copy is None else [send(lab, once, order | copy)]
    lab.wait_for_end(once.outputs, messages)
    assert told(lab, once, name) == tries
    assert payments(lab, tables, name) == paid


def test_a_forgotten_context_keeps_an_order_in_progress(
    lab: Lab, bench: Bench, tables: dict[str, str]
) -> None:
    rig = rig_of(bench, tables, "forgetful")
    message = send(lab, rig, {"order_id": "stuck", "amount": "12.50", "hang": "inside"})
    lab.wait_for_end(rig.outputs, [message])
    assert told(lab, rig, "stuck") == ["timeout", *["IdempotencyAlreadyInProgressError"] * 2]
    assert payments(lab, tables, "stuck") == 1
    assert list(lab.arrivals(rig.outputs)["order_id"]) == ["stuck"]


def test_a_payment_with_the_orders_id_is_made_once_in_any_case(
    lab: Lab, bench: Bench, tables: dict[str, str]
) -> None:
    rig = rig_of(bench, tables, "plainly", PAYMENT_ID="order")
    message = send(lab, rig, {"order_id": "own-id", "amount": "12.50", "hang": "inside"})
    lab.wait_for_end(rig.outputs, [message])
    assert told(lab, rig, "own-id") == ["timeout", "ok"]
    assert payments(lab, tables, "own-id") == 1


def test_all_of_it_goes_away(lab: Lab, bench: Bench, tables: dict[str, str], once: Rig) -> None:
    kinds = {one.kind for one in bench.left()}
    assert {"DynamoDB table", "Lambda function", "SQS queue", "log group", "IAM role"} <= kinds
    assert bench.clear().endswith(" 0 left")
