"""A stage for a lab: the theatre, its director, and the page that shows it."""

import ipywidgets as widgets  # type: ignore[import-untyped]
from IPython.display import display

from workshop import html
from workshop.lab import Lab
from workshop.stage.director import Director
from workshop.stage.server import StageServer
from workshop.stage.theatre import LiveTheatre


def opened(lab: Lab, port: int = 0) -> StageServer:
    """Serve a stage; `stop()` ends it.

    Args:
        lab: the target.
        port: TCP port; 0 takes a free one.

    Raises:
        OSError: the port cannot be used.
    """
    return StageServer(Director(LiveTheatre(lab)), port)


class OpenStage:
    """The stage of a notebook; shows a link to itself. Made by `open_stage`.

    Attributes:
        server: what serves it.
    """

    def __init__(self, lab: Lab) -> None:
        self.server = opened(lab)

    def close(self) -> None:
        """End it; settings and the clock are as before."""
        self.server.stop()

    def __repr__(self) -> str:
        return "The instructor's stage is open, until close() or the kernel ends it."

    def _ipython_display_(self) -> None:
        # A widget, so that no stored notebook and no guide keeps an address that leads nowhere.
        link = widgets.HTML(value=str(html.link(self.server.address, "Open the stage")))
        display(link)  # type: ignore[no-untyped-call]


def open_stage(lab: Lab) -> OpenStage:
    """The instructor's stage in a window of its own, from a notebook.

    Args:
        lab: the target.
    """
    return OpenStage(lab)
