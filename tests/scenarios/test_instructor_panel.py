"""The instructor's panel: every control, one reading of AWS per drawing, the large view."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from html import unescape
from types import SimpleNamespace
from typing import Any

import ipywidgets  # type: ignore[import-untyped]
import pytest

import workshop
from workshop.errors import WorkshopError
from workshop.evidence.queues import QueueCounts
from workshop.lab import Lab
from workshop.stage import emptying
from workshop.stage.panel import InstructorPanel


@pytest.fixture
def panel(lab: Lab) -> Iterator[InstructorPanel]:
    made = workshop.instructor_panel(lab, "SqsDlq")
    made.reset()
    yield made
    made.reset()
    made.speed("skip")


def test_the_script_is_one_keypress_per_step(panel: InstructorPanel) -> None:
    shown = []
    for _ in range(4):
        panel.step_button.click()
        assert panel.error is None
        assert panel.scene is not None
        shown.append((panel.scene.name, repr(panel).splitlines()[1]))
    assert shown == [
        ("flaky", "sent 1 = processed 1 + in flight 0 + lost 0"),
        ("poison", "sent 3 = processed 2 + source queue's DLQ 1 + in flight 0 + lost 0"),
        ("outage", "sent 3 = processed 0 + source queue's DLQ 3 + in flight 0 + lost 0"),
        ("redrive", "sent 3 = processed 3 + in flight 0 + lost 0"),
    ]
    # And an empty stage takes less than five seconds of the instructor's time
    assert panel.reset().seconds < 5
    assert panel.scene is None


def test_every_control_works_and_shows_its_code(panel: InstructorPanel) -> None:
    assert all(isinstance(button, ipywidgets.Button) for button in panel.scenario_buttons.values())
    for name, button in panel.scenario_buttons.items():
        button.click()
        assert panel.error is None
        assert f"panel.run('{name}')" in unescape(panel._code.value)
    panel.speed_box.value = "60 times"
    assert panel._lab.clock.mode == "60"
    panel.large_box.value = True
    assert "zoom:1.4" in panel.stage().page
    panel.freeze_box.value = True
    assert panel._lab.clock.mode == "skip"
    assert not panel.event_button.disabled
    panel.reset_button.click()
    assert panel.error is None


def test_a_drawing_reads_aws_once(panel: InstructorPanel) -> None:
    panel.run("poison")
    read: list[str] = []
    events = panel._lab.client("logs").meta.events
    events.register("before-call", lambda model, **_: read.append(model.name), "reads")
    try:
        stage = panel.stage()
    finally:
        events.unregister("before-call", unique_id="reads")
    assert read == ["FilterLogEvents"]
    assert "sent 3 = processed 2" in repr(stage)


def test_the_large_view_enlarges_the_letters_of_the_timeline_too(panel: InstructorPanel) -> None:
    # Given a figure as wide as the page has room for
    panel.run("poison")
    usual_pt = timeline_width_pt(panel)
    # When it is enlarged
    panel.large()
    assert "zoom:1.4" in panel.stage().page
    # Then the same width holds less, in letters of the same size, so a page has it to enlarge
    assert timeline_width_pt(panel) * 1.4 == pytest.approx(usual_pt, rel=0.01)


def timeline_width_pt(panel: InstructorPanel) -> float:
    """How wide the timeline was drawn, in points."""
    page = panel.stage().page
    timeline = page[page.index('<figure role="group" aria-label="Timeline') :]
    return float(re.findall(r'<svg [^>]*?viewBox="0 0 ([\d.]+) ', timeline)[0])


def test_frozen_time_goes_on_event_by_event(panel: InstructorPanel) -> None:
    panel.freeze()
    scene = panel.run("flaky")
    before = panel._lab.clock.now()
    counts = []
    for _ in range(3):
        panel.event_button.click()
        assert panel.error is None
        counts.append(len(panel._lab.attempts("SqsDlq", order_ids=scene.orders)))
    assert counts[-1] == 3
    assert panel._lab.clock.now() - before >= timedelta(seconds=55)
    panel.freeze(False)
    assert panel.event_button.disabled


def test_a_reset_takes_what_was_there_before_and_nothing_that_comes_meanwhile(
    panel: InstructorPanel,
) -> None:
    # Given dead letters, and an order that somebody else sends while they are deleted
    lab = panel._lab
    sqs, out = lab.client("sqs"), lab.outputs("SqsDlq")
    panel.run("poison")
    asked: list[str] = []

    def send_one(model: Any, **_: Any) -> None:
        if model.name == "DeleteMessage" and "DeleteMessage" not in asked:
            lab.clock.sleep(1)
            sqs.send_message(QueueUrl=out.SourceQueueDlqUrl, MessageBody="meanwhile")
        asked.append(model.name)

    sqs.meta.events.register("before-call", send_one, "meanwhile")
    try:
        done = panel.reset()
    finally:
        sqs.meta.events.unregister("before-call", unique_id="meanwhile")
    # Then theirs is there, can be received at once, and ours is gone, without a purge
    assert lab.queue_counts(out.SourceQueueDlqUrl) == QueueCounts(1, 0, 0)
    [left] = lab.messages(out.SourceQueueDlqUrl)
    assert left["Body"] == "meanwhile"
    assert (done.emptied.deleted, done.emptied.newer) == (1, 1)
    assert "Messages that came meanwhile stay: 1." in str(done)
    assert "PurgeQueue" not in asked


def test_a_reset_waits_for_what_the_poller_holds(panel: InstructorPanel) -> None:
    # Given an order whose first attempt has failed: nobody can receive it now
    lab = panel._lab
    out = lab.outputs("SqsDlq")
    body = '{"order_id": "held", "pass": false}'
    lab.client("sqs").send_message(QueueUrl=out.SourceQueueUrl, MessageBody=body)
    lab.wait_until(lambda: len(lab.attempts("SqsDlq", order_ids=["held"])) >= 1, "it was tried")
    lab.wait_until(lambda: lab.queue_counts(out.SourceQueueUrl).in_flight == 1, "it is held")
    # When the stage is emptied, then nothing of it comes back later
    done = panel.reset()
    assert done.emptied.in_flight == 0
    lab.clock.sleep(200)
    for url in (out.SourceQueueUrl, out.SourceQueueDlqUrl):
        assert lab.queue_counts(url).total == 0
    assert done.seconds < 5


def test_a_clock_of_this_machine_that_is_wrong_spares_nothing_and_takes_nothing_more(
    panel: InstructorPanel,
) -> None:
    # Given an account (whose time nobody skips) that is an hour ahead of this machine
    lab, url = panel._lab, panel._lab.outputs("SqsDlq").SourceQueueDlqUrl
    ahead = lab.clock.now() + timedelta(hours=1)
    sqs = SimpleNamespace(
        get_queue_attributes=lambda **_: {
            "ResponseMetadata": {"HTTPHeaders": {"date": format_datetime(ahead)}}
        }
    )
    account = SimpleNamespace(
        clock=SimpleNamespace(is_virtual=False, now=lab.clock.now), client=lambda _: sqs
    )
    # Then what counts is the time by which messages are stamped
    assert emptying._now(account, url) == ahead.replace(microsecond=0)  # type: ignore[arg-type]


def test_an_unknown_scenario_is_named(panel: InstructorPanel) -> None:
    with pytest.raises(WorkshopError, match="flaky, poison, outage, redrive"):
        panel.run("earthquake")
