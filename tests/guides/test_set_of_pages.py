"""Pages are made in part, stand alone, and are handed out in one file or one archive."""

import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.guides import notebook
from workshop.cli.guide_writing import write_guides
from workshop.cli.progress import Progress
from workshop.errors import WorkshopError
from workshop.guides.executed import read_executed
from workshop.guides.links import linked
from workshop.guides.single import SINGLE
from workshop.masking.mask import Mask

GLOSSARY = (
    "# Glossary\n\nWords.\n\n## Batch\n\nMany [attempts](#Attempt). See [02](02-two.ipynb).\n\n"
    "## Attempt\n\nOne run."
)
INTRO = (
    "# {name}\n\n**Question.** What of {name}?\n\n**After this notebook you can**\n\n- do {name};\n"
    "- undo it.\n\n**Time:** about 25 minutes."
)


@pytest.fixture
def series(tmp_path: Path) -> list[Path]:
    """Three notebooks that name each other, and a glossary."""
    folder = tmp_path / "notebooks"
    text = "## Run\n\nSee [one](01-one.ipynb#Run), [two](02-two.ipynb), [here](#Run) and "
    text += "[batches](glossary.ipynb#Batch)."
    return [
        *(
            notebook.write(
                folder / f"{name}.ipynb",
                notebook.markdown(INTRO.format(name=name)),
                notebook.markdown(text),
                notebook.code("print(1)"),
            )
            for name in ("01-one", "02-two", "03-three")
        ),
        notebook.write(folder / "glossary.ipynb", notebook.markdown(GLOSSARY)),
    ]


def read(path: Path) -> notebook.NotebookNode:
    return notebook.nbformat.read(path, as_version=4)


def make(series: list[Path], *names: str, **extras: bool) -> Path:
    out = series[0].parent.parent / "out"
    paths = [path for path in series if not names or path.stem in names]
    write_guides(paths, out, read, Progress(), Mask(), series=series, **extras)
    return out


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def dead_links(out: Path) -> list[str]:
    """Links of pages that lead nowhere."""
    found = []
    for path in out.glob("*.html"):
        page = soup(path)
        for link in page.select("a[href]"):
            file, _, anchor = str(link["href"]).partition("#")
            target = soup(out / file) if file and (out / file).exists() else page
            if (file and not (out / file).exists()) or (anchor and not target.find(id=anchor)):
                found.append(f"{path.name}: {link['href']}")
    return found


def test_one_page_alone_has_no_dead_link_and_tells_its_words(series: list[Path]) -> None:
    out = make(series, "01-one")
    assert dead_links(out) == []
    page = soup(out / "01-one.html")
    assert [link.get_text() for link in page.select("main a[data-page^='02']")] == ["two", "02"]
    told = page.select_one("details.terms")
    assert told
    assert [term.get_text() for term in told.select("dt")] == ["Batch"]
    assert page.find("a", string="batches")["href"] == "#term-Batch"  # type: ignore[index]
    assert [link["href"] for link in soup(out / "index.html").select("ol.guides a")] == [
        "01-one.html"
    ]


def test_a_page_made_later_joins_the_others(series: list[Path]) -> None:
    out = make(series, "01-one")
    before = (out / "01-one.html").read_text()
    make(series, "02-two", "glossary")
    assert dead_links(out) == []
    # The page before leads there now, and is else as it was.
    after = (out / "01-one.html").read_text()
    present = {"index.html", "01-one.html", "02-two.html", "glossary.html"}
    ways = [page.partition('<nav class="series"') for page in (linked(before, present), after)]
    assert ways[0][0] == ways[1][0]
    assert [link["href"] for link in soup(out / "01-one.html").select("nav.series a[href]")] == [
        "02-two.html"
    ]
    index = [link["href"] for link in soup(out / "index.html").select("ol.guides a")]
    assert index == ["01-one.html", "02-two.html", "glossary.html"]


def test_pages_lead_to_those_of_the_series_that_are_there(series: list[Path]) -> None:
    out = make(series, "01-one", "03-three")

    def ways(name: str) -> list[str]:
        links = soup(out / f"{name}.html").select("nav.series a[href]")
        return [" ".join(link.get_text().split()) for link in links]

    # 02 lies between them, and is not there
    # and the text of 01 may say "Next: 02"
    assert ways("01-one") == ["Next in this set 03-three"]
    assert ways("03-three") == ["Previous in this set 01-one"]
    # Once it is, they lead there
    make(series, "02-two")
    assert ways("02-two") == ["Previous 01-one", "Next 03-three"]
    assert (ways("01-one"), ways("03-three")) == (["Next 02-two"], ["Previous 02-two"])


