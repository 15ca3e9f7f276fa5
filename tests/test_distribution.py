"""Tests that share what is slow to make run in one process."""

from tests.distribution import TOGETHER, scope_of
from tests.test_layering import ROOT


def test_a_files_tests_stay_together_and_so_do_those_of_the_cdks_app() -> None:
    assert scope_of("tests/unit/a.py::test_b[c::d]") == "tests/unit/a.py"
    assert scope_of("tests/infra/test_app.py::test_a") == scope_of("tests/infra/test_stacks.py::t")
    assert [folder for folder in TOGETHER if not (ROOT / folder).is_dir()] == []
