"""The first of what AWS listed, or a sentence that says what happened to it."""

import pandas as pd
import pytest

from workshop.errors import DataError
from workshop.lab import Lab


def test_the_first_of_a_list_or_of_a_tables_rows() -> None:
    assert Lab.first_of(["a", "b"], "letter") == "a"
    table = pd.DataFrame({"state": ["lost", "kept"]}, index=[7, 3])
    assert Lab.first_of(table, "order")["state"] == "lost"


@pytest.mark.parametrize("nothing", [[], pd.DataFrame({"state": []})], ids=["list", "table"])
def test_nothing_is_told_with_its_likely_reason(nothing: object) -> None:
    with pytest.raises(DataError, match=r"AWS shows no alarm Dlq: .*another session") as caught:
        Lab.first_of(nothing, "alarm Dlq")
    assert "section Run" in caught.value.remedy
