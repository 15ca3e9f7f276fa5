"""Filter patterns: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html

Three kinds: terms (`ERROR -"exit 0"`), JSON properties (`{ $.level = "ERROR" }`) and fields
between spaces (`[ip, user, status=5*]`).
"""

from localaws.logs.patterns.field_pattern import FieldPattern
from localaws.logs.patterns.json_pattern import JsonPattern
from localaws.logs.patterns.pattern import FilterPattern
from localaws.logs.patterns.term_pattern import TermPattern

__all__ = ["FilterPattern", "compile_pattern"]


def compile_pattern(text: str) -> FilterPattern:
    """Read a filter pattern.

    Raises:
        InvalidParameterException
    """
    stripped = text.strip()
    if stripped.startswith("{"):
        return JsonPattern(stripped)
    if stripped.startswith("["):
        return FieldPattern(stripped)
    return TermPattern(stripped)
