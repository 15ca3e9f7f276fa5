"""A request without what it is about is refused by every service, and makes nothing."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account

# Service -> an operation that makes something, what it needs first, and how AWS calls the error.
NAMELESS = {
    "cloudformation": ("create_stack", "stackName", "ValidationError"),
    "cloudwatch": ("put_dashboard", "dashboardName", "ValidationError"),
    "events": ("put_rule", "name", "ValidationException"),
    "iam": ("create_role", "roleName", "ValidationError"),
    "ssm": ("put_parameter", "name", "ValidationException"),
    "sts": ("assume_role", "roleArn", "ValidationError"),
}
# What each has no part of here, with all that AWS needs for it.
ABSENT: dict[str, tuple[str, dict[str, Any]]] = {
    "cloudformation": ("list_stack_sets", {}),
    "cloudwatch": ("list_metric_streams", {}),
    "iam": ("disable_organizations_root_sessions", {}),
    "ssm": ("delete_association", {}),
    "ecr": ("delete_registry_policy", {}),
    "dynamodb": ("list_global_tables", {}),
}


@pytest.mark.parametrize("service", NAMELESS)
def test_nothing_is_made_without_a_name(account: Account, service: str) -> None:
    operation, missing, code = NAMELESS[service]
    client = account.client(service, parameter_validation=False)
    with pytest.raises(ClientError) as refused:
        getattr(client, operation)()
    assert refused.value.response["Error"]["Code"] == code
    assert (
        f"Value null at '{missing}' failed to satisfy constraint: Member must not be null"
        in refused.value.response["Error"]["Message"]
    )


@pytest.mark.embedded("AWS has them")
@pytest.mark.parametrize("service", ABSENT)
def test_an_operation_that_is_not_here_is_no_unknown_one(account: Account, service: str) -> None:
    operation, given = ABSENT[service]
    with pytest.raises(ClientError, match="is not part of the embedded AWS") as refused:
        getattr(account.client(service), operation)(**given)
    assert refused.value.response["Error"]["Code"] == "NotImplemented"
