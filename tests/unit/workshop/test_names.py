"""The public names of the workshop package: few, listed, and explained where they are listed."""

import pytest

import workshop


def test_the_public_names_are_few_and_all_of_them_load() -> None:
    assert set(workshop.__all__) == {*workshop._HOME, *workshop._MODULES}
    assert len(workshop.__all__) <= 24
    for name in workshop.__all__:
        assert getattr(workshop, name).__doc__, f"{name} has no docstring"


def test_each_name_is_in_the_map_at_the_top() -> None:
    for name in workshop.__all__:
        assert name in (workshop.__doc__ or ""), f"{name} is missing in the docstring"


def test_an_unknown_name_says_what_there_is() -> None:
    with pytest.raises(AttributeError, match="connect"):
        _ = workshop.nothing_of_that_name
