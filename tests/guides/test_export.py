"""An exported page stands alone, keeps what pictures say, and has no live parts."""

import base64
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.guides.notebook import code, display, exported, markdown, notebook, scripts_of
from workshop.errors import WorkshopError
from workshop.guides import scripts
from workshop.guides.export import export, theme
from workshop.guides.guide import Guide, Neighbours
from workshop.guides.index import write_index
from workshop.guides.static import CONTROL_NOTE

PIXEL = base64.b64encode(b"not really a picture").decode()
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'


def soup(page: str) -> BeautifulSoup:
    return BeautifulSoup(page, "html.parser")


def test_nothing_is_loaded_and_no_script_but_the_pages_own_is_left(tmp_path: Path) -> None:
    page = exported(
        tmp_path,
        markdown("# A\n\n<script src='https://example.com/x.js'></script>"),
        code("x", display(text__html="<b>bold</b><script>alert(1)</script>")),
        code("y", display(application__javascript="alert(2)", text__plain="y")),
    )
    assert scripts_of(page) == [scripts.of_page()[0].text]
    assert "alert" not in page
    assert not soup(page).select("link[href^=http], [src^=http], [src^='//']")
    assert "default-src 'none'" in page
    assert re.findall(r"url\((?!data:)|@import", theme()) == []


def test_language_title_and_one_main_heading(tmp_path: Path) -> None:
    page = soup(exported(tmp_path, markdown("# First\n\nText."), markdown("# Second")))
    assert page.select_one("html[lang=en]")
    assert [title.string for title in page.find_all("title")] == ["00 · First"]
    assert [heading.get_text() for heading in page.find_all("h1")] == ["00 · First"]
    assert [heading.get_text() for heading in page.find_all("h2")] == ["Second"]


def test_a_notebook_without_heading_is_named_after_its_file(tmp_path: Path) -> None:
    page = soup(exported(tmp_path, markdown("Text."), name="03-lambda-destinations"))
    assert [heading.get_text() for heading in page.find_all("h1")] == ["03 lambda destinations"]


def test_contents_link_to_headings_that_exist_once(tmp_path: Path) -> None:
    page = soup(exported(tmp_path, markdown("# A"), markdown("## Run"), markdown("## Run")))
    links = [link["href"] for link in page.select("nav.contents ol a")]
    assert links == ["#Run", "#Run-2"]
    assert [len(page.select(link)) for link in links] == [1, 1]


def test_contents_are_folded_and_headings_lead_to_themselves(tmp_path: Path) -> None:
    page = soup(exported(tmp_path, markdown("# A"), markdown("## Run `it`\n\n### More")))
    assert page.select_one("nav.contents details > ol a[href='#Run-it']")
    assert page.select_one("nav.contents details[open]") is None
    own = [(one["href"], one.get_text()) for one in page.select("main a.here")]
    assert own == [("#Run-it", "Run it"), ("#More", "More")]


def test_a_heading_that_is_a_link_stays_one(tmp_path: Path) -> None:
    page = soup(exported(tmp_path, markdown("# A\n\n## [Elsewhere](https://example.com)")))
    assert [link["href"] for link in page.select("h2 a")] == ["https://example.com"]


def test_nothing_takes_the_keyboard_focus_but_links(tmp_path: Path) -> None:
    page = exported(tmp_path, markdown("# A\n\n## B"), code("x", display(text__plain="1")))
    assert "tabindex" not in page
    assert "¶" not in page


def test_a_live_control_with_a_static_result_leaves_the_result(tmp_path: Path) -> None:
    widget = {"application/vnd.jupyter.widget-view+json": "{}"}
    output = display(text__html="<p>sent A-17</p>", text__plain="Button()")
    output.data |= widget
    page = exported(tmp_path, markdown("# A"), code("panel", output))
    assert "sent A-17" in page
    assert "Button()" not in page
    assert CONTROL_NOTE not in page


def test_a_live_control_alone_leaves_one_sentence(tmp_path: Path) -> None:
    outputs = [display(text__plain="Button(description='Send')") for _ in range(2)]
    for output in outputs:
        output.data["application/vnd.jupyter.widget-view+json"] = {}
    page = exported(tmp_path, markdown("# A\n\nText."), code("panel", *outputs))
    assert page.count("interactive control") == 1
    assert "description=" not in page


