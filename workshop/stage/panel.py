"""The instructor's panel: scenarios, speed, large view, reset, and a script of one key per step."""

import functools
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
from IPython.display import display

from workshop import html
from workshop.accounting.evidence import Evidence
from workshop.errors import WorkshopError
from workshop.lab import Lab
from workshop.stage import scenarios
from workshop.stage.controls import after_restart, bundle, button, row
from workshop.stage.scenarios import SCENARIOS, Scene
from workshop.stage.send_panel import shows_errors
from workshop.stage.stage import Artist, Stage
from workshop.target.waiting import Waited

_SPEEDS: dict[str, str | float] = {
    "skip waits": "skip",
    "60 times": 60.0,
    "10 times": 10.0,
    "real": "real",
}
_NEXT_EVENT_S = 3600.0
# Most events on AWS's clock are none of ours: SQS publishes its metrics, pollers look again.
_MOST_STEPS = 200


class InstructorPanel:
    """Controls for a demonstration; made by `instructor_panel`.

    Every control calls one method of this object, and says so: `run("flaky")`, `step()`,
    `next_event()`, `speed("real")`, `freeze(True)`, `large(True)`, `reset()`; `stage()` is a
    copy. What is on the stage
    stays in the notebook as a plain result, also when the controls are gone.

    Attributes:
        scene: what is on the stage, None when it is empty.
        error: what the last click raised; None when all went well.
        done: how many steps of the script were made.
    """

    def __init__(self, lab: Lab, pattern: str) -> None:
        self._lab, self._pattern = lab, pattern
        self.scene: Scene | None = None
        self.error: Exception | None = None
        self.done = 0
        self._is_frozen = self._is_large = False
        self._told = "The stage is empty. Press Next step."
        self._waited: Waited | None = None
        self._static: Any = None
        self._make_controls()

    # --- What the controls do -----------------------------------------------------------------

    def run(self, name: str) -> Scene:
        """Put a scenario on the stage, and let it come to its end unless time is frozen.

        Args:
            name: "flaky", "poison", "outage" or "redrive".
        """
        if name not in SCENARIOS:
            raise WorkshopError(f"There is no scenario {name!r}.", f"Use {', '.join(SCENARIOS)}.")
        self._busy(f"Scenario {name} runs")
        self._waited = None
        self.scene = SCENARIOS[name](self._lab, self._pattern)
        self._told = self.scene.say
        if self._is_frozen:
            self._told += " Time is frozen: press Next event."
        else:
            self._waited = scenarios.finish(self._lab, self._pattern, self.scene, self._show_flow)
        self._show()
        return self.scene

    def step(self) -> Scene:
        """The next step of the script; after the last one it begins again."""
        names = list(SCENARIOS)
        name = names[self.done % len(names)]
        scene = self.run(name)
        self.done = self.done % len(names) + 1
        following = names[self.done % len(names)]
        self.step_button.description = f"Next step: {following}"
        return scene

    def next_event(self) -> None:
        """Let time go on to the next thing that happens to the scene's orders, and stop there."""
        before, over = self._facts(), " Nothing more is going to happen."
        for _ in range(_MOST_STEPS):
            step = self._lab.clock.next_step(_NEXT_EVENT_S)
            self._lab.clock.settle()
            if step.is_stuck:
                break
            if self._facts() != before:
                over = ""
                break
        self._told = f"AWS's clock: {self._lab.clock.now():%H:%M:%S} UTC.{over}"
        self._show()

    def _facts(self) -> tuple[Any, ...]:
        """What changes when something happens to the orders; counting costs no receives."""
        orders = self.scene.orders if self.scene else []
        with self._lab.waits.looking():  # a late log is not waited for: time stands
            tries = self._lab.attempts(self._pattern, order_ids=orders)
        ends = self._lab.outputs(self._pattern).end_queues.values()
        return len(tries), *(self._lab.queue_counts(url).total for url in ends)

    def speed(self, mode: str | float) -> None:
        """How time runs: "skip", "real" or a factor such as 60."""
        self._lab.clock.set_mode(mode)
        self._told = f"Speed: {mode}."
        self._show_code(f"panel.speed({mode!r})")

    def freeze(self, is_frozen: bool = True) -> None:
        """Stop after every event (`next_event`), or let scenarios run to their end."""
        if is_frozen:
            self.speed("skip")  # one event at a time needs no other speed
        self._is_frozen = self.freeze_box.value = is_frozen
        self.event_button.disabled = not is_frozen

    def large(self, is_large: bool = True) -> None:
        """Draw for the last row of the room."""
        self._is_large = self.large_box.value = is_large
        self._show()

    def reset(self) -> scenarios.Reset:
        """An empty stage, in seconds: see `workshop.stage.scenarios.reset`."""
        self._busy("Reset")
        done = scenarios.reset(self._lab, self._pattern)
        self.scene, self.done, self._told = None, 0, str(done)
        self.step_button.description = f"Next step: {next(iter(SCENARIOS))}"
        self._show()
        return done

    def stage(self) -> Stage:
        """What is on the stage, as a plain result of its own: it stays when the panel goes on."""
        if self.scene is None:
            return self._artist.empty(self._told)
        return self._artist.full(self.scene, self._told, self._waited)

    # --- Controls -----------------------------------------------------------------------------

    def _make_controls(self) -> None:
        first = next(iter(SCENARIOS))
        self.step_button = button(f"Next step: {first}", button_style="primary")
        self.step_button.on_click(functools.partial(self._clicked, "step", ()))
        self.scenario_buttons = {}
        for name in SCENARIOS:
            made = button(name, tooltip=f"Scenario {name}")
            made.on_click(functools.partial(self._clicked, "run", (name,)))
            self.scenario_buttons[name] = made
        self.event_button = button("Next event", disabled=True)
        self.event_button.on_click(functools.partial(self._clicked, "next_event", ()))
        self.reset_button = button("Reset", button_style="warning")
        self.reset_button.on_click(functools.partial(self._clicked, "reset", ()))
        is_virtual = self._lab.clock.is_virtual
        self.speed_box = widgets.Dropdown(
            options=list(_SPEEDS),
            value="skip waits" if is_virtual else "real",
            description="Speed",
            disabled=not is_virtual,
        )
        self.speed_box.observe(self._speed_chosen, names="value")
        self.freeze_box = widgets.Checkbox(description="Freeze", disabled=not is_virtual)
        self.freeze_box.observe(self._frozen, names="value")
        self.large_box = widgets.Checkbox(description="Large view")
        self.large_box.observe(self._enlarged, names="value")
        self._code, self._result = widgets.HTML(), widgets.HTML()
        self.box = widgets.VBox(
            [
                row(self.step_button, self.event_button, self.reset_button),
                row(*self.scenario_buttons.values()),
                row(self.speed_box, self.freeze_box, self.large_box),
                self._code,
                self._result,
            ]
        )

    @shows_errors
    def _clicked(self, method: str, arguments: tuple[str, ...], _: widgets.Button) -> None:
        self._show_code(f"panel.{method}({', '.join(map(repr, arguments))})")
        getattr(self, method)(*arguments)
        self._result.value = ""

    @shows_errors
    def _speed_chosen(self, change: Any) -> None:
        self.speed(_SPEEDS[change["new"]])

    @shows_errors
    def _frozen(self, change: Any) -> None:
        self._show_code(f"panel.freeze({change['new']})")
        self.freeze(change["new"])

    @shows_errors
    def _enlarged(self, change: Any) -> None:
        self._show_code(f"panel.large({change['new']})")
        self.large(change["new"])

    def show_error(self, text: str) -> None:
        """A box with what went wrong, beside the controls."""
        self._result.value = html.note(html.BAD, "it did not work", html.block(text), is_alert=True)

    def _show_code(self, code: str) -> None:
        self._code.value = html.paragraph("The same as code: ", html.code(code))

    def _busy(self, text: str) -> None:
        self._result.value = html.line("⏳", f"{text} …")

    # --- The stage ----------------------------------------------------------------------------

    @property
    def _artist(self) -> Artist:
        return Artist(self._lab, self._pattern, self._is_large)

    def _show_flow(self, evidence: Evidence) -> None:
        """While it runs: the diagram alone, which is quick to draw."""
        if self._static is not None and self.scene is not None:
            self._update(self._artist.quick(self.scene, self._told, evidence))

    def _show(self) -> None:
        self._result.value = ""
        if self._static is not None:
            self._update(self.stage())

    def _update(self, stage: Stage) -> None:
        self._static.update(stage.bundle, raw=True)

    def _ipython_display_(self) -> None:
        display(bundle(self.box), raw=True)  # type: ignore[no-untyped-call]
        # A result of its own: it is there when the controls are dead.
        if told := after_restart():
            restarted = {"text/html": told, "text/plain": told.striptags()}
            display(restarted, raw=True)  # type: ignore[no-untyped-call]
        shown = self.stage().bundle
        self._static = display(shown, raw=True, display_id=True)  # type: ignore[no-untyped-call]

    def __repr__(self) -> str:
        return self.stage().text


def instructor_panel(lab: Lab, pattern: str = "SqsDlq") -> InstructorPanel:
    """Controls for whoever demonstrates failures to a group.

    Args:
        lab: the target.
        pattern: the pattern that the scenarios break: "SqsDlq", "LambdaDestinations" or
            "LambdaDlq".
    """
    return InstructorPanel(lab, pattern)
