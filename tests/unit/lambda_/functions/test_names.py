"""Function names: every way to write one means the same function."""

from hypothesis import given
from hypothesis import strategies as st

from localaws.lambda_.model import LATEST
from localaws.lambda_.names import FunctionNames, is_alias_name
from tests.unit.lambda_.control_plane import IDENTITY

NAMES = FunctionNames(IDENTITY)
WORDS = st.text("abcXYZ019-_", min_size=1, max_size=20)
QUALIFIERS = st.one_of(st.none(), st.just(LATEST), WORDS)
PREFIXES = st.sampled_from(
    [
        "",
        "function:",
        "123456789012:function:",
        "us-east-1:123456789012:function:",
        "arn:aws:lambda:us-east-1:123456789012:function:",
    ]
)


@given(PREFIXES, WORDS, QUALIFIERS, st.booleans())
def test_every_spelling_is_the_same_function(
    prefix: str, name: str, qualifier: str | None, beside: bool
) -> None:
    written = prefix + name if beside or qualifier is None else f"{prefix}{name}:{qualifier}"

    reference = NAMES.read(written, qualifier if beside else None)

    assert (reference.name, reference.qualifier) == (name, qualifier)
    assert reference.arn == f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
    assert NAMES.read(reference.invoked_arn) == reference


@given(WORDS)
def test_a_qualifier_is_a_version_or_an_alias(qualifier: str) -> None:
    assert is_alias_name(qualifier) != qualifier.isdecimal()
    assert not is_alias_name(LATEST)
