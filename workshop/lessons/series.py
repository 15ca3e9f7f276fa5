"""The index of the series, with progress."""

from pathlib import Path


class Series:
    """All notebooks with minutes and progress; displays as a table with links."""


def series(*, file: Path | None = None) -> Series:
    """The notebooks of the workshop: title, minutes, checks passed, what is open.

    Args:
        file: where progress is kept; default `.workshop/progress.json` in the project.
    """
    raise NotImplementedError
