"""A notebook becomes a guide where JupyterLab and nbconvert export notebooks."""

from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.guides import notebook
from workshop.errors import WorkshopError
from workshop.guides.exporter import GuideExporter
from workshop.masking.gate import LeakError

ARN = "arn:aws:sqs:us-east-1:123456789123:orders"


def exported(folder: Path, *cells: Any) -> str:
    """As the server of JupyterLab does it."""
    resources = {"metadata": {"name": "01-mine", "path": str(folder)}}
    text, _ = GuideExporter().from_notebook_node(notebook.notebook(*cells), resources)
    return str(text)


def printed(text: str) -> Any:
    return notebook.nbformat.v4.new_output("stream", text=text)


def test_the_menu_and_nbconvert_have_it() -> None:
    found = {one.name: one.value for one in entry_points(group="nbconvert.exporters")}
    assert found["workshop-guide"] == "workshop.guides.exporter:GuideExporter"
    assert GuideExporter.export_from_notebook
    assert GuideExporter().file_extension == ".html"


def test_it_is_a_page_that_stands_alone(tmp_path: Path) -> None:
    told = "# Mine\n\nSee [another](02-two.ipynb) and an [attempt](glossary.ipynb#Attempt)."
    page = BeautifulSoup(
        exported(tmp_path, notebook.markdown(told), notebook.code("print(1)", printed("1"))),
        "html.parser",
    )
    assert page.title is not None
    assert page.title.get_text() == "01 · Mine"
    # What it leads to is not there, but for the words that it brings along
    links = [str(one["href"]) for one in page.select("#content a[href]")]
    assert [link for link in links if not link.startswith("#")] == []
    assert "from a notebook as somebody ran it" in page.get_text()


def test_it_gives_away_what_a_guide_gives_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = exported(tmp_path, notebook.markdown("# A"), notebook.code("print(arn)", printed(ARN)))
    assert "123456789123" not in page
    # And where the mask failed, there is no page
    monkeypatch.setattr("workshop.guides.export.masked", lambda cells, mask: cells)
    with pytest.raises(LeakError, match=r"01-mine\.html, line"):
        exported(tmp_path, notebook.markdown("# A"), notebook.code("print(arn)", printed(ARN)))


def test_what_was_not_run_is_no_guide(tmp_path: Path) -> None:
    with pytest.raises(WorkshopError, match=r"No cell of 01-mine\.ipynb has been run"):
        exported(tmp_path, notebook.markdown("# A"), notebook.code("print(1)"))
