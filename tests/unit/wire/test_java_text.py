"""The order of enum values, and patterns of Unicode, as AWS's service framework has them."""

import pytest

from localaws.wire.java_text import compiled, set_order

# As AWS answered: Lambda twice, DynamoDB twice.
SETS = (
    "x86_64, arm64",
    "DryRun, RequestResponse, Event",
    "ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW",
    "B, N, S",
)


@pytest.mark.parametrize("answered", SETS)
def test_order_of_enum_values(answered):
    values = answered.split(", ")
    assert set_order(sorted(values)) == values
    assert set_order(sorted(values, reverse=True)) == values


def test_patterns_of_unicode_classes():
    pattern = compiled(r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$")
    assert pattern is not None
    assert all(pattern.fullmatch(text) for text in ("", "größe", "a_b c", "x\u3000y", "v=1.0+@-:/"))
    assert not any(pattern.fullmatch(text) for text in ("a*b", "a\nb", "(x)", "a,b"))


def test_what_pythons_dialect_does_not_know_is_not_checked():
    assert compiled(r"\p{Print}+") is None
    assert compiled(None) is None
