"""A lesson's checks, with graded help and remembered progress."""

from collections.abc import Sequence
from pathlib import Path

from workshop.checks import Check


class Lesson:
    """The checks of one notebook; made by `lesson`. Displaying it says what is still open."""

    def check(
        self, name: str, check: Check, *, nudge: str = "", hint: str = "", solution: str = ""
    ) -> Check:
        """Record a check and return it with help: the more often it failed, the more.

        Args:
            name: one of the names that the lesson declared.
            check: as the functions of `workshop.checks` make it.
            nudge: where to look; shown at the first failure.
            hint: what to do; from the second on.
            solution: the code; offered from the third on, folded.
        """
        raise NotImplementedError

    def reset(self) -> None:
        """Forget the progress of this lesson."""
        raise NotImplementedError


def lesson(name: str, checks: Sequence[str], *, file: Path | None = None) -> Lesson:
    """The lesson of a notebook and the names of all its checks.

    Args:
        name: the notebook's file name without suffix, e.g. "06-redrive-and-repair".
        checks: every check that the notebook makes, so that what was not checked is known.
        file: where progress is kept; default `.workshop/progress.json` in the project.
    """
    raise NotImplementedError