@pytest.mark.parametrize(
    ("mimetype", "data"), [("image/png", PIXEL), ("image/svg+xml", SVG), ("image/jpeg", PIXEL)]
)
def test_pictures_are_inside_and_keep_their_description(
    tmp_path: Path, mimetype: str, data: str
) -> None:
    output = display()
    output.data = {mimetype: data}
    output.metadata["alt"] = 'three attempts, "error" each'
    picture = soup(exported(tmp_path, markdown("# A"), code("x", output))).img
    assert picture
    assert picture["alt"] == 'three attempts, "error" each'
    assert str(picture["src"]).startswith(f"data:{mimetype};base64,")


def test_pictures_without_description_are_counted(tmp_path: Path) -> None:
    source = tmp_path / "00.ipynb"
    cells = [markdown("# A"), code("x", display(image__png=PIXEL))]
    assert export(notebook(*cells), source, tmp_path).undescribed == 1


def test_pictures_beside_the_notebook_are_embedded(tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "my images").mkdir()
    (tmp_path / "my images" / "flow.svg").write_text(SVG)
    picture = soup(exported(tmp_path, markdown("# A\n\n![the flow](<../my images/flow.svg>)"))).img
    assert picture
    assert picture["alt"] == "the flow"
    assert base64.b64decode(str(picture["src"]).partition(",")[2]).decode() == SVG


@pytest.mark.parametrize("address", ["../gone.png", "https://example.com/a.png"])
def test_a_picture_that_cannot_be_embedded_is_an_error(tmp_path: Path, address: str) -> None:
    with pytest.raises(WorkshopError, match=re.escape(address)):
        exported(tmp_path, markdown(f"# A\n\n![a]({address})"))


def test_solutions_stay_folded_with_all_their_paragraphs(tmp_path: Path) -> None:
    solution = "<details><summary>Solution</summary>\n\nFirst.\n\n- second\n\n</details>"
    details = soup(exported(tmp_path, markdown(f"# A\n\n{solution}"))).details
    assert details
    assert details.get_text().split() == ["Solution", "First.", "second"]


def test_links_between_notebooks_become_links_between_pages(tmp_path: Path) -> None:
    links = "[n](01-b.ipynb#run) [o](https://example.com/c.ipynb)"
    page = soup(exported(tmp_path, markdown(f"# A\n\n{links}")))
    assert [link["href"] for link in page.select("main a")] == [
        "01-b.html#run",
        "https://example.com/c.ipynb",
    ]


def test_tagged_cells_are_left_out(tmp_path: Path) -> None:
    page = exported(
        tmp_path,
        markdown("# A"),
        code("SECRET = 1", tags=["remove-cell"]),
        code("HIDDEN = 2", display(text__plain="shown"), tags=["remove-input"]),
    )
    assert "SECRET" not in page
    assert "HIDDEN" not in page
    assert "shown" in page


def test_neighbours_and_index_link_the_series(tmp_path: Path) -> None:
    neighbours = Neighbours(("00.html", "Start & go"), ("02.html", "On"))
    guide = export(
        notebook(markdown("# Mid <b>\n\nWhat it shows.")),
        tmp_path / "01.ipynb",
        tmp_path,
        neighbours,
    )
    links = soup(guide.path.read_text()).select("nav.series a")
    assert [link["href"] for link in links] == ["00.html", "02.html"]
    index = soup(write_index([guide], tmp_path, theme()).read_text())
    assert [link["href"] for link in index.select("ol.guides a")] == ["01.html"]
    assert "What it shows." in index.get_text()


def test_special_characters_of_titles_are_escaped(tmp_path: Path) -> None:
    (tmp_path / "a.html").touch()
    index = write_index([Guide(tmp_path / "a.html", "<x> & y", "s < t")], tmp_path, "").read_text()
    assert "&lt;x&gt; &amp; y" in index
    assert "s &lt; t" in index


def test_a_drawing_stays_as_it_was_drawn_unless_it_has_a_style_of_its_own(tmp_path: Path) -> None:
    drawn = '<svg viewBox="0 0 2 2"><path d="M0 0h1"/><text>a &lt; b</text></svg>'
    styled = '<svg viewBox="0 0 3 3"><style>* { fill: red }</style><path d="M0 0"/></svg>'
    page = exported(
        tmp_path,
        code("a", display(text__html=f"<figure>{drawn}</figure>")),
        code("b", display(text__html=f"<figure>{styled}</figure>")),
        code("c", display(text__html='<svg data-drawing="0"></svg>')),
    )
    assert page.count(drawn) == 1
    assert "fill: red" not in page
    assert page.count('data-drawing="0"') == 1


def test_a_lesson_that_lies_elsewhere_has_the_pictures_of_the_series(tmp_path: Path) -> None:
    page = exported(tmp_path, markdown("# A\n\n![the queue](../images/sqs-dlq.svg)"))
    assert "data:image/svg+xml;base64," in page
