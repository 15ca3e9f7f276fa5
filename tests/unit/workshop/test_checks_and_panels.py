"""Checks and controls: what they say, and that errors are seen."""

import re
from html import unescape
from typing import Any

import pytest

from tests.unit.workshop.fake_aws import FakeCloudFormation, FakeSqs, fake_lab, message
from tests.unit.workshop.test_waiting import FakeClock
from workshop.errors import WorkshopError
from workshop.evidence.queues import QueueCounts
from workshop.guides.export import theme
from workshop.lessons import checks
from workshop.stage.send_panel import SendPanel, send_panel
from workshop.target.lateness import LATE, PUNCTUAL


def lab_with(**queues: list[dict[str, Any]]) -> tuple[Any, FakeSqs]:
    sqs = FakeSqs(**{f"https://{name}": messages for name, messages in queues.items()})
    outputs = {"SourceQueueUrl": "https://source", "SourceQueueDlqUrl": "https://dlq"}
    return fake_lab(sqs=sqs, cloudformation=FakeCloudFormation(SqsDlq=outputs)), sqs


def test_a_check_says_expected_seen_and_evidence_and_a_hint_only_when_needed() -> None:
    lab, _ = lab_with(source=[], dlq=[message("m1")])
    good = checks.message_count(lab, "https://dlq", 1, name="the source queue's DLQ")
    bad = checks.message_count(lab, "https://dlq", 2)
    assert good
    assert not bad
    assert str(good).startswith("passed: the source queue's DLQ holds 1 message. Expected 1")
    assert "sqs get-queue-attributes" in str(bad)
    assert "Hint" in str(bad)
    assert "Hint" not in str(good)
    assert "not yet" in bad._repr_html_()


