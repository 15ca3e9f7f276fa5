"""axe-core finds nothing on a page with one of everything: tables, figures, players, tracebacks."""

from pathlib import Path
from typing import Literal

import pandas as pd
import pytest
from playwright.sync_api import Page

from tests.browser import needs_chromium, violations
from tests.guides.notebook import code, display, markdown, nbformat, notebook
from tests.guides.test_player import player
from tests.unit.workshop.player.runs import three_orders
from workshop import html
from workshop.guides.export import export
from workshop.guides.variants import for_instructors

pytestmark = needs_chromium

# Every colour that IPython gives to a traceback.
COLOURED = [
    f"\x1b[{style};{colour}mcolour {colour}\x1b[0m" for style in (0, 1) for colour in range(30, 38)
]


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("axe")
    error = nbformat.v4.new_output("error", ename="KeyError", evalue="'x'", traceback=COLOURED)
    table = pd.DataFrame({"a": [1, None], "b": ["x" * 200, None]}, index=["one", "two"])
    wide = html.table(("", *"abcdefgh"), [("x" * 40,) * 9] * 2, widths=(11,) * 9, least_px=2000)
    cells = notebook(
        markdown("# One of everything\n\n**Time:** about 5 minutes"),
        markdown("## Text\n\n|  | two |\n|---|---|\n| a | b |\n\n> quoted\n\n`code` and ~~old~~."),
        code("wait_guess = ..."),
        code('workshop.compare(wait_guess, 30, "01/wait")'),
        code("table", display(text__html=table.to_html())),
        code("wide", display(text__html=str(wide))),
        code("broken", error),
        *(code(f"player {n}", player(three_orders())) for n in (1, 2)),
    )
    return export(for_instructors(cells, "01-one"), folder / "01-one.ipynb", folder).path


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_of_everything(
    guide: Path, page: Page, width: int, scheme: Literal["light", "dark"]
) -> None:
    page.goto(guide.as_uri())
    assert violations(page, width, scheme) == []
