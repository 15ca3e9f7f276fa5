"""Outages foretold: plans, their figure, the sliders, the table, and the two exercises."""

import re
from typing import Any

import pandas as pd
import pytest

from workshop import outage
from workshop.errors import DataError
from workshop.lessons.exercises import help_with
from workshop.outage import measuring, plan, sliders, words
from workshop.outage.plan import DOUBLED, EVENT, QUEUE, Plan, Story, foretold

DAY = pd.Timestamp("2026-01-01", tz="UTC")


@pytest.mark.parametrize(
    "wrong",
    [
        {"visibility_s": 2},
        {"visibility_s": 43_201},
        {"receives": 0},
        {"retries": 3},
        {"age_s": 59},
        {"outage_s": 0},
        {"receives": 2.5},
        {"receives": "3"},
        {"retries": True},
    ],
    ids=str,
)
def test_a_plan_that_aws_would_refuse_is_refused_with_a_sentence(wrong: Any) -> None:
    [name] = wrong
    with pytest.raises(DataError, match=name):
        Plan(**wrong)


def test_the_longest_outage_is_the_moment_of_the_last_attempt() -> None:
    # As notebook 09 says it in words
    for settings in (Plan(), Plan(visibility_s=60, receives=5), Plan(receives=1, retries=0)):
        longest = outage.longest_outages_s(settings)
        first, receives = settings.visibility_s, settings.receives
        assert longest[QUEUE] == (receives - 1) * first
        assert longest[DOUBLED] == first * (2 ** (receives - 1) - 1)
        assert longest[EVENT] == [0, 60, 180][settings.retries]
    for way, outage_s in outage.longest_outages_s(Plan()).items():
        assert foretold(Plan(outage_s=int(outage_s)))[way].survived
        assert not foretold(Plan(outage_s=int(outage_s) + 1))[way].survived


def test_doubled_waits_are_cut_where_the_handler_cuts_them() -> None:
    assert Plan(visibility_s=30).wait_s(DOUBLED, 20) == 3600
    assert plan.LONGEST_WAIT_S == 3600
    assert Plan(visibility_s=900).wait_s(QUEUE, 20) == 900


def test_a_stream_of_orders_costs_attempts_and_loses_its_beginning() -> None:
    table = outage.survival(Plan(), [60, 300])
    assert table.loc[("60 s", QUEUE)].to_dict() == {
        "processed": 1,
        "given up": 0,
        "attempts": 3,
        "late (min)": 1.0,
        "after its end (min)": 0.5,
    }
    # Sent at 30, 90, 150, 210 and 270 s: one attempt of the last one comes after 300 s
    assert table.loc[("5 min", QUEUE), ["processed", "given up", "attempts"]].to_list() == [
        1,
        4,
        15,
    ]
    assert table.loc[("5 min", EVENT), "given up"] == 2
    # And where nobody survives, nobody is late
    hopeless = outage.survival(Plan(receives=1, retries=0), [120], every_s=120)
    assert hopeless["late (min)"].isna().all()
    assert hopeless["after its end (min)"].isna().all()


@pytest.mark.parametrize("settings", [Plan(), Plan(visibility_s=60, receives=32)], ids=str)
def test_no_order_is_processed_before_the_outage_is_over(settings: Plan) -> None:
    # Where the outage is taken away from "late" instead, minutes below 0 are left
    after = outage.survival(settings)["after its end (min)"].dropna()
    assert len(after)
    assert (after > 0).all()


@pytest.mark.parametrize("outage_s", [60, 90, 180])
def test_an_attempt_just_as_the_outage_ends_is_foretold_and_not_planned_with(outage_s: int) -> None:
    [way] = [way for way, at_s in outage.longest_outages_s(Plan()).items() if at_s == outage_s]
    settings = Plan(outage_s=outage_s)
    assert foretold(settings)[way].survived
    assert not plan.planned(settings)[way].survived
    # And it is told so, in the figure, in its words and in its table
    drawn = outage.drawn(settings)
    assert re.search(r" it, (\d of them )?just$", drawn.finding)
    assert f"{way}: foretold processed at {outage_s} s, just as the outage ends, " in repr(drawn)
    assert drawn._repr_html_().count(f"processed at {outage_s} s, just") >= 2
    just = outage.side_by_side(settings, foretold(settings)).loc[way, "foretold"]
    assert "just as the outage ends" in just
    # But not of a way that has an attempt left, as an event has at 60 s
    assert repr(drawn).count("as the outage ends") == 1
    # And of an outage that ends before it nothing is just
    assert "just" not in repr(outage.drawn(Plan(outage_s=outage_s - 1)))
    # And nothing else is planned differently
    assert plan.planned(Plan(outage_s=outage_s - 1)) == foretold(Plan(outage_s=outage_s - 1))