def test_a_count_that_may_be_old_is_looked_at_again_when_it_must_be_new(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lab, _ = lab_with(dlq=[])
    shown = [QueueCounts(1, 0, 0), QueueCounts(0, 0, 0)]
    monkeypatch.setattr(lab, "queue_counts", lambda _url: shown.pop(0))
    lab.session.clock, lab.session.lateness = FakeClock(), LATE
    began = lab.clock.now()
    assert checks.message_count(lab, "https://dlq", 0)
    assert (lab.clock.now() - began).total_seconds() == 60
    # And where nothing is late, the first look counts
    shown[:] = [QueueCounts(1, 0, 0)]
    lab.session.lateness = PUNCTUAL
    assert not checks.message_count(lab, "https://dlq", 0)


def test_where_an_order_ended_is_checked() -> None:
    dead = message("m1", '{"order_id": "A-1"}')
    dead["Attributes"]["DeadLetterQueueSourceArn"] = "arn"
    lab, _ = lab_with(source=[], dlq=[dead])
    assert checks.arrived(lab, "SqsDlq", "A-1", "source queue's DLQ")
    assert "nowhere yet" in str(checks.arrived(lab, "SqsDlq", "A-2", "source queue's DLQ"))


def test_every_button_sends_what_it_says_and_leaves_a_static_result() -> None:
    lab, sqs = lab_with(source=[], dlq=[])
    panel = send_panel(lab, "SqsDlq")
    panel.number.value = 2
    for button in panel.buttons.values():
        button.click()
    assert len(sqs.queues["https://source"]) == 2 * len(panel.buttons) == len(panel.sent)
    assert '"pass": false' in sqs.queues["https://source"][4]["Body"]
    assert "sent-7" in panel._table()
    assert "sqs.send_message" in panel._code.value


def test_the_code_beside_the_controls_is_that_of_the_button_pressed_last() -> None:
    lab, _ = lab_with(source=[], dlq=[])
    panel = send_panel(lab, "SqsDlq")

    def code() -> str:
        return unescape(re.sub(r"<.*?>", "", panel._code.value)).partition(", which")[0]

    assert code() == 'Send good, as code: panel.send("good", 1)'
    panel.number.value = 2
    assert code() == 'Send good, as code: panel.send("good", 2)'
    for kind, button in panel.buttons.items():
        button.click()
        assert code() == f'Send {kind}, as code: panel.send("{kind}", 2)'
    # And of what a cell sent; a button would send as many as the field says
    panel.send("timeout")
    assert code() == 'Send timeout, as code: panel.send("timeout", 1)'
    panel.number.value = 5
    assert code() == 'Send timeout, as code: panel.send("timeout", 5)'


def test_the_code_equivalent_does_the_same() -> None:
    lab, sqs = lab_with(source=[], dlq=[])
    (order,) = send_panel(lab, "SqsDlq").send("flaky")
    assert order["message_id"] == "sent-0"
    assert '"until_attempt": 3' in sqs.queues["https://source"][0]["Body"]


def test_an_error_in_a_callback_is_shown_beside_the_control_and_kept() -> None:
    # Given a panel whose target has gone
    lab, sqs = lab_with(source=[], dlq=[])
    panel: SendPanel = send_panel(lab, "SqsDlq")
    queues = dict(sqs.queues)
    sqs.queues.clear()
    # When a button is clicked
    panel.buttons["bad"].click()
    # Then the error stands beside it
    assert isinstance(panel.error, KeyError)
    assert 'role="alert"' in panel._result.value
    assert "KeyError" in panel._result.value
    # And goes away when the next click works
    sqs.queues |= queues
    panel.buttons["bad"].click()
    assert panel.error is None
    assert "alert" not in panel._result.value


def test_a_fault_without_a_button_is_sent_and_listed_like_the_others() -> None:
    lab, sqs = lab_with(source=[], dlq=[])
    panel = send_panel(lab, "SqsDlq")
    (order,) = panel.send("dependency")
    assert order["fault"] == {"kind": "dependency"}
    assert '"kind": "dependency"' in sqs.queues["https://source"][0]["Body"]
    # And the cell that draws what was sent has its id
    assert [one["order_id"] for one in panel.sent] == [order["order_id"]]
    assert "Send dependency" in panel._code.value


def test_an_unknown_kind_says_which_there_are() -> None:
    lab, _ = lab_with(source=[], dlq=[])
    with pytest.raises(WorkshopError, match="good, flaky, bad, timeout"):
        send_panel(lab, "SqsDlq").send("worse")


@pytest.mark.parametrize("number", ["x", 2.5, 0, -1, True, None, float("nan"), float("inf")])
def test_a_number_that_is_none_of_orders_is_told_and_nothing_is_sent(number: Any) -> None:
    lab, sqs = lab_with(source=[], dlq=[])
    panel = send_panel(lab, "SqsDlq")
    with pytest.raises(WorkshopError, match=r"(?s)Write a whole number, 1 or more.*good") as told:
        panel.send("good", number)
    assert str(told.value).startswith(f"{number!r} is no number of orders: nothing was sent.")
    assert panel.sent == sqs.queues["https://source"] == []


def test_the_field_keeps_a_point_that_is_typed_and_the_button_says_what_is_wrong() -> None:
    lab, sqs = lab_with(source=[], dlq=[])
    panel = send_panel(lab, "SqsDlq")
    # A field of whole numbers would make 25 of it while it is typed
    assert panel.number._view_name == "FloatTextView"
    panel.number.value = 2.5
    panel.buttons["good"].click()
    assert "2.5 is no number of orders" in panel._result.value
    assert sqs.queues["https://source"] == []
    # And a whole number is one, as Python code too
    panel.number.value = 3
    panel.buttons["good"].click()
    assert len(panel.sent) == 3
    assert "panel.send(&#34;good&#34;, 3)" in panel._code.value


def buttons(box: Any) -> list[tuple[Any, Any]]:
    """The buttons in a box of boxes, each with its row."""
    rows = [child for child in box.children if hasattr(child, "children")]
    return [(row, child) for row in rows for child in row.children if hasattr(child, "tooltip")]


def test_controls_keep_their_words_in_a_small_notebook() -> None:
    # Given a page of 560 px, then what has no room goes to the next line, with all its words
    made = [
        (row, one)
        for row, one in buttons(send_panel(lab_with(source=[], dlq=[])[0], "SqsDlq").box)
        if one.description
    ]
    labelled = [(row, one) for row, one in made if hasattr(one, "button_style")]
    assert len(labelled) >= 4
    for row, one in labelled:
        assert row.layout.flex_flow == "row wrap"
        assert one.layout.min_width == "max-content"
        assert one.layout.width == "auto"


def test_dead_controls_say_what_to_do() -> None:
    told = send_panel(lab_with(source=[], dlq=[])[0], "SqsDlq")._bundle()["text/html"]
    assert "or an error stands where controls should be?" in told
    assert "run the cells from the top to this one again" in told
    # But not in a guide, where there are none
    assert 'class="notebook-only"' in told
    assert ".notebook-only { display: none; }" in theme()
