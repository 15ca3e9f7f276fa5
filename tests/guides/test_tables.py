"""Tables of a guide: without what only pandas says."""

import numpy as np
import pandas as pd
from bs4 import BeautifulSoup

from workshop.guides.tables import stack_wide_tables, without_pandas


def shown(table: pd.DataFrame) -> BeautifulSoup:
    soup = BeautifulSoup(table.to_html(), features="html.parser")
    without_pandas(soup)
    return soup


def test_what_is_missing_is_a_dash() -> None:
    rows = {"order": ["a", np.nan], "at": [pd.NaT, pd.Timestamp(0)], "count": [pd.NA, 1]}
    cells = [cell.get_text() for cell in shown(pd.DataFrame(rows, index=["x", "y"])).select("td")]
    assert cells == ["a", "-", "-", "-", "1970-01-01", "1"]


def test_rows_without_a_name_have_no_number() -> None:
    soup = shown(pd.DataFrame({"order": ["a", "b"]}).iloc[1:])
    assert [cell.get_text() for cell in soup.find_all(["th", "td"])] == ["order", "b"]


def test_rows_that_have_a_name_keep_it() -> None:
    named = pd.DataFrame({"seconds": [1, 2]}, index=pd.Index([3, 4], name="attempt"))
    told = pd.DataFrame({"seconds": [1, 2]}, index=["first", "second"])
    for table, names in ((named, ["3", "4"]), (told, ["first", "second"])):
        assert [cell.get_text() for cell in shown(table).select("tbody th")] == names


def test_a_cell_of_several_rows_is_in_the_card_of_each() -> None:
    index = pd.MultiIndex.from_product(
        [["60 s", "5 min"], ["queue", "queue, waits doubled"], ["order", "event"]],
        names=["outage", "way", "kind"],
    )
    wide = pd.DataFrame({"processed": range(8), "given up": range(8)}, index=index)
    stack_wide_tables(soup := shown(wide))
    for row, (names, numbers) in zip(soup.select("tbody tr"), wide.iterrows(), strict=True):
        told = {cell["data-name"]: cell.get_text() for cell in row.find_all(["th", "td"])}
        expected = dict(zip(index.names, names, strict=True)) | numbers.astype(str).to_dict()
        assert told == expected
        # In the order of the columns; and those that are repeated are named as such
        assert list(told) == [*index.names, "processed", "given up"]
    assert len(soup.select(".again")) == 2 * 3 + 4
    assert soup.select(".again[rowspan]") == []


def test_what_rows_are_called_stands_above_them_and_not_what_columns_are() -> None:
    paid = pd.DataFrame({"case": ["again", "late"], "way": ["once", "once"], "payments": [1, 2]})
    soup = shown(paid.pivot(index="case", columns="way", values="payments"))
    assert [cell.get_text() for cell in soup.select("thead th")] == ["case", "once"]
    # And several of them
    soup = shown(paid.groupby(["case", "way"]).sum())
    assert [cell.get_text() for cell in soup.select("thead th")] == ["case", "way", "payments"]
    # So a card of a phone calls each cell what it is
    stack_wide_tables(
        soup := shown(paid.set_index("case").assign(told="word " * 12, end="source-queue's-dlq"))
    )
    assert [cell["data-name"] for cell in soup.select("tbody tr")[0].find_all(["th", "td"])] == [
        "case", "way", "payments", "told", "end",
    ]  # fmt: skip
