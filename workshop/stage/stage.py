"""What an instructor's panel shows at one moment, drawn from one reading of AWS."""

from dataclasses import dataclass

from workshop import html
from workshop.accounting.evidence import Evidence
from workshop.accounting.gathering import gather
from workshop.accounting.ledger import ledger_of
from workshop.drawing.timeline import timeline
from workshop.lab import Lab
from workshop.stage.flow import flow
from workshop.stage.scenarios import Scene
from workshop.target.waiting import Waited

# How much the large view enlarges, and how wide a timeline is without it.
_LARGE, _WIDTH_IN = 1.4, 10.0


@dataclass(frozen=True)
class Stage:
    """The stage at one moment, as HTML and as text."""

    page: str
    text: str

    @property
    def bundle(self) -> dict[str, str]:
        """Both, as a display takes them."""
        return {"text/html": self.page, "text/plain": self.text}

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.page


@dataclass(frozen=True)
class Artist:
    """Draws the stage of one pattern.

    Attributes:
        lab: the target.
        pattern: the pattern that the scenes break.
        is_large: whether to draw for the last row of the room.
    """

    lab: Lab
    pattern: str
    is_large: bool = False

    def empty(self, told: str) -> Stage:
        """A stage without a scene."""
        return self._stage(
            "The stage is empty", told, [], f"Instructor's panel for {self.pattern}. {told}"
        )

    def full(self, scene: Scene, told: str, waited: Waited | None) -> Stage:
        """Ledger, timeline and diagram of a scene."""
        evidence = gather(self.lab, self.pattern)
        counted = ledger_of({self.pattern: evidence}, scene.orders)
        pictures = [
            counted._repr_html_(),
            self._timeline(scene, evidence, waited),
            flow(self.lab, self.pattern, scene.orders, evidence=evidence)._repr_html_(),
        ]
        return self._stage(scene.title, told, pictures, f"{scene.title}. {told}\n{counted!s}")

    def quick(self, scene: Scene, told: str, evidence: Evidence) -> Stage:
        """The diagram alone, while a scene runs."""
        picture = flow(self.lab, self.pattern, scene.orders, evidence=evidence)
        return self._stage(scene.title, told, [picture._repr_html_()], repr(picture))

    @property
    def _zoom(self) -> float:
        return _LARGE if self.is_large else 1.0

    def _stage(self, title: str, told: str, pictures: list[str], text: str) -> Stage:
        head = html.paragraph(html.lines(html.strong(title, is_big=True), told))
        return Stage(html.enlarged(self._zoom, head, *pictures), text)

    def _timeline(self, scene: Scene, evidence: Evidence, waited: Waited | None) -> str:
        attempts, arrivals = evidence.about(scene.orders)
        if attempts.empty and arrivals.empty:
            return ""
        drawn = timeline(
            attempts,
            arrivals,
            settings=evidence.settings,
            waited=waited,
            # A figure that is wider than the page is shrunk, letters too: so for the large view
            # it is drawn narrower, with letters of the same size, and shown as wide as it can be.
            width_in=_WIDTH_IN / self._zoom,
        )
        return drawn.html(shown_in=_WIDTH_IN)
