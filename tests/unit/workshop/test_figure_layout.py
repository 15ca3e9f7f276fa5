"""Nothing in a figure lies on anything else or is cut off, whatever is drawn."""

import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import combinations, pairwise

import pandas as pd
import pytest
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from tests.unit.workshop.log_events import T0_MS, invocation, logs, record
from tests.unit.workshop.test_timeline import ASYNC, SQS, arrival, arrivals
from workshop import palette
from workshop.drawing.comparison import timelines
from workshop.drawing.legend import bottom_in, columns_for
from workshop.drawing.letters import fitted, fitted_name, width_pt
from workshop.drawing.marks import ARRIVED_FAILURE, MOMENT, PREDICTION
from workshop.drawing.pen import figure_of
from workshop.drawing.picture import STYLE
from workshop.drawing.timeline import Timeline, timeline
from workshop.evidence.attempts import attempts_table
from workshop.evidence.behind import behind, carrying

LONG = "order-2026-11-28T19:03:21.123456Z-eu-central-1-0123456789abcdef"
EMOJI = "🍕🍕 pizza-👩‍👩‍👧-bestellung"
ERROR = "ValueError: the amount 12,50 is no number, and this text goes on and on and on and on"
LONG_ERROR = "IdempotencyAlreadyInProgressError: execution already in progress with key 1"
CUT_OFF = "090304-cut-off-14"
REJECTED = "OrderRejectedError: order 090004-bad says pass: false"
# A number on its mark.
ON_MARK = re.compile(r"\d{1,2}|\?")


def tried(order: str, *at_s: float, error: str | None = ERROR, **report: object) -> pd.DataFrame:
    line = {"sent_at_ms": T0_MS, "outcome": "error" if error else "ok"}
    runs = [
        invocation(
            round(1000 * at),
            f"{order}{n}",
            record(f"m-{order}", order, receive_count=n, **line),
            error=error,
            stream=f"{order}{n}",
            **report,  # type: ignore[arg-type]
        )
        for n, at in enumerate(at_s, start=1)
    ]
    return attempts_table(logs(*runs))


def dead(order: str, at_s: float | None = None, **fields: object) -> pd.DataFrame:
    return arrivals(arrival(order, at_s, **fields))


