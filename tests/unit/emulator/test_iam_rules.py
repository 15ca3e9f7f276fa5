"""Paths and ARNs of policies, in words and with codes measured on AWS.

https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/iam
"""

from types import SimpleNamespace
from typing import Any

import pytest

from localaws.emulator.iam.rules import BOUNDARY, IamRules, Refusal

IAM: Any = SimpleNamespace(_policy_exists=lambda arn: True)
RULES = IamRules(IAM, lambda arn: True)
ROLE = "arn:aws:iam::123456789012:role/boundary"
ELSEWHERE = "arn:aws-cn:iam::aws:policy/ReadOnlyAccess"


def test_the_path_of_service_linked_roles_is_reserved() -> None:
    assert RULES.path("/aws-service-role/") == Refusal(
        400,
        "InvalidInput",
        "Paths beginning with '/aws-service-role' are reserved for AWS Service Linked Roles",
    )
    assert RULES.path("/service-role/") is None


@pytest.mark.parametrize(
    ("subject", "code"), [(BOUNDARY, "InvalidInput"), ("Policy", "ValidationError")]
)
def test_a_role_is_no_policy(subject: str, code: str) -> None:
    assert RULES.attachable(ROLE, subject) == Refusal(400, code, f"ARN {ROLE} is not valid.")


@pytest.mark.parametrize("subject", [BOUNDARY, "Policy"])
def test_policies_live_in_the_account_s_partition(subject: str) -> None:
    assert RULES.attachable(ELSEWHERE, subject) == Refusal(
        400, "ValidationError", "Invalid ARN partition"
    )
