"""Versions and aliases of a template with provisioned concurrency."""

from typing import Any

import pytest

from localaws.cloudformation.function_parts import AliasResource, VersionResource
from localaws.cloudformation.resources import Api
from localaws.words.errors import AwsError
from localaws.words.http import Caller

ARN = "arn:aws:lambda:us-east-1:123456789012:function:it"
PUT, DELETE = "PutProvisionedConcurrencyConfig", "DeleteProvisionedConcurrencyConfig"
FIVE = {"ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 5}}
LIVE = {"FunctionName": "it", "Name": "live", "FunctionVersion": "1"}


class Lambda:
    """Lambda's API; remembers what it was asked."""

    def __init__(self, refuses: str = "") -> None:
        self.asked: list[tuple[str, Any]] = []
        self._refuses = refuses

    def api(self) -> Api:
        answers = {
            "ListVersionsByFunction": {"Versions": []},
            "PublishVersion": {"FunctionArn": f"{ARN}:1", "Version": "1"},
            **{key: {"AliasArn": f"{ARN}:live"} for key in ("CreateAlias", "UpdateAlias")},
            **{key: {} for key in (PUT, DELETE, "DeleteAlias")},
        }
        operations = {name: self._of(name, answer) for name, answer in answers.items()}
        return Api(operations, "arn:aws:iam::123456789012:user/u")

    def names(self) -> list[str]:
        return [name for name, _ in self.asked]

    def _of(self, name: str, answer: Any) -> Any:
        def operation(params: dict[str, Any], _caller: Caller) -> dict[str, Any]:
            self.asked.append((name, params))
            if name == self._refuses:
                raise AwsError("There is no room.", code="InvalidParameterValueException")
            return dict(answer)

        return operation


async def test_a_version_gets_it() -> None:
    lambda_ = Lambda()
    await VersionResource(lambda_.api()).create("It", {"FunctionName": "it", **FIVE}, "stack")
    assert lambda_.asked[-1] == (
        PUT,
        {"FunctionName": ARN, "Qualifier": "1", "ProvisionedConcurrentExecutions": 5},
    )


@pytest.mark.parametrize(
    ("old", "new", "asked"),
    [({}, FIVE, [PUT]), (FIVE, FIVE, []), (FIVE, {}, [DELETE]), ({}, {}, [])],
)
async def test_an_alias_follows_its_template(old: Any, new: Any, asked: list[str]) -> None:
    lambda_ = Lambda()
    its = (f"{ARN}:live", LIVE | old, LIVE | new)
    await AliasResource(lambda_.api()).update(*its, "stack", "It")
    assert lambda_.names() == ["UpdateAlias", *asked]


async def test_nothing_is_left_of_an_alias_that_cannot_have_it() -> None:
    lambda_ = Lambda(refuses=PUT)
    with pytest.raises(AwsError, match="no room"):
        await AliasResource(lambda_.api()).create("It", LIVE | FIVE, "stack")
    assert lambda_.names() == ["CreateAlias", PUT, "DeleteAlias"]
