"""How a call is refused."""

from typing import Any

import pytest
from botocore.exceptions import ClientError


def refusal(call: Any, **parameters: Any) -> tuple[int, str, str]:
    """Status, code and text."""
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    answer = refused.value.response
    error = answer["Error"]
    return answer["ResponseMetadata"]["HTTPStatusCode"], error["Code"], error["Message"]
