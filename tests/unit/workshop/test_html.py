"""What is shown as HTML: escaped wherever it comes from, and readable without colour."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from tests.unit.workshop.fake_aws import FakeCloudFormation, FakeSqs, fake_lab
from workshop import html
from workshop.accounting.fates import Fate
from workshop.accounting.ledger import Ledger, orders_table
from workshop.evidence.retry_settings import RetrySettings
from workshop.gallery.cards import FailureCard
from workshop.gallery.case import DONE, LOST, REFUSED, WAITING, Case
from workshop.lessons.checks import Check
from workshop.lessons.lesson import GradedCheck
from workshop.lessons.predictions import Comparison, Judged
from workshop.lessons.questions import Question
from workshop.lessons.series import Entry, Series
from workshop.repair.dead_letters import COLUMNS, DeadLetters
from workshop.stage.send_panel import SendPanel

# An order id that somebody chose to find out whether it is escaped.
HOSTILE = """A'1"><img src=x onerror=alert(1)><script>alert(2)</script>&lt;"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'


def soup(page: str) -> BeautifulSoup:
    return BeautifulSoup(page, "html.parser")


def ledger(order_id: str) -> str:
    rows = [(name, Fate(order_id, "lost", "", order_id, 0, 0, order_id)) for name in ("a", "b")]
    return Ledger(orders_table(rows), {"a": 1, "b": 1})._repr_html_()


def card(text: str) -> str:
    return FailureCard([Case(text, text, text, (), text, None, (text,), (text,))])._repr_html_()


def dead_letters(text: str) -> str:
    row: dict[str, Any] = dict.fromkeys(COLUMNS, text)
    row |= {"age_s": 1.0, "receive_count": 1, "sent_at": pd.Timestamp(0, tz="UTC")}
    table = pd.DataFrame([row]).astype(COLUMNS)
    return DeadLetters(table, text)._repr_html_()


def check(text: str) -> str:
    levels = tuple((name, text) for name in ("nudge", "hint", "solution"))
    return GradedCheck(text, False, text, text, text, text, help=levels)._repr_html_()


def panel(text: str) -> SendPanel:
    stacks = FakeCloudFormation(SqsDlq={"SourceQueueUrl": "https://source"})
    made = SendPanel(fake_lab(sqs=FakeSqs(), cloudformation=stacks), "SqsDlq")
    made.sent = [{"order_id": text, "kind": text, "message_id": text}]
    return made


def error(text: str) -> str:
    made = panel("")
    made.show_error(text)
    return str(made._result.value)


SHOWN: dict[str, Callable[[str], Any]] = {
    "ledger": ledger,
    "card": card,
    "dead letters": dead_letters,
    "check": check,
    "error": error,
    "sent orders": lambda text: panel(text)._table(),
    "comparison": lambda text: comparison(text, Judged.WRONG),
    "question": lambda text: comparison(text, Judged.UNSET),
    "series": lambda text: Series([Entry(text, text, 1, text)])._repr_html_(),
    "frame": lambda text: html.frame(pd.DataFrame({text: [text]})),
}


def comparison(text: str, verdict: Judged) -> str:
    asked = Question(text, text, text, text)
    return Comparison(asked, text, text, verdict, text)._repr_html_()


@pytest.mark.parametrize("name", SHOWN)
def test_a_hostile_order_id_is_shown_and_does_nothing(name: str) -> None:
    page = soup(SHOWN[name](HOSTILE))
    assert page.find_all("script") == page.select("img[src=x]") == page.select("[onerror]") == []
    told = page.get_text() + "".join(image["alt"] for image in page.find_all("img"))  # type: ignore[misc]
    assert HOSTILE in told


def test_what_is_markup_is_put_in_as_it_is() -> None:
    page = html.joined(html.code("a<b"), " & ", html.strong(html.code("c")))
    assert page == "<code>a&lt;b</code> &amp; <strong><code>c</code></strong>"
    assert html.joined("a", "<", "b", by=" > ") == "a &gt; &lt; &gt; b"


def test_the_heads_of_a_table_say_what_they_are_heads_of() -> None:
    rows = [("first", 1, html.code("x")), ("second", 2, "y")]
    page = soup(html.table(("", "number", "code"), rows, caption="all", has_row_heads=True))
    heads = [(head.get_text(), head["scope"]) for head in page.find_all("th")]
    assert heads == [("number", "col"), ("code", "col"), ("first", "row"), ("second", "row")]
    assert [caption.get_text() for caption in page.find_all("caption")] == ["all"]
    # And a table without heads has none
    page = soup(html.table((), [("a",)]))
    assert page.find_all(["th", "thead", "caption", "colgroup"]) == []


def test_a_wide_table_scrolls_by_itself_and_cells_are_flush_left() -> None:
    page = soup(html.table(("a",), [("b",)], widths=(100,), least_px=300))
    assert "overflow-x:auto" in str(page.div["style"])  # type: ignore[index]
    assert "min-width:300px" in str(page.table["style"])  # type: ignore[index]
    for cell in page.find_all(["td", "th"]):
        assert "text-align:left" in str(cell["style"])


