"""The instructor's panel: every control, one reading of AWS per drawing, the large view."""

import base64
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import ipywidgets  # type: ignore[import-untyped]
import pytest

import workshop
from workshop.errors import WorkshopError
from workshop.lab import Lab
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
    """How wide the timeline was drawn; it is shown 960 pixels wide where there is room."""
    page = panel.stage().page
    [data] = re.findall(r'base64,([^"]+)" style="width:960px;max-width:100%', page)
    [width] = re.findall(r'<svg [^>]*?width="([\d.]+)pt"', base64.b64decode(data).decode())
    return float(width)


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


def test_an_unknown_scenario_is_named(panel: InstructorPanel) -> None:
    with pytest.raises(WorkshopError, match="flaky, poison, outage, redrive"):
        panel.run("earthquake")
