"""Ledger, trace, dead-letter viewer, redrive and message flow, on the embedded AWS."""

import html
import json
import re
from typing import Any

import pytest

import workshop
from tests.scenarios.test_workshop_package import BAD, FLAKY, GOOD, send
from tests.scenarios.timing import PROPAGATION_S
from workshop.errors import DataError
from workshop.lab import Lab
from workshop.stage.clearing import clear
from workshop.target import target as targets

PATTERNS = ["SqsDlq", "LambdaDestinations", "LambdaDlq"]


def test_the_ledger_balances_through_a_messages_life_in_every_pattern(lab: Lab) -> None:
    # Given a good, a flaky and a bad order in each pattern
    for pattern in PATTERNS:
        orders = send(lab, pattern, good=GOOD, flaky=FLAKY, bad=BAD)
    lab.clock.settle()
    # Then at first, as soon as the good ones' logs are seen, two of three are in flight
    if lab.session.lateness.logs_s:
        lab.clock.sleep(lab.session.lateness.logs_s)
    early = workshop.ledger(lab, PATTERNS, orders)
    assert early.balances
    assert early.counts["in flight"] == 6
    # And in the end nothing is, and nothing was lost
    lab.clock.sleep(300)
    late = workshop.ledger(lab, PATTERNS, orders)
    assert str(late) == (
        "sent 9 = processed 6 + source queue's DLQ 1 + on-failure destination 1 + "
        "function's DLQ 1 + in flight 0 + lost 0"
    )
    assert set(workshop.ledger(lab, "SqsDlq").orders["order_id"]) == set(orders)


def test_an_event_that_nothing_keeps_is_lost_in_the_ledger(lab: Lab) -> None:
    # Given a function without its DLQ
    out, client = lab.outputs("LambdaDlq"), lab.client("lambda")
    config = client.get_function_configuration(FunctionName=out.FunctionName)
    target = config["DeadLetterConfig"]["TargetArn"]

    def keep_in(arn: str) -> None:
        client.update_function_configuration(
            FunctionName=out.FunctionName, DeadLetterConfig={"TargetArn": arn}
        )
        lab.clock.sleep(5)

    keep_in("")
    try:
        # When an event fails for good
        (order,) = send(lab, "LambdaDlq", dropped=BAD)
        lab.clock.sleep(300)
        # Then it is lost, in words
        found = workshop.ledger(lab, "LambdaDlq", [order])
        assert found.counts["lost"] == 1
        assert "neither a DLQ nor an on-failure destination" in repr(found)
    finally:
        keep_in(target)


def test_a_trace_is_found_by_every_id_and_its_query_finds_the_lines(lab: Lab) -> None:
    (order,) = send(lab, "LambdaDestinations", traced=BAD)
    lab.clock.sleep(300)
    found = workshop.trace(lab, order)
    whats = list(found.events["what"])
    assert whats[0] == "sent"
    assert [what[:9] for what in whats[1:4]] == ["attempt 1", "attempt 2", "attempt 3"]
    assert whats[4] == "it ended in the on-failure destination"
    assert list(found.events["after_s"].round(-1)) == [0, 0, 60, 180, 180]
    # And the same story is told by the message's and the request's id, and the record's own
    ids = [
        found.attempts["message_id"].iloc[0],
        found.attempts["request_id"].iloc[0],
        found.arrivals["queue_message_id"].iloc[0],
    ]
    for some_id in ids:
        again = workshop.trace(lab, some_id, pattern="LambdaDestinations")
        assert list(again.events["what"]) == whats
    # And Insights finds the same lines, but for those of unhandled errors, which carry no id
    rows = found.run_query()
    errors = found.lines["message"].str.startswith("[ERROR]")
    named = set(found.lines[~errors]["message"].str.strip())
    assert named <= set(rows["@message"].str.strip())
    assert found.lines["timestamp"].is_monotonic_increasing
    with pytest.raises(DataError, match="names 'nobody'"):
        workshop.trace(lab, "nobody", pattern="SqsDlq")