def test_a_number_that_was_judged_as_one_makes_a_plan() -> None:
    made = Plan(receives=6.0)  # type: ignore[arg-type]
    assert made == Plan(receives=6)
    assert "maxReceiveCount 6;" in words.as_set(made)


@pytest.mark.parametrize(
    ("seconds", "spoken"),
    [
        (0.4, "0 s"),
        (90, "90 s"),
        (120, "2 min"),
        (3600, "60 min"),
        (13_500, "3 h 45 min"),
        (9000, "2.5 h"),
        (7201, "7201 s"),
    ],
)
def test_seconds_are_spoken(seconds: float, spoken: str) -> None:
    assert words.spoken_s(seconds) == spoken


@pytest.mark.parametrize(
    "settings",
    [Plan(), Plan(outage_s=10_800, receives=20), Plan(visibility_s=900, receives=20, age_s=60)],
    ids=str,
)
def test_the_figure_says_what_is_foretold_and_what_was_measured(settings: Plan) -> None:
    stories = foretold(settings)
    drawn = outage.drawn(settings, stories)
    assert len(drawn.alt_text) < 300
    for way, story in stories.items():
        assert f"{way}: foretold {words.told(story)}." in repr(drawn)
        assert f"{way}: measured {words.told(story)}." in repr(drawn)
    assert len(drawn.table) == 6
    page = drawn.html()
    # Its words are letters, and none is shortened
    ends = [words.ended(story) for story in stories.values()]
    assert all(end.replace("'", "&#x27;") in page or end in page for end in ends)
    assert "…" not in page


def test_moments_have_the_unit_of_the_axis() -> None:
    stories = foretold(Plan(outage_s=10_800, receives=20)).values()
    told = [words.told(story) for story in stories]
    assert [one.partition(" at ")[2].partition(",")[0] for one in told] == [
        "600 s",
        "11010 s",
        "180 s",
    ]
    page = outage.drawn(Plan(outage_s=10_800, receives=20)).html()
    assert "shaded: the outage, 0 to 10800 s" in page


@pytest.mark.parametrize("outage_s", [120, 600, 10_800])
def test_every_mark_of_the_figure_stands_at_its_time(outage_s: int) -> None:
    # Given an event that is given up with its last attempt, on an axis of minutes or of hours
    settings = Plan(visibility_s=300, receives=20, outage_s=outage_s, retries=1)
    stories = foretold(settings)
    axes = outage.drawn(settings, stories).axes
    diamonds = [line for line in axes.lines if line.get_marker() == "D"]
    drawn_s = [
        axes.transData.inverted().transform(one.get_transform().transform(one.get_xydata()[0]))[0]
        for one in diamonds
    ]
    given_up = [story.ended_at_s for story in stories.values() if not story.survived]
    assert sorted(drawn_s) == pytest.approx(sorted(2 * given_up), abs=0.01)
    # And where that is the last attempt's it is not on top of it
    heights = {round(one.get_transform().transform(one.get_xydata()[0])[1]) for one in diamonds}
    attempts = [line for line in axes.lines if line.get_marker() == "s"]
    assert not heights & {
        round(one.get_transform().transform(one.get_xydata()[0])[1]) for one in attempts
    }


def test_a_difference_is_told() -> None:
    settings = Plan()
    same = foretold(settings)
    late = {way: Story((*story.attempts_s[:-1], story.attempts_s[-1] + 4),
                       story.ended_at_s + 4, story.ending)
            for way, story in same.items()}  # fmt: skip
    assert outage.differences(settings, late) == []
    assert outage.agreement(settings, late)
    other = same | {QUEUE: Story((0.0, 30.0), 60.0, "source queue's DLQ")}
    assert outage.differences(settings, other) == [
        "queue: foretold source queue's DLQ at 90 s, after 3 attempts, "
        "measured source queue's DLQ at 60 s, after 2 attempts"
    ]
    assert not outage.agreement(settings, other)
    assert list(outage.side_by_side(settings, same).index) == [QUEUE, DOUBLED, EVENT]


def panel_of(**settings: int) -> sliders.OutagePanel:
    nothing: Any = None
    return outage.panel(nothing, nothing, Plan(**settings))


def test_a_slider_redraws_at_once() -> None:
    made = panel_of()
    made.sliders["receives"].value = 6
    assert made.plan == Plan(receives=6)
    assert "maxReceiveCount 6" in repr(made)
    # And code moves the sliders, also to where they have no stop
    picture = made.set(outage_s=100, receives=2)
    assert (made.sliders["outage_s"].value, made.sliders["receives"].value) == (100, 2)
    assert made.plan == Plan(outage_s=100, receives=2)
    assert "An outage of 100 s" in repr(picture)


