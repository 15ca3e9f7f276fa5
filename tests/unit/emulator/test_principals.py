"""Which principals a policy may name: those of the account must be there."""

from types import SimpleNamespace
from typing import Any

import pytest

from localaws.emulator.adapters import Permissions
from localaws.words.identity import Identity

OWN = "arn:aws:iam::123456789012"
IAM: Any = SimpleNamespace(
    _roles={"worker": {"Arn": f"{OWN}:role/service/worker"}},
    _users={"somebody": {"Arn": f"{OWN}:user/somebody"}},
)


@pytest.mark.parametrize(
    ("arn", "known"),
    [
        (f"{OWN}:role/service/worker", True),
        (f"{OWN}:role/worker", False),
        (f"{OWN}:role/gone", False),
        (f"{OWN}:user/somebody", True),
        (f"{OWN}:user/worker", False),
        (f"{OWN}:root", True),
        ("arn:aws:sts::123456789012:assumed-role/worker/session", True),
        ("arn:aws:sts::123456789012:assumed-role/gone/session", False),
        ("arn:aws:iam::999999999999:role/whoever", True),
    ],
)
def test_principals(arn: str, known: bool) -> None:
    permissions = Permissions(Identity("123456789012", "us-east-1"), IAM, IAM)
    assert permissions.has_principal(arn) == known
