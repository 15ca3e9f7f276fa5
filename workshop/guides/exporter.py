"""nbconvert's way to a guide: JupyterLab's menu "Save and Export Notebook As" has it, too.

    jupyter nbconvert --to workshop-guide FILE

It is what `guides --from` does with one notebook: the same masks, the same gate.
"""

import tempfile
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from workshop.guides.executed import expect_run, learn_of_own_run
from workshop.guides.export import export
from workshop.guides.footer import footer
from workshop.guides.links import linked
from workshop.guides.notebooks import notebooks
from workshop.guides.terms import glossary_of
from workshop.masking import gate, known
from workshop.masking.mask import Mask
from workshop.target.announcement import bound
from workshop.target.target import PROJECT


class GuideExporter(Exporter):
    """One page that stands alone, of a notebook as it ran."""

    # What the menu says.
    export_from_notebook = "Guide (one HTML page)"
    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page, and what nbconvert wants to know of it.

        Raises:
            WorkshopError: no cell has been run.
            LeakError: it would give something away.
        """
        copy, about = super().from_notebook_node(nb, resources, **kwargs)
        metadata = about.get("metadata", {})
        source = Path(metadata.get("path") or PROJECT / "notebooks") / (
            f"{metadata.get('name') or 'notebook'}.ipynb"
        )
        expect_run(copy, source.name)
        series, target, mask = notebooks(PROJECT / "notebooks"), bound(None), Mask()
        learn_of_own_run(mask, target, known.words_of_notebooks(series))
        with tempfile.TemporaryDirectory() as folder:
            page = export(
                copy,
                source,
                Path(folder),
                mask=mask,
                glossary=glossary_of(PROJECT / "notebooks"),
                footer=footer(target),
            ).path
            # It goes out alone: what it leads to is not there.
            text = linked(page.read_text(encoding="utf-8"), {page.name})
            page.write_text(text, encoding="utf-8")
            gate.check([page], mask.known)
        return text, about
