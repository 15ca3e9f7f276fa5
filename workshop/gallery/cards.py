"""Cases as a card and as a table. Pure."""

import html
from collections.abc import Mapping, Sequence

import pandas as pd

from workshop.gallery.case import LOST, REFUSED, WAITING, Case

# A sign and a word besides the colour (dark Okabe-Ito tones, readable on white and on dark grey).
_SIGNS = {LOST: ("✗", "#c2410c"), WAITING: ("…", "#8a6d00"), REFUSED: ("↩", "#0072b2")}
_KEPT = ("✓", "#00785a")


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
            "where it ended": [[_ended(case)] for case in self.cases],
            "in the function's log": [list(case.in_log) or ["nothing"] for case in self.cases],
            "other evidence": [list(case.elsewhere) or ["none"] for case in self.cases],
        }

    def __repr__(self) -> str:
        told = []
        for number, case in enumerate(self.cases):
            facts = [f"{name}: {'; '.join(cells[number])}" for name, cells in self._rows().items()]
            told.append(f"{case.failure}, {case.path}: " + ". ".join(facts))
        return "\n".join(told)

    def _repr_html_(self) -> str:
        width = 80 // max(len(self.cases), 1)
        columns = '<col style="width:20%">' + f'<col style="width:{width}%">' * len(self.cases)
        style = "text-align:left;vertical-align:top;padding:3px 10px"
        head = "".join(f'<th scope="col" style="{style}">{_e(c.path)}</th>' for c in self.cases)
        rows = [f'<tr><td style="{style}"></td>{head}</tr>']
        for name, cells in self._rows().items():
            row = "".join(self._cell(name, case, cell, style) for case, cell in self._paired(cells))
            heading = f'<th scope="row" style="{style};font-weight:normal">{_e(name)}</th>'
            rows.append(f"<tr>{heading}{row}</tr>")
        caption = f'<caption style="text-align:left;font-weight:bold">{_e(self.title)}</caption>'
        inside = f"{caption}<colgroup>{columns}</colgroup>{''.join(rows)}"
        # Wide enough to be read; a narrow page scrolls it.
        least = f"min-width:{130 + 170 * len(self.cases)}px;overflow-wrap:break-word"
        return f'<table style="table-layout:fixed;width:100%;{least}">{inside}</table>'

    def _paired(self, cells: list[list[str]]) -> list[tuple[Case, list[str]]]:
        return list(zip(self.cases, cells, strict=True))

    def _cell(self, name: str, case: Case, lines: list[str], style: str) -> str:
        text = "<br>".join(_e(line) for line in lines)
        if name == "where it ended":
            sign, colour = _SIGNS.get(case.ended, _KEPT)
            bar = f"border-left:4px solid {colour}"
            text = f'<span aria-hidden="true">{sign}</span> <strong>{text}</strong>'
            return f'<td style="{style};{bar}">{text}</td>'
        return f'<td style="{style}">{text}</td>'


def card(cases: Sequence[Case]) -> FailureCard:
    """The card of one failure, as `look` returned its cases."""
    return FailureCard(cases)


def summary(cases: Mapping[str, Sequence[Case]]) -> pd.DataFrame:
    """One row per failure and path.

    Args:
        cases: as `look` returns them.

    Returns:
        Columns `failure` (str), `path` (str), `who tries again` (str), `runs` (Int64), `runs at s`
        (str, seconds since sending), `ended` (str), `log lines` (boolean: the function's log says
        something about it), `lost` (boolean).
    """
    rows = [
        {
            "failure": failure,
            "path": case.path,
            "who tries again": case.who,
            "runs": len(case.runs_at_s),
            "runs at s": ", ".join(f"{second:.0f}" for second in case.runs_at_s),
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
    times = ", ".join(f"{second:.0f}" for second in case.runs_at_s)
    word = "once" if len(case.runs_at_s) == 1 else f"{len(case.runs_at_s)} times"
    return f"{word}, {times} s after sending"


def _ended(case: Case) -> str:
    if case.ended_at_s is None or case.ended == REFUSED:
        return case.ended
    return f"{case.ended}, after {case.ended_at_s:.0f} s"


def _e(text: str) -> str:
    return html.escape(text)