def test_receives_without_a_log_line_are_part_of_the_story(lab: Lab) -> None:
    # Given an order during an outage: its function may not run
    lab.client("lambda").put_function_concurrency(
        FunctionName=lab.outputs("SqsDlq").FunctionName, ReservedConcurrentExecutions=0
    )
    try:
        send(lab, "SqsDlq", outage=GOOD)
        lab.wait_for_end("SqsDlq", ["outage"])
        lab.clock.sleep(lab.session.lateness.metrics_s)
        told = repr(workshop.trace(lab, "outage"))
        assert "receive 1 left no log line" in told
        assert "it ended in the source queue's DLQ" in told
    finally:
        clear(lab, ["SqsDlq"])


def test_a_condition_that_invokes_a_function_lets_time_pass(lab: Lab) -> None:
    # Given a wait that looks by a synchronous invocation, for something that happens in 30 s
    function, looks = lab.outputs("SqsDlq").FunctionName, []
    send(lab, "SqsDlq", asked=BAD)

    def is_tried_again() -> bool:
        attempts = lab.attempts("SqsDlq", order_ids=["asked"])
        looks.append(lab.client("lambda").invoke(FunctionName=function, Payload=b"{}"))
        return len(attempts) >= 2 or len(looks) > 100

    # When it is waited for, then time is skipped as in any other wait
    waited = lab.wait_until(is_tried_again, "the order is tried again")
    assert waited.aws_s > 25
    # And late log lines of the looks themselves come at one moment a second at the most
    assert len(looks) < 20 + (waited.aws_s if lab.session.lateness.logs_s else 0)


@pytest.mark.parametrize("pattern", targets.PATTERNS)
def test_the_code_beside_the_buttons_sends_what_they_send(lab: Lab, pattern: str) -> None:
    # Given what a learner has in a notebook
    sqs, sns, out = lab.client("sqs"), lab.client("sns"), lab.outputs(pattern)
    panel = workshop.send_panel(lab, pattern)
    sent: list[tuple[str, dict[str, Any]]] = []
    for client in (sqs, sns):
        client.meta.events.register(
            "provide-client-params",
            lambda params, model, **_: sent.append((model.name, dict(params))),
            unique_id="watch",
        )
    try:
        # When an order is sent with a button, and the code that is shown is typed for that order
        [shown] = panel.send("good")
        order = {name: shown[name] for name in ("order_id", "pass")}
        [code] = re.findall(r"in boto3, <code>(.*)</code>", panel._code.value)
        names = {"sqs": sqs, "sns": sns, "out": out, "order": order, "json": json}
        answer = eval(html.unescape(code), names)
    finally:
        for client in (sqs, sns):
            client.meta.events.unregister("provide-client-params", unique_id="watch")
    # Then it is the same call, and AWS takes it
    first, second = sent
    assert first == second
    assert answer["MessageId"]
    assert json.dumps(order) in first[1].values()


def test_looking_at_dead_letters_twice_changes_no_count_but_the_receives(lab: Lab) -> None:
    send(lab, "LambdaDestinations", looked=BAD, odd={"pass": "yes"})
    lab.clock.sleep(300)
    first, second = (workshop.dead_letters(lab, "LambdaDestinations") for _ in range(2))
    assert list(first.table["order_id"]) == list(second.table["order_id"])
    assert ((second.table["receive_count"] - first.table["receive_count"]) == 1).all()
    odd = first.table.set_index("order_id").loc["odd"]
    assert odd["error_type"] == "InvalidOrderError"
    assert "'pass' is true or false" in odd["expected"]
    assert first.groups["messages"].sum() == len(first)


def test_sqs_moves_a_whole_dlq_back_and_says_what_came_back(lab: Lab) -> None:
    clear(lab, ["SqsDlq"])
    send(lab, "SqsDlq", back1=BAD, back2=BAD)
    dlq = lab.outputs("SqsDlq").SourceQueueDlqUrl
    lab.wait_until(lambda: lab.queue_counts(dlq).visible == 2, "both are there")
    dry = workshop.redrive(lab, "SqsDlq")
    assert set(dry.table["how"]) == {"sqs start-message-move-task"}
    assert lab.queue_counts(dlq).visible == 2
    done = workshop.redrive(lab, "SqsDlq", dry_run=False)
    assert done.moved == 2
    assert set(done.came_back()["state"]) == {"came back"}


