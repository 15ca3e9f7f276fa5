"""What SSM says of a parameter's value, in words measured on AWS.

https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/ssm
"""

from typing import Any

import pytest

from localaws.emulator.parameter_rules import mistake_in_parameter

LONG = "x" * 4097


@pytest.mark.parametrize(
    ("parameter", "code", "message"),
    [
        (
            {"Value": "many", "AllowedPattern": r"^\d+$"},
            "ParameterPatternMismatchException",
            r"Parameter value, cannot be validated against allowedPattern: ^\d+$",
        ),
        (
            {"Value": "1,many", "Type": "StringList", "AllowedPattern": r"^\d+$"},
            "ParameterPatternMismatchException",
            r"Parameter value, cannot be validated against allowedPattern: ^\d+$",
        ),
        (
            {"Value": "{{ssm:other}}"},
            "ValidationException",
            "Parameter value: '{{ssm:other}}' failed to satisfy constraint: Parameter value can't "
            'nest another parameter. Do not use "{{}}" in the value.',
        ),
        (
            {"Value": LONG},
            "ValidationException",
            "Standard tier parameters support a maximum parameter value of 4096 characters.",
        ),
        (
            {"Value": LONG * 2, "Tier": "Advanced"},
            "ValidationException",
            "Advanced-tier parameters support a maximum parameter value of 8192 characters.",
        ),
    ],
)
def test_what_is_refused(parameter: dict[str, Any], code: str, message: str) -> None:
    assert mistake_in_parameter(parameter) == (code, message)


@pytest.mark.parametrize(
    "parameter",
    [
        {"Value": "12", "AllowedPattern": r"^\d+$"},
        {"Value": "1,2", "Type": "StringList", "AllowedPattern": r"^\d+$"},
        {"Value": "x", "AllowedPattern": "[broken"},
        {"Value": "{one}"},
        {"Value": "x" * 4096},
        {"Value": LONG, "Tier": "Advanced"},
    ],
)
def test_what_is_right_is_taken(parameter: dict[str, Any]) -> None:
    assert mistake_in_parameter(parameter) is None
