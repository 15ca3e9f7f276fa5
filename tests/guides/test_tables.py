"""Tables of a guide: without what only pandas says."""

import numpy as np
import pandas as pd
from bs4 import BeautifulSoup

from workshop.guides.tables import without_pandas


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
