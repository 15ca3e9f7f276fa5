"""The retry timeline: what happened to each message, when, and why it took so long."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import pandas as pd
from IPython.display import display
from matplotlib import rc_context
from matplotlib.axes import Axes

from workshop import html
from workshop.drawing import frame, words
from workshop.drawing.finding import finding
from workshop.drawing.groups import LaneGroup, draw
from workshop.drawing.narrow import narrow
from workshop.drawing.picture import STYLE, DrawnFigure
from workshop.drawing.summary import SUMMARISED_FROM, summarised
from workshop.errors import DataError
from workshop.evidence.lane_making import make_lanes
from workshop.evidence.lanes import Prediction
from workshop.evidence.retry_settings import RetrySettings
from workshop.player.facts import Run, facts_of
from workshop.player.questions import in_words, questions_about
from workshop.player.widget import Player, facts_alone
from workshop.progress import is_attended
from workshop.target.waiting import Waited

_MOST_LANES = 40


class Timeline(DrawnFigure):
    """A drawn timeline with its description; displaying it shows figure, sentence and table.

    Below it is the player of the same run, with which it can be watched step by step.

    Attributes:
        description: all of it in words, a sentence for each message.
        table: the picture as a table, one row per mark: `message`, `at` (seconds since sending),
            `what`, `detail`; of summarised messages the marks of the typical one.
        counts: {"sent", "processed", "<target>"..., "in flight", "lost"}; drawn without arrivals
            "end not looked for" in the place of what cannot be told.
    """

    def __init__(
        self,
        axes: Axes,
        alt_text: str,
        description: str,
        table: pd.DataFrame,
        counts: dict[str, int],
        finding: str = "",
        narrow: str = "",
        *,
        runs: Mapping[str, Run],
        questions: str | Iterable[Mapping[str, Any]] = (),
        answers: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(axes, alt_text, description, table, finding, narrow)
        self.counts = counts
        self._runs, self._answers = runs, answers
        self._questions = questions if isinstance(questions, str) else tuple(questions)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """Everything that the player shows, as docs/player.md tells."""
        if not isinstance(self._questions, str):
            return facts_of(self._runs, questions=self._questions)
        facts = facts_of(self._runs)
        return facts | {"questions": questions_about(facts, self._questions)}

    @cached_property
    def player(self) -> Player:
        """The player of this run; its `answers` are what was answered in it."""
        player = Player(facts=self.facts)
        if self._answers is not None:
            into = self._answers
            player.observe(lambda change: into.update(in_words(self.facts, change.new)), "answers")
        return player

    def _ipython_display_(self) -> None:
        # Two outputs: where no kernel runs, the figure says it all.
        attended, figure = is_attended(), html.Markup(self._repr_html_())
        # A program shows no widget, and would keep the source of one beside the figure.
        player = self.player.bundle() if attended else facts_alone(self.facts)
        asks = bool(self.facts["questions"])
        if asks:
            # Who is asked does not see the answers first; a program shows all.
            figure = html.whole_picture(figure, is_open=not attended)
        still = html.joined(figure, html.player_in_notebook())
        bundles = [{"text/html": still, "text/plain": repr(self)}, player]
        for bundle in reversed(bundles) if asks else bundles:
            display(bundle, raw=True)  # type: ignore[no-untyped-call]


def timeline(
    attempts: pd.DataFrame,
    arrivals: pd.DataFrame | None = None,
    *,
    settings: RetrySettings | None = None,
    predicted: Prediction | Mapping[str, Prediction] | None = None,
    true_scale: bool = False,
    title: str | None = None,
    waited: Waited | None = None,
    outage_s: float = 0.0,
    questions: str | Iterable[Mapping[str, Any]] = (),
    answers: dict[str, Any] | None = None,
    width_in: float = 9.2,
    ax: Axes | None = None,
) -> Timeline:
    """Draw one lane per message: sent, attempts, waits by cause, arrival, limit.

    More than 40 messages are summarised: one lane per story (the same outcomes, the same end), with
    their number, drawn by a typical one; light bands show when nine in ten of the others were
    tried. Messages of one batch are joined by a band.

    Args:
        attempts: as `attempts_table` or `Lab.attempts` returns it.
        arrivals: as `Lab.arrivals` returns it; default none. Rows of messages that are not in
            `attempts` get lanes too.
        settings: names the limit and times the move to a DLQ; `lab.settings(pattern)`.
        predicted: your prediction, drawn as hollow markers: a number of attempts, or their times in
            seconds since sending; or a mapping from order id to one of these.
        true_scale: draw long waits at their true length instead of breaking the axis.
        title: above the headline, which says what was found; default none.
        waited: what `lab.wait_until` returned; adds both clocks to the figure.
        outage_s: for how long from the sending on what the messages need was down; it is shaded.
        questions: what the player asks on the way: of an order (its id) what happens after its
            first failure, and when; or questions of your own, as docs/player.md tells. With any the
            player comes first, and the figure, which tells the answers, is folded below it.
        answers: a dict of yours, in which what is answered in the player is put: id of a question
            -> the words that were chosen, the number that was typed, or None for "Show me".
        width_in: width of a new figure in inches.
        ax: draw here instead of on a new figure.

    Raises:
        DataError: there is no message to draw.
    """
    lanes = make_lanes(attempts, arrivals, settings, predicted)
    if not lanes:
        raise DataError(
            "There is no message to draw: both tables are empty.",
            "Send a message, let AWS be done with it by lab.wait_for_end(pattern, ids), and give "
            "lab.attempts and lab.arrivals the same ids: of orders, or of messages.",
        )
    count = words.counts(lanes, settings)
    found, told = finding(lanes), words.payoff(count, lanes)
    stories = summarised(lanes) if len(lanes) >= SUMMARISED_FROM else lanes
    shown = stories[:_MOST_LANES]
    group = LaneGroup(shown, settings)
    headline = frame.Headline(found, told, title or "", width_in, words.unmarked(shown))
    down = words.outage(outage_s)
    with rc_context(STYLE):
        ax = ax or frame.new_axes(shown, width_in, headline)
        scale = draw(ax, [group], true_scale=true_scale, outage_s=outage_s)
        frame.head(ax, headline)
        frame.foot(
            ax, scale, true_scale, waited, hidden=sum(s.messages for s in stories[_MOST_LANES:])
        )
    return Timeline(
        ax,
        words.alternative(found, told, lanes),
        words.describe(stories, ". ".join(said for said in (title, found, down) if said), told),
        words.table(stories),
        count,
        found,
        narrow([group], headline, true_scale=true_scale, outage_s=outage_s),
        runs={"": (lanes, attempts, arrivals, settings)},
        questions=questions,
        answers=answers,
    )
