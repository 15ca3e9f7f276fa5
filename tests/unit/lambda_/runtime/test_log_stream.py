"""What the log streams of execution environments are called."""

import re
from pathlib import Path

import pytest

from localaws.lambda_.model import FunctionVersion, LoggingConfig
from localaws.lambda_.runtime.log_stream import new_stream_name

NOON_S = 1_790_098_374.0  # 2026-09-22
ARN = "arn:aws:lambda:us-east-1:123456789012:function:fn"


@pytest.mark.parametrize(
    ("group", "version", "begin"),
    [
        ("/aws/lambda/fn", "$LATEST", "2026/09/22/[$LATEST]"),
        ("/aws/lambda/fn", "7", "2026/09/22/[7]"),
        ("/shop/all", "$LATEST", "2026/09/22/fn[$LATEST]"),
        ("/aws/lambda/other", "7", "2026/09/22/fn[7]"),
    ],
)
def test_a_group_of_ones_own_has_the_functions_names_in_its_streams(
    group: str, version: str, begin: str
) -> None:
    function = FunctionVersion(
        "fn", ARN, version, "python3.13", "h.h", "role", 3, 128, Path(), "r", LoggingConfig(group)
    )
    name = new_stream_name(NOON_S, function)
    assert name.startswith(begin)
    assert re.fullmatch("[0-9a-f]{32}", name.removeprefix(begin))
