"""What several tests of the workshop look through."""

import pytest

from workshop.progress import ProgressLine


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that a line showed, as in a notebook that shows them all."""
    shown: list[str] = []
    monkeypatch.setattr(ProgressLine, "update", lambda _, text: shown.append(text))
    monkeypatch.setattr(ProgressLine, "finish", lambda _, text, **__: shown.append(text))
    return shown