def test_a_frame_shows_nothing_where_nothing_is_known() -> None:
    numbers = pd.Series([1.0, None], dtype="Float64")
    shown = pd.DataFrame({"at": numbers, "who": pd.Series(["a", None], dtype="str")})
    page = soup(html.frame(shown))
    assert [head.get_text() for head in page.find_all("th")] == ["at", "who"]
    assert [cell.get_text() for cell in page.find_all("td")] == ["1.0", "a", "", ""]


def test_the_settings_are_a_table_whose_rows_have_heads() -> None:
    page = soup(RetrySettings("sqs", 5.0, 30.0, 3)._repr_html_())
    assert page.select_one("th[scope=row]").get_text() == "function timeout"  # type: ignore[union-attr]


def test_a_setting_that_is_not_used_is_told_in_words() -> None:
    def told(settings: RetrySettings) -> dict[str, str]:
        rows = [row.find_all(["th", "td"]) for row in soup(settings._repr_html_()).find_all("tr")]
        return {
            name.get_text(): f"{value.get_text()}: {why.get_text()}" for name, value, why in rows
        }

    queue = told(RetrySettings("sqs", 5.0, 30.0))
    assert (
        queue["maxReceiveCount"]
        == "not set: so it may be received again and again, without a limit"
    )
    assert queue["in the end"] == (
        "the source queue: no DLQ is set: it stays until its retention ends, then it is lost"
    )
    event = told(RetrySettings("async", 5.0, maximum_retry_attempts=0))
    assert event["MaximumEventAgeInSeconds"].startswith("not set")
    assert event["in the end"] == (
        "nothing keeps it: no DLQ and no destination is set: what is given up is lost"
    )


@pytest.mark.parametrize("tone", [html.GOOD, html.BAD, html.KEPT, html.REFUSED, html.WAITING])
def test_a_sign_and_words_say_what_the_bar_says(tone: html.Tone) -> None:
    for shown in (html.note(tone, "so it is"), html.marked(tone, "so it is")):
        assert f"{tone.sign} so it is" in soup(shown).get_text()
        assert f"border-left:4px solid {tone.colour}" in shown


@pytest.mark.parametrize(
    ("ended", "sign"),
    [(DONE, "✓"), (LOST, "✗"), (WAITING, "…"), (REFUSED, "↩"), ("source queue's DLQ", "◆")],
)
def test_a_card_has_the_signs_of_the_ledger_and_of_the_figures(ended: str, sign: str) -> None:
    case = Case("it", "queue", "nobody", (), ended, None, (), ())
    assert f"{sign} {ended}" in soup(FailureCard([case])._repr_html_()).get_text()


@pytest.mark.parametrize(
    ("state", "place", "told"),
    [
        ("processed", "", "✓ processed"),
        ("dead-lettered", "source queue's DLQ", "◆ source queue's DLQ"),
        ("in flight", "", "… in flight"),
        ("lost", "", "✗ lost"),
    ],
)
def test_a_ledger_says_where_an_order_is_with_a_sign(state: str, place: str, told: str) -> None:
    rows = [("a", Fate("A-1", state, place, "", 1, 0, ""))]
    page = soup(Ledger(orders_table(rows), {"a": 1})._repr_html_())
    assert page.select("tbody td")[1].get_text() == told
    verdict = page.select_one("p > span")
    assert verdict is not None
    assert verdict.get_text().startswith("✗ it balances" if state == "lost" else "✓ it balances")


def test_no_two_tones_have_the_same_sign() -> None:
    tones = [tone for tone in vars(html).values() if isinstance(tone, html.Tone)]
    assert len({tone.sign for tone in tones}) == len(tones) == 7


def test_letters_keep_the_colour_of_the_page() -> None:
    shown = [show("x") for name, show in SHOWN.items() if name != "figure"]
    lost = Case("it", "queue", "nobody", (), LOST, None, (), ())
    styles = [
        str(element["style"]).replace(" ", "")
        for page in [*shown, FailureCard([lost])._repr_html_()]
        for element in soup(page).select("[style]")
    ]
    assert any("border-left:4pxsolid" in style for style in styles)
    for style in styles:
        assert not {part for part in style.split(";") if part.startswith(("color:", "background"))}


def test_only_what_went_wrong_beside_a_control_is_read_aloud_at_once() -> None:
    assert soup(error("no queue")).select_one("div[role=alert] pre").get_text() == "no queue"  # type: ignore[union-attr]
    assert "alert" not in Check("x", False, "a", "b", "c")._repr_html_()


def test_a_figure_has_its_name_once_and_can_be_scrolled_by_keyboard() -> None:
    page = soup(html.figure(SVG, 'three "attempts"', 640))
    figure = page.find("figure")
    assert figure is not None
    assert figure["aria-label"] == 'three "attempts"'
    assert figure["tabindex"] == "0"
    assert str(page).count("three") == 1
    assert figure.find("svg") is not None
