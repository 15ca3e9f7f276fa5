"""Sliders for the settings and the outage: each move redraws what is foretold, at once.

The figure stands beside the controls as a result of its own, so that it stays when the kernel, and
the controls with it, are gone. `panel.set(...)` and `panel.run()` are what sliders and button do.
"""

from dataclasses import replace
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
from IPython.display import display

from workshop import html
from workshop.drawing.picture import DrawnFigure
from workshop.lab import Lab
from workshop.outage.figure import drawn
from workshop.outage.measuring import measured
from workshop.outage.plan import Plan, Story
from workshop.outage.words import spoken_s
from workshop.stage.controls import after_restart, bundle, button, row
from workshop.stage.send_panel import shows_errors
from workshop.workbench import Bench

# Field of a plan -> what the slider is called, and its stops.
_STOPS: dict[str, tuple[str, tuple[int, ...]]] = {
    "visibility_s": ("Visibility timeout", (10, 20, 30, 60, 120, 300, 600, 900)),
    "receives": ("maxReceiveCount", tuple(range(1, 21))),
    "retries": ("Retry attempts", (0, 1, 2)),
    "age_s": ("Event age", (60, 90, 120, 300, 900, 3600, 21_600)),
    "outage_s": ("Outage", (30, 60, 90, 120, 180, 300, 600, 900, 1800, 3600, 10_800)),
}
_COUNTS = ("receives", "retries")


class OutagePanel:
    """Sliders for one plan; made by `panel`.

    Attributes:
        plan: what the sliders say.
        measured: what AWS did with this plan; None until it was run.
        error: what the last move or click raised; None when all went well.
    """

    def __init__(self, lab: Lab, bench: Bench, plan: Plan) -> None:
        self.plan = plan
        self.measured: dict[str, Story] | None = None
        self.error: Exception | None = None
        self._is_following = False
        self._lab, self._bench = lab, bench
        self._figure: Any = None
        self.sliders = {name: self._slider(name) for name in _STOPS}
        self.button = button("Run it", tooltip="makes this outage on temporary resources")
        self.button.on_click(self._clicked)
        self._result = widgets.HTML()
        self.box = widgets.VBox([row(*self.sliders.values(), self.button), self._result])

    def _slider(self, name: str) -> widgets.SelectionSlider:
        made = widgets.SelectionSlider(
            options=self._options(name),
            value=getattr(self.plan, name),
            description=_STOPS[name][0],
            style={"description_width": "max-content"},
            # Where there is no room for a track beside them, the words stand above it.
            layout=widgets.Layout(
                width="370px", max_width="100%", height="auto", flex_flow="row wrap"
            ),
        )
        made.observe(self._moved, names="value")
        return made

    def _options(self, name: str) -> list[tuple[str, int]]:
        """The stops of a slider; one more where the plan is between two of them."""
        stops = sorted({*_STOPS[name][1], getattr(self.plan, name)})
        return [(str(stop) if name in _COUNTS else spoken_s(stop), stop) for stop in stops]

    def set(self, **settings: int) -> DrawnFigure:
        """What the sliders do, e.g. `set(receives=5)`; returns the figure.

        Raises:
            DataError: a value is outside of AWS's limits.
        """
        return self._show(replace(self.plan, **settings), None)

    def run(self) -> DrawnFigure:
        """What the button does: the outage on temporary resources, beside what is foretold.

        The panel's own figure follows the sliders and the button only, not this call.
        """
        self.button.disabled = True
        try:
            self.measured = measured(self._lab, self._bench, self.plan)
        finally:
            self.button.disabled = False
        return self.picture

    def show_error(self, text: str) -> None:
        """A box with what went wrong, beside the controls."""
        self._result.value = html.note(html.BAD, "not done", html.block(text), is_alert=True)

    @property
    def picture(self) -> DrawnFigure:
        """The figure as it stands."""
        return drawn(self.plan, self.measured)

    @shows_errors
    def _moved(self, _: object) -> None:
        if not self._is_following:
            moved = {name: slider.value for name, slider in self.sliders.items()}
            self._show(Plan(**moved), None)

    @shows_errors
    def _clicked(self, _: widgets.Button) -> None:
        self.run()
        self._show(self.plan, self.measured)

    def _show(self, plan: Plan, found: dict[str, Story] | None) -> DrawnFigure:
        self.plan, self.measured = plan, found
        self._result.value = ""
        self._follow()
        picture = self.picture
        if self._figure is not None:
            self._figure.update(self._bundle(picture), raw=True)
        return picture

    def _follow(self) -> None:
        """Move the sliders to where the plan is, which calls back."""
        self._is_following = True
        try:
            for name, slider in self.sliders.items():
                slider.options = self._options(name)
                slider.value = getattr(self.plan, name)
        finally:
            self._is_following = False

    def _ipython_display_(self) -> None:
        display(bundle(self.box), raw=True)  # type: ignore[no-untyped-call]
        shown = self._bundle(self.picture)
        self._figure = display(shown, raw=True, display_id=True)  # type: ignore[no-untyped-call]

    def _bundle(self, picture: DrawnFigure) -> dict[str, str]:
        return {
            "text/html": html.joined(html.Markup(picture.html()), after_restart()),
            "text/plain": repr(picture),
        }

    def __repr__(self) -> str:
        return repr(self.picture)


def panel(lab: Lab, bench: Bench, plan: Plan | None = None) -> OutagePanel:
    """Sliders for the settings and an outage, with the timeline that they lead to.

    Args:
        lab: the target.
        bench: makes the resources of "Run it".
        plan: where the sliders begin.
    """
    return OutagePanel(lab, bench, plan or Plan())