def both(*tables: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(tables, ignore_index=True)


def _batch() -> pd.DataFrame:
    """One invocation with three messages: done, failed, and one that was passed over."""
    said = {"a1": "ok", "a2": "error", "a3": "not tried"}
    lines = [
        record(f"m-{order}", order, receive_count=1, sent_at_ms=T0_MS, outcome=outcome)
        for order, outcome in said.items()
    ]
    return attempts_table(logs(invocation(0, "b", *lines, error=ERROR, stream="b")))


SEND = [f"order-{n}" for n in range(11)]
DESTINATION = {"target": "on-failure destination", "reason": "RetriesExhausted"}
FUNCTION_DLQ = {"target": "function's DLQ", "reason": "function error, ErrorCode 200"}
FIGURES = {
    "three attempts": lambda width: timeline(
        tried("bad", 0, 30, 60), dead("bad"), settings=SQS, width_in=width
    ),
    "retries of an event": lambda width: timeline(
        tried("bad", 0.2, 60.3, 180.4),
        dead("bad", 180.5, **DESTINATION),
        settings=ASYNC,
        predicted=4,
        width_in=width,
    ),
    "an outage": lambda width: timelines(
        {
            "the same wait": (tried("steady", 0, 40, 80, 120), dead("steady"), SQS),
            "doubled": (
                both(tried("grown", 0, 40, 120), tried("grown", 280, error=None)),
                dead("grown").head(0),
                SQS,
            ),
        },
        title="240 s of outage: which waits outlast it?",
        outage_s=240,
        width_in=width,
    ),
    "a long id": lambda width: timeline(
        tried(LONG, 0, 30, 60), dead(LONG), settings=SQS, width_in=width
    ),
    "emoji": lambda width: timeline(
        tried(EMOJI, 0, 30, 60), dead(EMOJI), settings=SQS, width_in=width
    ),
    "rings beside marks": lambda width: timeline(
        tried("bad", 0, 30, 60),
        dead("bad"),
        settings=SQS,
        predicted=[0, 15, 45, 75],
        width_in=width,
    ),
    "eleven lanes": lambda width: timeline(
        both(*(tried(order, n, 30 + n, 60 + n) for n, order in enumerate(SEND))),
        both(*(dead(order) for order in SEND)),
        settings=SQS,
        predicted=3,
        width_in=width,
    ),
    "a limit and rings": lambda width: timeline(
        both(tried("good", 0, error=None), tried("bad", 0, 30, 60)),
        dead("bad"),
        settings=SQS,
        predicted={"bad": 2, "good": 2},
        width_in=width,
    ),
    "six hours": lambda width: timeline(
        tried("late", 0, 60, 180),
        dead("late", 21_600, **DESTINATION | {"reason": "EventAgeExceeded"}),
        settings=replace(ASYNC, maximum_event_age_s=21_600),
        width_in=width,
    ),
    "four patterns": lambda width: timelines(
        {
            name: (tried(f"o{n}", 0, 60, 180), dead(f"o{n}"), settings)
            for n, (name, settings) in enumerate(
                {"a queue": SQS, "an event": ASYNC, "a topic": ASYNC, LONG: SQS}.items()
            )
        },
        width_in=width,
    ),
    "long names of errors in several patterns": lambda width: timelines(
        {
            name: (tried(f"o{n}", 0, 60, 180, error=LONG_ERROR), dead(f"o{n}"), SQS)
            for n, name in enumerate(("a queue", "an event"))
        },
        width_in=width,
    ),
    "a queue beside events": lambda width: timelines(
        {
            "queue": (tried(CUT_OFF, 0, 30, 60, error=REJECTED), dead(CUT_OFF), SQS),
            "destinations": (
                tried("d", 0, 60, 180, error=REJECTED),
                dead("d", 180, **DESTINATION),
                ASYNC,
            ),
        },
        width_in=width,
    ),
    "four paths and guesses": lambda width: timelines(
        {
            "queue": (tried(CUT_OFF, 0.1, 30.1, 60.1, error=REJECTED), dead(CUT_OFF), SQS),
            "destinations": (
                tried(CUT_OFF, 0.1, 60.1, 180.1, error=REJECTED),
                dead(CUT_OFF, 180.11, **DESTINATION),
                ASYNC,
            ),
            "function's DLQ": (
                tried(CUT_OFF, 0.1, 60.1, 180.1, error=REJECTED),
                dead(CUT_OFF, 180.11, **FUNCTION_DLQ),
                ASYNC,
            ),
            "unreachable": (
                tried(CUT_OFF, 0).head(0),
                dead(CUT_OFF, 0.05, target="subscription's DLQ", reason="SNS could not invoke"),
                ASYNC,
            ),
        },
        predicted={"queue": 2, "destinations": 3, "function's DLQ": 3, "unreachable": 3},
        width_in=width,
    ),
    "a guess beyond the end": lambda width: timeline(
        both(tried("bad", 0.1, 60.1, 180.1, error=REJECTED), tried("good", 0.1, error=None)),
        both(
            dead("bad", 180.11, **FUNCTION_DLQ),
            dead("good", 0.123, target="on-success destination", reason="Success"),
        ),
        settings=ASYNC,
        predicted={"bad": 4},
        width_in=width,
    ),
    "within a second": lambda width: timeline(
        tried("once", 0.02, error=REJECTED),
        dead("once", 0.05, **DESTINATION),
        settings=replace(ASYNC, maximum_retry_attempts=0),
        width_in=width,
    ),
    "a gathered batch": lambda width: timeline(
        both(tried("bad", 0.1, 32.1, 62.1), *(tried(n, 0, error=None) for n in SEND)),
        dead("bad"),
        settings=replace(SQS, batching_window_s=2),
        width_in=width,
    ),
    "five receives": lambda width: timeline(
        tried("five", 0, 21, 42, 63, 84), dead("five"), settings=SQS, width_in=width
    ),
    "every kind of mark": lambda width: timeline(
        carrying(
            both(
                tried("slow", 0, 30, error=None, status="timeout", duration_ms=5000),
                tried("gone", 0, 30, error="x", status="error"),
                _batch(),
                tried("bad", 0, 30, 60),
                *(tried(n, 0, error=None) for n in SEND),
            ),
            not_tried=behind(_batch()).not_tried,
        ),
        both(dead("bad"), dead("behind", receive_count=4)),
        settings=SQS,
        predicted={"bad": 2},
        width_in=width,
    ),
    "time-outs of an event": lambda width: timeline(
        tried("slow", 0, 65, 190, error=None, status="timeout", duration_ms=5000),
        dead("slow", 195.1, **DESTINATION),
        settings=ASYNC,
        width_in=width,
    ),
    "guesses without a mark": lambda width: timeline(
        both(tried("bad", 0, 30, 60), tried("worse", 0, 30, 60)),
        both(dead("bad"), dead("worse")),
        settings=SQS,
        predicted={"bad": 100, "worse": "three or four of them, I would say, or five"},
        width_in=width,
    ),
    "time-outs": lambda width: timeline(
        tried("slow", 0, 30, 60, error=None, status="timeout", duration_ms=5000),
        dead("slow"),
        settings=SQS,
        width_in=width,
    ),
}


def rings(drawn: Timeline) -> list[Bbox]:
    """Where the rings of predictions are, a little smaller than the boxes around them."""
    found = [line for line in drawn.axes.lines if line.get_markersize() == PREDICTION.size]
    centres = [line.get_transform().transform(line.get_xydata()[0]) for line in found]
    half = PREDICTION.size / 2 * 100 / 72 - 3
    return [Bbox.from_extents(x - half, y - half, x + half, y + half) for x, y in centres]


def limits(drawn: Timeline) -> list[Bbox]:
    """Where the lines of limits of attempts are: one in a lane, where that of an age is in all."""
    found = [line for line in drawn.axes.lines if line.get_color() == palette.VERMILLION]
    renderer = drawn.figure.canvas.get_renderer()  # type: ignore[attr-defined]
    heights = [abs(float(line.get_ydata()[-1]) - float(line.get_ydata()[0])) for line in found]  # type: ignore[index]
    within = [line for line, high in zip(found, heights, strict=True) if 0 < high < 0.9]
    return [line.get_window_extent(renderer) for line in within]


def texts(drawn: Timeline) -> list[tuple[str, Bbox]]:
    """Every text with the box that it covers, in pixels."""
    FigureCanvasAgg(drawn.figure).draw()
    renderer = drawn.figure.canvas.get_renderer()  # type: ignore[attr-defined]
    shown = [t for t in drawn.figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    return [(t.get_text(), Text.get_window_extent(t, renderer)) for t in shown]


@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.parametrize("width_in", [7.5, 9.2, 12.0])
@pytest.mark.parametrize("name", FIGURES)
def test_no_text_lies_on_another_or_is_cut_off(name: str, width_in: float) -> None:
    # When the figure is drawn
    with rc_context(STYLE):
        drawn = FIGURES[name](width_in)
        boxes = texts(drawn)
    figure = Bbox.from_bounds(0, 0, width_in * 100, 1e4)
    # Then every text is within it
    cut = [text for text, box in boxes if box.x0 < figure.x0 or box.x1 > figure.x1 or box.y0 < 0]
    assert cut == []
    # And none covers another
    clashes = [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1.5
        and min(a.y1, b.y1) - max(a.y0, b.y0) > 2.5
        and not (ON_MARK.fullmatch(one) and ON_MARK.fullmatch(other))
    ]
    assert clashes == []
    # And no ring is drawn through one, but around an attempt's number
    ringed = [t for t, box in boxes if any(Bbox.intersection(box, ring) for ring in rings(drawn))]
    assert [text for text in ringed if not ON_MARK.fullmatch(text)] == []
    # And no limit either
    crossed = [
        text
        for text, box in boxes
        for line in limits(drawn)
        if box.x0 - 1 < line.x1 and line.x0 < box.x1 + 1 and box.y0 < line.y1 and line.y0 < box.y1
    ]
    assert crossed == []


@pytest.mark.parametrize("name", FIGURES)
def test_letters_are_11_px_high_or_more_where_a_page_is_1280_wide(name: str) -> None:
    root = ET.fromstring(FIGURES[name](9.2).svg())
    sizes = [
        float(found)
        for text in root.iter("{http://www.w3.org/2000/svg}text")
        for found in re.findall(r"font-size: ([\d.]+)px", text.get("style", ""))
    ]
    assert sizes
    # Points on a page of 96 per inch.
    assert min(sizes) * 96 / 72 >= 11


@pytest.mark.parametrize("name", FIGURES)
def test_the_texts_of_a_figure_are_texts_as_wide_as_they_were_measured(name: str) -> None:
    root = ET.fromstring(FIGURES[name](9.2).svg())
    found = list(root.iter("{http://www.w3.org/2000/svg}text"))
    assert all(text.get("textLength") for text in found)
    assert len(" ".join(text.text or "" for text in found)) > 100


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_named_once_and_in_a_breath(name: str) -> None:
    drawn = FIGURES[name](9.2)
    assert 20 < len(drawn.alt_text) < 300
    assert drawn._repr_html_().count(drawn.alt_text[:60].replace("'", "&#39;")) == 1


def test_each_message_at_its_limit_has_the_line_tried_or_not() -> None:
    # Given two messages that SQS moved: one was tried, the other was received as often
    moved = both(dead("bad"), dead("behind", receive_count=4))
    drawn = timeline(tried("bad", 0, 30, 60), moved, settings=SQS)
    FigureCanvasAgg(drawn.figure).draw()
    assert len(limits(drawn)) == 2
    assert drawn.narrow.count("limit: maxReceiveCount = 3") == 2


def test_an_attempt_without_a_bar_says_how_long_it_took() -> None:
    # Given gaps of 65 s and 125 s, waits of 60 s and 120 s, and attempts too short for a bar
    drawn = FIGURES["time-outs of an event"](9.2)
    shown = " ".join(text.replace("\n", " ") for text, _ in texts(drawn))
    assert shown.count("took 5 s; Status: timeout") == 3
    # Where the bar is long enough to be seen it says so
    assert "took" not in str(texts(FIGURES["time-outs"](9.2)))


def test_the_name_of_an_error_is_broken_and_not_cut() -> None:
    drawn = FIGURES["long names of errors in several patterns"](9.2)
    with rc_context(STYLE):
        shown = [text.replace("\n", "") for text, _ in texts(drawn)]
    assert shown.count("IdempotencyAlreadyInProgressError") == 6
    assert fitted_name("a.module.TimeoutError", 45, 10, 3) == "Timeout\nError"
    # What is longer than all lines is cut, and says so
    assert fitted_name("abcdefghijklmnop", 40, 10, 2).endswith("…")


def test_an_error_whose_name_has_no_room_is_told_once_for_all_that_it_is_the_same_of() -> None:
    down = "DependencyUnavailableError: what the order needs is down"
    grown = both(tried("grown", 0, 40, 120, error=down), tried("grown", 280, error=None))
    runs = {
        "same": (tried("steady", 0, 40, 80, 120, 160, error=down), dead("steady"), SQS),
        "doubled": (grown, dead("grown").head(0), SQS),
    }
    shown = [text for text, _ in texts(timelines(runs, outage_s=240))]
    assert [text for text in shown if text.startswith("Depend")] == [
        "DependencyUnavailableError, 5 times",
        "DependencyUnavailableError, 3 times",
    ]
    assert shown.count("what the order needs is down") == 2
    # And no wait is without its length, however little room the words of attempts leave
    assert shown.count("40\u00a0s") == 6


def test_errors_that_differ_or_have_room_are_told_one_by_one() -> None:
    other = tried("steady", 40, 80, 120, error="ExpiredTokenOfTheDatabaseError: no")
    long = "DependencyUnavailableError: what the order needs is down"
    runs = {
        "two errors": (both(tried("steady", 0, error=long), other), dead("steady", 280), SQS),
        "room": (tried("wide", 0, 120, 240, error=long), dead("wide", 280), SQS),
    }
    shown = [text for text, _ in texts(timelines(runs))]
    assert [text for text in shown if text.endswith(" times")] == [
        "ExpiredTokenOfTheDatabaseError, 3 times"
    ]
    assert "DependencyUnavailableError" in shown


def test_what_is_left_of_the_visibility_timeout_is_named_where_its_words_have_little_room() -> None:
    slow = tried("inside-once-091010", 0, error=None, status="timeout", duration_ms=5000)
    slow = both(slow, tried("inside-once-091010", 30, error=None))
    drawn = timeline(both(slow, tried("bad", 0, 30, 60)), dead("bad"), settings=SQS)
    shown = [text for text, _ in texts(drawn)]
    assert "visibility\ntimeout,\n25\u00a0s\u00a0left" in shown
    assert "25\u00a0s" not in shown


def test_widths_are_those_of_the_font_and_of_emoji_too() -> None:
    with rc_context(STYLE):
        drawn = timeline(tried("bad", 0), settings=SQS)
        [box] = [box for text, box in texts(drawn) if text == "bad"]
    assert width_pt("bad", 11, is_bold=True) * 100 / 72 == pytest.approx(box.width, abs=1.5)
    assert width_pt("🍕", 10) > width_pt("m", 10)
    assert width_pt("\u200d", 10) == 0


@pytest.mark.parametrize(
    ("text", "room_pt", "lines", "shown"),
    [
        ("one two", 100, 1, "one two"),
        ("one two three four", 55, 2, "one two\nthree four"),
        ("one two three four", 55, 1, "one two…"),
        ("abcdefghijklmnop", 40, 2, "abcdef\nghijkl…"),
        ("anything", 3, 2, ""),
        ("1st meanwhile-once-0122", 90, 2, "1st meanwhile-\nonce-0122"),
    ],
)
def test_a_text_is_broken_where_it_has_to_be(
    text: str, room_pt: float, lines: int, shown: str
) -> None:
    found = fitted(text, room_pt, 10, lines)
    assert found == shown
    assert all(width_pt(line, 10) <= room_pt for line in found.split("\n"))


def test_no_name_of_an_error_is_broken_within_a_word_and_no_heading_is_shortened() -> None:
    drawn = FIGURES["a queue beside events"](9.2)
    with rc_context(STYLE):
        shown = [text for text, _ in texts(drawn)]
    words = {"Order", "Rejected", "Error", "OrderRejectedError"}
    names = [text for text in shown if text.startswith("Order")]
    assert {line for text in names for line in text.split("\n")} <= words
    # Where another one has no room for it, it says that it is the first one's
    with rc_context(STYLE):
        narrower = [text for text, _ in texts(FIGURES["four paths and guesses"](9.2))]
    assert "the\nsame\nagain" in narrower
    headings = [text for text in shown if text.startswith("destinations:")]
    assert headings == [
        "destinations: tried 3 times, 60 s and 120 s apart, then recorded in the on-failure "
        "destination"
    ]
    # And with less room still there is less of it, and no other word
    assert fitted_name("OrderRejectedError", 40, 10, 3) == "Order…"
    assert fitted("an OrderRejectedError", 40, 10, 3, has_whole_words=True) == "an…"


def test_numbers_that_stand_alone_add_up_to_what_the_axis_shows() -> None:
    # Given an order whose batch was gathered for 2 s after its second receive
    drawn = FIGURES["a gathered batch"](9.2)
    with rc_context(STYLE):
        shown = [text.replace("\u00a0", " ") for text, _ in texts(drawn)]
    ticks = [text.get_text() for text in drawn.axes.get_xticklabels()]
    assert ticks == ["", "32", "62", "90"]
    assert [text.get_text() for text in drawn.axes.get_xticklabels(minor=True)] == ["0"]
    assert [text for text in shown if text in ("32 s", "30 s", "28 s")] == ["32 s", "30 s", "28 s"]
    # And no number is parted from its unit where the headline is broken
    assert "32 s and 30 s apart" in drawn.finding
    assert not any(text.startswith("s apart") for text in shown)


def test_where_no_lane_has_room_for_the_name_of_the_limit_it_is_in_the_legend() -> None:
    drawn = FIGURES["a gathered batch"](9.2)
    legend = drawn.axes.get_legend()
    assert legend is not None
    assert "limit: maxReceiveCount = 3" in [text.get_text() for text in legend.get_texts()]


@pytest.mark.parametrize("width_in", [4.5, 6.0, 9.2])
def test_a_legend_of_many_rows_is_not_cut_and_shows_the_signs_of_the_picture(
    width_in: float,
) -> None:
    # Given a figure with marks of all kinds
    drawn = FIGURES["every kind of mark"](width_in)
    legend = drawn.axes.get_legend()
    assert legend is not None
    # Then there is paper below its last row
    with rc_context(STYLE):
        assert bottom_in(drawn.axes) > 0.05
        FigureCanvasAgg(figure_of(drawn.axes)).draw()
    # And a diamond in one row does not touch another one below it
    baselines_pt = sorted(
        text.get_transform().transform((0, 0))[1] * 72 / figure_of(drawn.axes).dpi
        for text in legend.get_texts()
    )
    # Words of one row differ by a fraction of a point
    steps_pt = [higher - lower for lower, higher in pairwise(baselines_pt)]
    between_pt = [step_pt for step_pt in steps_pt if step_pt > 1]
    assert between_pt
    assert min(between_pt) > 11 * math.sqrt(2)
    # And a receive without an attempt is a dashed box with its sign, as in the picture
    told = {text.get_text() for text in legend.get_texts()}
    assert {"received without a log line", "received in the batch, not tried"} <= told
    assert {"timeout", "crash", "you said"} <= told
    assert {text.get_text() for text in legend.findobj(Text)} >= {"?", "-"}


@pytest.mark.parametrize(
    ("widths_in", "room_in", "columns"),
    [
        ([1, 1, 1], 9, 3),
        # One wide entry does not send the others to another row
        ([1, 1, 1, 1, 3], 7, 5),
        # Columns are as wide as their widest entry
        ([1, 1, 1, 1, 3], 6.9, 3),
        ([1, 3, 1, 3], 6, 2),
        ([1, 3, 1, 3], 5.9, 1),
        ([5], 3, 1),
    ],
)
def test_a_legend_has_as_few_rows_as_there_is_room_for(
    widths_in: list[float], room_in: float, columns: int
) -> None:
    assert columns_for(widths_in, room_in) == columns


def test_a_ring_of_an_attempt_that_was_none_is_not_around_the_end() -> None:
    # Given a guess of four attempts, the fourth at the moment at which the order is moved
    drawn = timeline(tried("bad", 0, 30, 60), dead("bad"), settings=SQS, predicted=4)
    with rc_context(STYLE):
        texts(drawn)
    [end] = [line for line in drawn.axes.lines if line.get_marker() == "D"]
    x, _ = end.get_transform().transform(end.get_xydata()[0])
    assert len(rings(drawn)) == 4
    assert not any(ring.x0 < x < ring.x1 for ring in rings(drawn))


def _four_paths(width_in: float) -> Timeline:
    """A queue's story is half as long as the two others, whose records come with the last try."""
    order = "093005-kfmz-bad"
    queue = tried(order, 0.1, 30.1, 60.1, error=REJECTED)
    event = tried(order, 0.1, 60.1, 180.2, error=REJECTED)
    runs = {
        "queue": (queue, dead(order), SQS),
        "destinations": (event, dead(order, 180.204, **DESTINATION), ASYNC),
    }
    return timelines(runs, predicted={"queue": 3, "destinations": 3}, width_in=width_in)


@pytest.mark.parametrize("width_in", [7.5, 9.2, 12.0])
def test_the_axis_reaches_every_mark_and_says_whose_moment_it_is(width_in: float) -> None:
    with rc_context(STYLE):
        drawn = _four_paths(width_in)
        FigureCanvasAgg(drawn.figure).draw()
        [ax] = drawn.figure.axes
        axis = ax.get_window_extent()
        ends = [
            line.get_window_extent().x1
            for line in ax.get_lines()
            if line.get_marker() == ARRIVED_FAILURE.marker
        ]
    # The record stands beside the last attempt, and the axis goes on so far
    assert len(ends) == 2
    assert max(ends) <= axis.x1 + 2
    # And there it says of both that it is 180 s, as it does of what happened at 0 s
    said = [tick.label1.get_text() for tick in ax.xaxis.get_minor_ticks()]
    assert said == ["0", "180"]
    # And the legend what the thick part of it is
    assert MOMENT.word in [told.get_text() for told in ax.get_legend().get_texts()]


@pytest.mark.parametrize("width_in", [7.5, 9.2, 12.0])
def test_no_error_is_cut_to_a_beginning_that_says_nothing(width_in: float) -> None:
    with rc_context(STYLE):
        shown = [text for text, _ in texts(_four_paths(width_in))]
    assert [text for text in shown if re.fullmatch(r"\S+…", text)] == []
    # The name is there, whole, for the attempts of each path
    assert sum(text.replace("\n", "").startswith("OrderRejectedError") for text in shown) >= 2