def test_index_titles_and_cards_have_the_numbers_by_which_texts_call_pages(
    tmp_path: Path,
) -> None:
    series = [
        notebook.write(
            tmp_path / "notebooks" / f"{name}.ipynb",
            notebook.markdown(f"# {title}\n\n## Run"),
            notebook.code("print(1)"),
        )
        for name, title in (("01-a", "Queues"), ("02-b", "Batches"))
    ]
    out = make(series)
    page = soup(out / "01-a.html")
    assert page.title
    assert page.h1
    assert page.title.get_text() == page.h1.get_text() == "01 · Queues"
    # Links from elsewhere lead to the heading as JupyterLab names it
    assert page.h1["id"] == "Queues"
    [card] = page.select("nav.series a")
    assert " ".join(card.get_text().split()) == "Next 02 · Batches"
    listed = [link.get_text() for link in soup(out / "index.html").select("ol.guides a")]
    assert listed == ["01 · Queues", "02 · Batches"]


def test_a_page_made_anew_leaves_all_else_byte_for_byte(series: list[Path]) -> None:
    out = make(series)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    make(series, "02-two")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert dead_links(out) == []


def test_the_index_tells_minutes_and_what_one_can_do_afterwards(series: list[Path]) -> None:
    first = soup(make(series) / "index.html").select_one("ol.guides li")
    assert first
    assert "25 minutes" in first.get_text()
    assert [one.get_text() for one in first.select("ul li")] == ["do 01-one", "undo it"]


def test_all_in_one_file(series: list[Path]) -> None:
    out = make(series, is_single=True)
    page = soup(out / SINGLE)
    ids = [str(one["id"]) for one in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    links = [str(link["href"]) for link in page.select("a[href]")]
    assert links
    assert all(link[0] == "#" and page.find(id=link[1:]) for link in links)
    assert len(page.find_all("h1")) == 1


def test_the_file_of_all_is_no_page_of_the_set(series: list[Path]) -> None:
    out = make(series, is_single=True)
    first = (out / SINGLE).read_bytes()
    make(series, "01-one", is_single=True)
    assert (out / SINGLE).read_bytes() == first
    listed = [link["href"] for link in soup(out / "index.html").select("ol.guides a")]
    assert listed == [f"{path.stem}.html" for path in series]


def test_an_archive_of_all_is_the_same_each_time(series: list[Path]) -> None:
    archive = make(series, is_packed=True) / "guides.zip"
    first = archive.read_bytes()
    with zipfile.ZipFile(archive) as pages:
        assert sorted(pages.namelist()) == sorted(
            f"guides/{name}.html" for name in ("index", *(path.stem for path in series))
        )
    make(series, "01-one", is_packed=True)
    assert archive.read_bytes() == first


def test_a_notebook_that_somebody_ran(series: list[Path], tmp_path: Path) -> None:
    output = notebook.nbformat.v4.new_output("stream", text="as I saw it, in /home/ada/x\n")
    cells = [notebook.markdown("# Mine\n\n## Run"), notebook.code("print()", output)]
    mine = notebook.write(tmp_path / "workspace" / "01-one.ipynb", *cells)
    out = make(series)
    write_guides([mine], out, read_executed, Progress(), Mask(), series=series)
    assert "as I saw it, in /home/USER-1/x" in (out / "01-one.html").read_text()
    assert dead_links(out) == []


def test_what_was_not_run_or_is_no_notebook_is_told(series: list[Path], tmp_path: Path) -> None:
    with pytest.raises(WorkshopError, match="No cell of"):
        read_executed(series[0])
    with pytest.raises(WorkshopError, match="cannot be read"):
        read_executed(tmp_path / "gone.ipynb")
    for text in ("no JSON", "[]", "{}"):
        (tmp_path / "a.ipynb").write_text(text)
        with pytest.raises(WorkshopError, match="is no notebook"):
            read_executed(tmp_path / "a.ipynb")


def test_what_an_export_does_not_make_anew_is_named(
    series: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a set with all in one file, and as an archive
    make(series, is_single=True, is_packed=True)
    assert "earlier export" not in capsys.readouterr().err
    # When one page of it is made anew, and nothing else
    make(series, "01-one")
    # Then the two are said to be old
    told = capsys.readouterr().err
    assert "all-guides.html is of an earlier export: --single makes it anew" in told
    assert "guides.zip is of an earlier export: --zip makes it anew" in told