def test_a_message_without_an_order_id_is_not_left_out_of_what_came_back(lab: Lab) -> None:
    # Given a dead letter that is no order, beside one that is
    clear(lab, ["SqsDlq"])
    out = lab.outputs("SqsDlq")
    sent = lab.client("sqs").send_message(QueueUrl=out.SourceQueueUrl, MessageBody="no order")
    send(lab, "SqsDlq", named=BAD)
    lab.wait_for_end("SqsDlq", [sent["MessageId"], "named"])
    # When both are sent again
    back = workshop.redrive(lab, "SqsDlq", dry_run=False).came_back()
    # Then it says of which nothing is known
    assert list(back["state"]) == ["came back", "not followed: it has no order id"]
    assert back["order_id"].isna().tolist() == [False, True]


def test_a_trace_names_the_other_patterns_that_know_the_id(lab: Lab) -> None:
    # Given one order on two ways
    for pattern in ("LambdaDestinations", "LambdaDlq"):
        send(lab, pattern, twofold=GOOD)
    lab.wait_for_end(["LambdaDestinations", "LambdaDlq"], ["twofold"])
    found = workshop.trace(lab, "twofold")
    assert (found.pattern, found.also_in) == ("LambdaDestinations", ("LambdaDlq",))
    assert "LambdaDlq knows it too: pattern='LambdaDlq'" in repr(found)
    assert workshop.trace(lab, "twofold", pattern="LambdaDlq").also_in == ()


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_repaired_message_is_processed_once(lab: Lab, pattern: str) -> None:
    orders = [f"mend-{pattern}", f"leave-{pattern}"]
    send(lab, pattern, **dict.fromkeys(orders, BAD))
    lab.clock.sleep(300)
    done = workshop.redrive(
        lab, pattern, False, [orders[0]], change=lambda order: {**order, "pass": True}
    )
    back = done.came_back()
    assert back.to_dict("records") == [
        {"order_id": orders[0], "state": "processed", "place": "", "times_processed": 1}
    ]
    assert workshop.ledger(lab, pattern, orders).counts["processed"] == 1
    # And its whole story, the second life included, is found by its order id
    assert "succeeded" in " ".join(workshop.trace(lab, orders[0]).sentences)


def test_what_sns_could_not_deliver_reaches_the_function_by_a_redrive(lab: Lab) -> None:
    # Given a function that SNS may not invoke
    out, client = lab.outputs("LambdaDlq"), lab.client("lambda")
    name = out.FunctionName
    policy = sns_statement(client, name)
    client.remove_permission(FunctionName=name, StatementId=policy["Sid"])
    lab.clock.sleep(PROPAGATION_S)
    try:
        (order,) = send(lab, "LambdaDlq", refused=GOOD)
        lab.clock.sleep(60)
        found = workshop.ledger(lab, "LambdaDlq", [order])
        assert found.counts["subscription's DLQ"] == 1
        # When it is sent again
        done = workshop.redrive(lab, "LambdaDlq", False, place="subscription's DLQ")
        # Then it is processed, although SNS still may not
        assert set(done.came_back()["state"]) == {"processed"}
    finally:
        client.add_permission(
            FunctionName=name,
            StatementId=policy["Sid"],
            Action="lambda:InvokeFunction",
            Principal="sns.amazonaws.com",
            SourceArn=out.TopicArn,
        )
        lab.clock.sleep(PROPAGATION_S)


def sns_statement(client: object, name: str) -> dict[str, str]:
    """The statement with which the stack lets SNS invoke the function."""
    policy = client.get_policy(FunctionName=name)["Policy"]  # type: ignore[attr-defined]
    (statement,) = json.loads(policy)["Statement"]
    return dict(statement)


def test_the_flow_picture_follows_the_messages(lab: Lab) -> None:
    (order,) = send(lab, "LambdaDestinations", flows=BAD)
    picture = workshop.flow(lab, "LambdaDestinations", [order])
    assert picture.passages.cards["on-failure-queue"] == 0
    seen: list[int] = []

    def arrived() -> bool:
        seen.append(picture.passages.arrows["attempt"])
        return picture.passages.cards["on-failure-queue"] == 1 and seen[-1] == 3

    picture.wait_until(arrived, "the record and every attempt's log are there")
    assert {1, 2, 3} <= set(seen)
    assert "attempt 3" in repr(picture)
    # Still and moving, each for a wide and for a narrow page
    assert picture._repr_html_().count("<svg") == 4
    with pytest.raises(DataError, match="three diagrams only, those of SqsDlq"):
        workshop.flow(lab, "WholeBatches")
