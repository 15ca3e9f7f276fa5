"""What SSM refuses of a parameter.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html; the words
were measured for https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/ssm.
"""

import re
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace

_MOST_CHARACTERS = {"Standard": 4096, "Advanced": 8192}
_TOO_LONG = {
    "Standard": "Standard tier parameters support a maximum parameter value of 4096 characters.",
    "Advanced": "Advanced-tier parameters support a maximum parameter value of 8192 characters.",
}


def mistake_in_parameter(parameter: Mapping[str, Any]) -> tuple[str, str] | None:
    """Code and message with which PutParameter refuses it, or None."""
    value, pattern = str(parameter.get("Value", "")), parameter.get("AllowedPattern")
    if re.search(r"\{\{.*\}\}", value, re.DOTALL):
        return (
            "ValidationException",
            f"Parameter value: '{value}' failed to satisfy constraint: Parameter value can't nest "
            'another parameter. Do not use "{{}}" in the value.',
        )
    tier = parameter.get("Tier") or "Standard"
    if len(value) > _MOST_CHARACTERS.get(tier, len(value)):
        return "ValidationException", _TOO_LONG[tier]
    items = value.split(",") if parameter.get("Type") == "StringList" else [value]
    if pattern and not all(_fits(pattern, item) for item in items):
        return (
            "ParameterPatternMismatchException",
            f"Parameter value, cannot be validated against allowedPattern: {pattern}",
        )
    return None


def refuse_mistaken_parameters(ssm: ModuleType) -> None:
    """Let SSM refuse values as AWS's does."""
    put: Callable[[Mapping[str, Any]], Any] = ssm._put_parameter

    def checked(request: Mapping[str, Any]) -> Any:
        if mistake := mistake_in_parameter(request):
            return ssm.error_response_json(*mistake, 400)
        return put(request)

    replace(ssm, "_put_parameter", checked)


def _fits(pattern: str, value: str) -> bool:
    try:
        return re.search(pattern, value) is not None
    except re.error:
        return True  # it may be one of Java's
