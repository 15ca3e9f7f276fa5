"""Cases as a card, with the player of its runs below it, and as a table."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import pandas as pd
from IPython.display import display

from workshop import html
from workshop.gallery.case import DONE, LOST, REFUSED, WAITING, Case
from workshop.gallery.replay import replay
from workshop.player.widget import Player, facts_alone
from workshop.progress import is_attended

_TONES = {LOST: html.BAD, WAITING: html.WAITING, REFUSED: html.REFUSED, DONE: html.GOOD}
_ENDED = "where it ended"
# More runs within the same seconds are not told one by one: their tenths are alike, too.
_MOST_MOMENTS = 8
_NOTHING_TO_WATCH = (
    "Nothing to watch: no log line and no queue names a moment of this message. All that AWS tells "
    "is in the card."
)


class FailureCard:
    """One failure, a column for each way it was caused; shows itself as a small table.

    Attributes:
        cases: what it shows.
    """

    def __init__(self, cases: Sequence[Case]) -> None:
        self.cases = list(cases)

    @property
    def title(self) -> str:
        """The failure."""
        return ", ".join(dict.fromkeys(case.failure for case in self.cases))

    def _rows(self) -> dict[str, list[list[str]]]:
        return {
            "who tries again": [[case.who] for case in self.cases],
            "the function ran": [[_runs(case)] for case in self.cases],
            _ENDED: [[_ended(case)] for case in self.cases],
            "in the function's log": [list(case.in_log) or ["nothing"] for case in self.cases],
            "other evidence": [list(case.elsewhere) or ["none"] for case in self.cases],
        }

    def __repr__(self) -> str:
        told = []
        for number, case in enumerate(self.cases):
            facts = [f"{name}: {'; '.join(cells[number])}" for name, cells in self._rows().items()]
            told.append(f"{case.failure}, {case.path}: " + ". ".join(facts))
        return "\n".join(told)

    @cached_property
    def facts(self) -> dict[str, Any] | None:
        """What its player shows, as docs/player.md tells; None where AWS told no moment."""
        return replay({case.path: case.evidence for case in self.cases if case.evidence})

    @cached_property
    def player(self) -> Player | None:
        """The player of its runs, a column for each way."""
        return None if self.facts is None else Player(facts=self.facts)

    def _ipython_display_(self) -> None:
        # Two outputs, as of a timeline: where no kernel runs, the first one says it all.
        card, player, facts = html.Markup(self._repr_html_()), self.player, self.facts
        if player is None or facts is None:
            below = html.paragraph(_NOTHING_TO_WATCH)
            bundles = [{"text/html": html.joined(card, below), "text/plain": repr(self)}]
        else:
            still = html.joined(card, html.player_in_notebook())
            watched = player.bundle() if is_attended() else facts_alone(facts)
            bundles = [{"text/html": still, "text/plain": repr(self)}, watched]
        for bundle in bundles:
            display(bundle, raw=True)  # type: ignore[no-untyped-call]

    def _repr_html_(self) -> str:
        rows = [
            [name, *(_cell(name, case, told) for case, told in zip(self.cases, cells, strict=True))]
            for name, cells in self._rows().items()
        ]
        number = len(self.cases)
        return html.table(
            ["", *(case.path for case in self.cases)],
            rows,
            caption=self.title,
            has_row_heads=True,
            widths=[22, *[78 // max(number, 1)] * number],
            least_px=160 + 180 * number,  # wide enough to be read
        )


def card(cases: Sequence[Case]) -> FailureCard:
    """The card of one failure, as `look` returned its cases."""
    return FailureCard(cases)


def summary(cases: Mapping[str, Sequence[Case]]) -> pd.DataFrame:
    """One row per failure and path.

    Args:
        cases: as `look` returns them.

    Returns:
        Columns `failure` (str), `path` (str), `who tries again` (str), `runs` (Int64), `runs at s`
        (str, seconds since sending, tenths where whole ones are alike), `ended` (str), `log lines`
        (boolean: the function's log says something about it), `lost` (boolean).
    """
    rows = [
        {
            "failure": failure,
            "path": case.path,
            "who tries again": case.who,
            "runs": len(case.runs_at_s),
            "runs at s": _moments(case.runs_at_s),
            "ended": case.ended,
            "log lines": bool(case.in_log),
            "lost": case.is_lost,
        }
        for failure, ways in cases.items()
        for case in ways
    ]
    texts = dict.fromkeys(("failure", "path", "who tries again", "runs at s", "ended"), "str")
    return pd.DataFrame(rows).astype(
        texts | {"runs": "Int64", "log lines": "boolean", "lost": "boolean"}
    )


def _runs(case: Case) -> str:
    if not case.runs_at_s:
        return "not once"
    word = "once" if len(case.runs_at_s) == 1 else f"{len(case.runs_at_s)} times"
    return f"{word}, {_moments(case.runs_at_s)} s after sending"


def _moments(at_s: Sequence[float]) -> str:
    """In whole seconds, or in tenths where two runs would read alike; many as first to last."""
    whole = [f"{second:z.0f}" for second in at_s]
    if len(set(whole)) == len(whole):
        return ", ".join(whole)
    tenths = [f"{second:z.1f}" for second in at_s]
    return ", ".join(tenths) if len(at_s) <= _MOST_MOMENTS else f"{tenths[0]} to {tenths[-1]}"


def _ended(case: Case) -> str:
    if case.ended_at_s is None or case.ended == REFUSED:
        return case.ended
    return f"{case.ended}, after {case.ended_at_s:z.0f} s"


def _cell(name: str, case: Case, told: list[str]) -> html.Markup:
    text = html.lines(*told)
    return html.marked(_TONES.get(case.ended, html.KEPT), text) if name == _ENDED else text
