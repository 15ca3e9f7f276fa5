"""Turn an executed notebook into one HTML file that needs nothing else.

nbconvert renders the cells with our own template: its built-in ones load scripts from public hosts.
The page around them forbids all requests and every script but its own, which it names by its hash
(Content-Security-Policy), so a guide that would need something from elsewhere shows up as broken,
not as a leak.
"""

from functools import cache
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbformat import NotebookNode
from traitlets.config import Config

from workshop import html, palette
from workshop.guides.exercises import with_solutions
from workshop.guides.guide import Guide, Neighbours
from workshop.guides.masked import masked
from workshop.guides.own_seconds import without_own_seconds
from workshop.guides.page import make_page
from workshop.guides.static import StaticOutputs
from workshop.guides.terms import Glossary, glossary_of
from workshop.guides.voice import for_readers
from workshop.masking.mask import Mask

HERE = Path(__file__).resolve().parent


def export(
    notebook: NotebookNode,
    source: Path,
    out: Path,
    neighbours: Neighbours | None = None,
    mask: Mask | None = None,
    glossary: Glossary | None = None,
    footer: str = "",
) -> Guide:
    """Write `out`/<name of the notebook>.html.

    Args:
        notebook: executed; not changed.
        source: where the notebook lies; pictures that it names are found relative to it.
        out: an existing folder.
        neighbours: the pages before and after, for the links between them.
        mask: what goes through it can be given away; default one that knows nothing by value.
        glossary: default the one beside the notebook.
        footer: with what the page was made, and where its cells ran.

    Returns:
        What was written, for the index.
    """
    told = with_solutions(masked(notebook, mask or Mask()), source.stem)
    cells, _ = _exporter().from_notebook_node(
        for_readers(without_own_seconds(told)),
        resources={"metadata": {"path": str(source.parent), "name": source.stem}},
    )
    path = out / f"{source.stem}.html"
    page, guide = make_page(
        cells,
        path,
        neighbours or Neighbours(),
        style=theme(),
        pictures=source.parent,
        glossary=glossary_of(source.parent) if glossary is None else glossary,
        footer=footer,
    )
    path.write_text(page, encoding="utf-8")
    return guide


def theme() -> str:
    """The style sheet of all pages: the palette, and the two that name its colours."""
    light, dark = (
        " ".join(f"--{name}: {pair[is_dark]};" for name, pair in palette.PAGE.items())
        for is_dark in (False, True)
    )
    colours = (
        f":root {{ {light} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
    )
    own = (HERE / "theme.css").read_text(encoding="utf-8")
    return f"{colours}{html.narrow_style()}\n{own}"


class _Cells(HTMLExporter):
    """nbconvert's own, which does not read the page once more for what `page` does to it as well.

    That is: pictures without a description get one, and parts of JupyterLab's template can be
    focused.
    """

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, *args: Any, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        about = nb.metadata.get("language_info", {})
        lexer = about.get("pygments_lexer", about.get("name"))
        filters: Any = self.register_filter
        filters("highlight_code", Highlight2HTML(pygments_lexer=lexer, parent=self))
        made: tuple[str, dict[str, Any]] = TemplateExporter.from_notebook_node(
            self, nb, *args, **kwargs
        )
        return made


@cache
def _exporter() -> Any:
    """One for all pages: it takes its time to compile its templates."""
    config = Config(
        {
            "HTMLExporter": {
                "template_name": "template",
                "extra_template_basedirs": [str(HERE)],
                "exclude_anchor_links": True,
                "preprocessors": [StaticOutputs],
            },
            "TagRemovePreprocessor": {
                "enabled": True,
                "remove_cell_tags": {"remove-cell"},
                "remove_input_tags": {"remove-input"},
            },
            "NbConvertBase": {
                "display_data_priority": [
                    "text/html",
                    "text/markdown",
                    "image/svg+xml",
                    "image/png",
                    "image/jpeg",
                    "text/plain",
                ]
            },
        }
    )
    cells: Any = _Cells
    return cells(config=config)
