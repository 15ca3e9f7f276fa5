"""A stage for a lab: the theatre, its director, the page that shows it, and the same by code."""

from collections.abc import Callable, Sequence
from typing import cast

import ipywidgets as widgets  # type: ignore[import-untyped]
from IPython.display import display

from workshop import html
from workshop.drawing.comparison import timelines
from workshop.drawing.timeline import Timeline, timeline
from workshop.errors import WorkshopError
from workshop.lab import Lab
from workshop.masking.content import masked_content
from workshop.stage import scripts
from workshop.stage.controls import bundle
from workshop.stage.director import EMPTY, FAILED, Director
from workshop.stage.server import StageServer, State
from workshop.stage.theatre import LiveTheatre
from workshop.target.own_values import own_mask


class OpenStage:
    """A stage that is open; in a notebook it shows a link to itself. Made by `open_stage`.

    Args:
        lab: the target.
        port: TCP port of its page; 0 takes a free one.
        scenes: those that the space bar goes through; default all.

    Attributes:
        server: what serves its page.

    Raises:
        OSError: the port cannot be used.
        WorkshopError: there is no such scene.
    """

    def __init__(self, lab: Lab, port: int = 0, scenes: Sequence[str] = ()) -> None:
        for scene in scenes:
            _expect(scene)
        self._theatre = LiveTheatre(lab)
        self._director = Director(self._theatre, order=scenes)
        self.server = StageServer(self._director, port, _shown_of(lab))

    def show(self, scene: str) -> Timeline:
        """Play a scene to its end, on the stage too if somebody looks on.

        Args:
            scene: its name; `workshop.stage.scripts` has them all.

        Returns:
            What happened to its messages.

        Raises:
            WorkshopError: there is no such scene, another one goes on, or AWS does not answer.
        """
        _expect(scene)
        if not self._director.press("scene", name=scene):
            raise WorkshopError(
                "Another scene goes on.", "Stop it on the stage (key S), then run this again."
            )
        self._ended()
        found = self._theatre.found
        title = scripts.scripts()[scene].title
        if len(found) > 1:
            return timelines(found, title=title)
        [(attempts, arrivals, settings)] = found.values()
        return timeline(attempts, arrivals, settings=settings, title=title)

    def reset(self) -> str:
        """Empty the queues of all scenes, and put back their settings; says what it did.

        Raises:
            WorkshopError: AWS does not answer.
        """
        self._director.press("reset")
        return self._ended()

    def close(self) -> None:
        """End it; settings and the clock are as before."""
        self.server.stop()

    def _ended(self) -> str:
        self._director.wait()
        state = self._director.state()
        if state["phase"] == FAILED:
            raise WorkshopError(state["note"], "")
        return str(state["note"]) if state["phase"] == EMPTY else ""

    def __repr__(self) -> str:
        return "The instructor's stage is open, until close() or the kernel ends it."

    def _ipython_display_(self) -> None:
        # A widget, so that no stored notebook and no guide keeps an address that leads nowhere.
        link = widgets.HTML(value=str(html.link(self.server.address, "Open the stage")))
        display(bundle(link), raw=True)  # type: ignore[no-untyped-call]


def _expect(scene: str) -> None:
    if scene not in scripts.steps():
        names = ", ".join(scripts.steps())
        raise WorkshopError(f"There is no scene {scene!r}.", f"Show {names}.")


def _shown_of(lab: Lab) -> Callable[[State], State]:
    """A room sees aliases in the place of an account's ids, in AWS's errors too."""
    if lab.session.target.is_embedded:
        return lambda state: state
    mask = own_mask(lab.session)
    return lambda state: cast(State, masked_content(state, mask))


def open_stage(lab: Lab, scenes: Sequence[str] = ()) -> OpenStage:
    """The instructor's stage in a window of its own, from a notebook.

    Args:
        lab: the target.
        scenes: those that the space bar goes through, in this order; default all. Each key goes on
            showing its own.

    Raises:
        WorkshopError: there is no such scene.
    """
    return OpenStage(lab, scenes=scenes)
