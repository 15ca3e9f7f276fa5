"""What AWS's service framework, a Java program, makes of an API's model: order and patterns."""

import re

# Buckets of the sets in which the framework keeps the values of an enum.
_BUCKETS = 32

# Unicode's separators, `\p{Z}`.
_SEPARATORS = r"\x20\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


def set_order(values: list[str]) -> list[str]:
    """The values of an enum in the order in which the framework names them.

    It is that of the strings' hashes in 32 buckets, as these answers of AWS have it: `[DryRun,
    RequestResponse, Event]` (https://github.com/ex-aws/ex_aws/pull/442), `[ALL_NEW, UPDATED_OLD,
    ALL_OLD, NONE, UPDATED_NEW]` (https://github.com/ExtendDB/extenddb/pull/211), `[B, N, S]`
    (https://github.com/aws/aws-sdk-js/issues/979). Values of one bucket stay in the model's order.
    """
    return sorted(values, key=lambda value: _string_hash(value) % _BUCKETS)


def compiled(pattern: str | None) -> re.Pattern[str] | None:
    """A model's pattern, or None where Python's dialect does not know it: it is not checked then.

    Python knows no classes of Unicode; of these the models use letters, numbers and separators.
    """
    if not pattern:
        return None
    flags = re.ASCII
    if r"\p{L}" in pattern and r"\p{N}" in pattern and r"\w" not in pattern:
        # `\w` is letters, numbers and the underscore, which all these patterns allow, too.
        pattern = pattern.replace(r"\p{L}", r"\w").replace(r"\p{N}", "")
        pattern = pattern.replace(r"\p{Z}", _SEPARATORS)
        flags = re.UNICODE
    try:
        return re.compile(pattern, flags)
    except re.error:
        return None


def _string_hash(text: str) -> int:
    """`String.hashCode`, of which only the lowest bits count here."""
    value = 0
    for character in text:
        value = (31 * value + ord(character)) & 0xFFFFFFFF
    return value