def test_the_figure_beside_the_controls_follows_them_and_needs_no_widget(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[dict[str, str]] = []

    class Handle:
        def update(self, bundle: dict[str, str], *, raw: bool) -> None:
            assert raw
            shown.append(bundle)

    def display(what: Any, **options: bool) -> Handle | None:
        if "display_id" not in options:
            return None
        shown.append(what)
        return Handle()

    monkeypatch.setattr(sliders, "display", display)
    made = panel_of()
    made._ipython_display_()
    made.sliders["outage_s"].value = 60
    made.set(retries=0)
    heads = [bundle["text/plain"].partition(".")[0] for bundle in shown]
    assert heads == [
        "An outage of 2 min: 1 of 3 ways survives it",
        "An outage of 60 s: 3 of 3 ways survive it, 1 of them just",
        "An outage of 60 s: 2 of 3 ways survive it, 1 of them just",
    ]
    # Each of them once, though a call moves several sliders; and with what to do after a restart
    assert all("<svg" in bundle["text/html"] for bundle in shown)
    assert all("run the cells from the top" in bundle["text/html"] for bundle in shown)


def test_the_button_measures_and_a_moved_slider_forgets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made = panel_of()
    monkeypatch.setattr(sliders, "measured", lambda _lab, _bench, asked: foretold(asked))
    made.button.click()
    assert made.error is None
    assert "measured" in repr(made)
    assert not made.button.disabled
    made.sliders["retries"].value = 0
    assert "measured" not in repr(made)


def test_an_error_of_the_button_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise DataError("There is no room.", "Make some.")

    made = panel_of()
    monkeypatch.setattr(sliders, "measured", fail)
    made.button.click()
    assert isinstance(made.error, DataError)
    assert "There is no room." in made._result.value
    assert not made.button.disabled


def test_what_was_measured_names_where_it_ended() -> None:
    class FakeBench:
        def attempts(self, _: object) -> pd.DataFrame:
            started = [DAY + pd.Timedelta(seconds=second) for second in (60.1, 0.1)]
            return pd.DataFrame({"started_at": started})

        def arrivals(self, _: object) -> pd.DataFrame:
            return pd.DataFrame({"reason": ["EventAgeExceeded"]})

    bench: Any = FakeBench()
    rig: Any = type("Rig", (), {"ends": {"on-failure destination": "url"}})
    given_up = DAY + pd.Timedelta(seconds=60.2)
    story = measuring._story(bench, rig, DAY, given_up)
    assert story == Story((0.1, 60.1), 60.2, "EventAgeExceeded")
    rig.ends = {"source queue's DLQ": "url"}
    assert measuring._story(bench, rig, DAY, given_up).ending == "source queue's DLQ"
    assert measuring._story(bench, rig, DAY, None) == Story((0.1, 60.1), 60.1, "processed")


@pytest.mark.parametrize(
    ("arrived_at", "seen_after_s", "end_s"),
    [
        # SQS moved it: the second receive hid it for 20 s, and its count was seen late
        (None, 130.0, 80.1),
        (None, 79.0, 79.0),
        # A record says when it was written
        (DAY + pd.Timedelta(seconds=60.1), 130.0, 60.1),
    ],
    ids=["moved", "seen at once", "record"],
)
def test_where_counts_are_late_an_end_is_not_when_it_was_seen(
    arrived_at: pd.Timestamp | None, seen_after_s: float, end_s: float
) -> None:
    class FakeBench:
        def attempts(self, _: object) -> pd.DataFrame:
            return pd.DataFrame({"started_at": [DAY + pd.Timedelta(seconds=s) for s in (0, 60.1)]})

        def arrivals(self, _: object) -> pd.DataFrame:
            return pd.DataFrame({"reason": ["x"], "arrived_at": [arrived_at]})

    bench: Any = FakeBench()
    rig: Any = type("Rig", (), {"ends": {"source queue's DLQ": "url"}})
    seen_at = DAY + pd.Timedelta(seconds=seen_after_s)
    story = measuring._story(bench, rig, DAY, seen_at, lambda receive: 10.0 * receive)
    assert story.ended_at_s == pytest.approx(end_s)


@pytest.mark.parametrize(
    ("wait_s", "fault"),
    [
        (lambda n: min(60 * 2 ** (n - 1), 900), ""),
        (lambda n: [50, 150, 600, 800, 900, 900, 900, 60][n - 1], ""),
        (lambda _: 60, "the last of 8 attempts comes at 420 s"),
        (
            lambda n: [60, 360, 360, 360, 360, 900, 900, 1][n - 1],
            "the last of 8 attempts comes at 3300 s, just as the outage ends: do not plan",
        ),
        (lambda n: 60 * 2 ** (n - 1), "one wait is 7680 s"),
        (lambda _: 900, "the first retry comes after 900 s"),
        (lambda n: 60 * n, "the last of 8 attempts comes at 1680 s"),
        (
            lambda n: str(min(60 * 2 ** (n - 1), 900)),
            "one wait is '60', and SQS takes whole seconds",
        ),
        (lambda n: 0.9 * min(60 * 2 ** (n - 1), 900), "one wait is 54.0, and SQS takes whole"),
        (lambda _: None, "after receive 1 it returns None, and SQS takes seconds"),
        (lambda n: float("nan") if n == 3 else 60, "after receive 3 it returns nan"),
        (lambda n: -1 if n == 8 else min(60 * 2 ** (n - 1), 900), "SQS takes none below 0"),
    ],
)
def test_waits_of_ones_own_are_judged_by_what_they_do(wait_s: Any, fault: str) -> None:
    judged = outage.judged_waits(wait_s)
    assert bool(judged) is not bool(fault)
    assert fault in judged.seen
    # And every rule that can be broken is among what is expected
    assert "first retry within 60 s" in judged.expected
    assert "at most 900 s" in judged.expected


def test_what_is_no_function_of_waits_is_told() -> None:
    odd: Any = 40
    with pytest.raises(TypeError, match="40 is no function: write one"):
        outage.judged_waits(odd)


@pytest.mark.parametrize(
    ("own", "fault"),
    [
        (Plan(200, 8), ""),
        (Plan(301, 5), ""),
        # As notebook 04 says: do not plan with the last second
        (Plan(300, 5), "the last attempt comes at 20 min, just as the outage ends: do not plan"),
        (Plan(200, 7), "the last attempt comes at 20 min, just as the outage ends: do not plan"),
        (Plan(300, 9), ""),
        (Plan(120, 10), "the last attempt comes at 18 min"),
        (Plan(60, 21), "tried 21 times"),
        (Plan(300, 10), "a bad order is in the DLQ after 50 min"),
        (Plan(), "the last attempt comes at 60 s"),
    ],
)
def test_a_design_of_ones_own_is_judged_by_what_it_does(own: Plan, fault: str) -> None:
    judged = outage.judged_plan(own)
    assert bool(judged) is not bool(fault)
    assert fault in judged.seen
    with pytest.raises(DataError, match="is no plan"):
        outage.judged_plan(42)


def test_the_help_of_a_design_names_the_limit_that_is_judged() -> None:
    known = help_with("09-designing-it", "your own design")
    assert "more than 1200" in known.hint
    assert known.solution == "own_plan = outage.Plan(visibility_s=200, receives=8, outage_s=1200)"
    assert outage.judged_plan(Plan(visibility_s=200, receives=8, outage_s=1200))


def attempts(*seconds: float, outcome: str = "error") -> pd.DataFrame:
    started = [DAY + pd.Timedelta(seconds=second) for second in seconds]
    told = {"handler_outcome": outcome, "outcome": outcome}
    return pd.DataFrame({"started_at": started, **told})


def test_a_crowd_is_counted_where_its_attempts_begin() -> None:
    together = attempts(*[0.0] * 30, *[40.0] * 30)
    apart = attempts(*[0.0] * 30, *range(20, 50), outcome="ok")
    drawn = outage.crowd({"together": together, "apart": apart}, outage_s=60, every_s=5)
    assert drawn.finding == "Retries within 5 s: together up to 30, apart up to 5"
    assert "together: 30 at 0 s (30 failed), 30 at 40 s (30 failed)." in repr(drawn)
    assert "apart: 30 at 0 s (0 failed), 5 at 20 s (0 failed)" in repr(drawn)
    assert drawn.table["attempts"].sum() == 120
    assert len(drawn.alt_text) < 300
    with pytest.raises(DataError, match="no attempts"):
        outage.crowd({"none": together[:0]}, outage_s=60)


def test_each_bar_as_high_as_the_highest_is_numbered_and_the_first_is_named() -> None:
    herd = attempts(*[0.0] * 30, *[40.0] * 30, *[120.0] * 30, *[280.0] * 30)
    # Two bars side by side: one number, that of the higher one
    near = attempts(*[0.0] * 30, *[40.0] * 6, *[45.0] * 7, *[200.0] * 2, *[280.0] * 4)
    drawn = outage.crowd({"herd": herd, "near": near}, outage_s=240, every_s=5)
    rows = [
        sorted((text.xy[0] // 5 * 5, text.get_text()) for text in ax.texts if text.xy[1] <= 30)
        for ax in drawn.figure.axes
    ]
    assert rows == [
        [(0, "30"), (0, "first"), (40, "30"), (120, "30"), (280, "30")],
        [(0, "30"), (0, "first"), (45, "7"), (280, "4")],
    ]
    # And so on a narrow page
    assert str(drawn.narrow).count("<span>30</span>") == 5
    assert "<span>7</span>" in str(drawn.narrow)
    assert "<span>6</span>" not in str(drawn.narrow)
