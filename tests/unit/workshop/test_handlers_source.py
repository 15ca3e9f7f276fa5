"""A handler's code is found wherever a notebook lies."""

from pathlib import Path

import pytest

from workshop import handlers
from workshop.errors import DataError


def test_the_text_of_a_handler_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "def all_or_nothing" in handlers.source("orders/batches.py")


@pytest.mark.parametrize("file", ["orders", "../README.md", "orders/none.py", ""])
def test_what_is_no_handler_is_refused_with_those_there_are(file: str) -> None:
    with pytest.raises(DataError) as refused:
        handlers.source(file)
    assert "orders/handler.py" in refused.value.remedy
