"""What leaves a function's properties is taken back, and what was never set is not asked for."""

from typing import Any

import pytest

from localaws.cloudformation.functions import FunctionResource
from localaws.cloudformation.resources import Api
from localaws.words.http import Caller

ARN = "arn:aws:lambda:us-east-1:123456789012:function:it"
LEAST = {"Code": {"ZipFile": "x"}, "Handler": "index.handler", "Runtime": "python3.13", "Role": "r"}
# Of settings that are shown once they were set: what they go back to.
TAKEN_BACK: dict[str, tuple[Any, Any]] = {
    "Environment": ({"Variables": {"NAME": "1"}}, {"Variables": {}}),
    "VpcConfig": (
        {"SubnetIds": ["a"], "SecurityGroupIds": ["b"]},
        {"SubnetIds": [], "SecurityGroupIds": []},
    ),
    "KmsKeyArn": ("arn:aws:kms:us-east-1:123456789012:key/k", ""),
    "FileSystemConfigs": ([{"Arn": "a", "LocalMountPath": "/mnt/a"}], []),
    "SnapStart": ({"ApplyOn": "PublishedVersions"}, {"ApplyOn": "None"}),
}


class Lambda:
    """Lambda's API; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: dict[str, dict[str, Any]] = {}

    def api(self) -> Api:
        names = ("UpdateFunctionCode", "UpdateFunctionConfiguration", "GetFunctionConfiguration")
        return Api({name: self._of(name) for name in names}, "arn:aws:iam::123456789012:user/u")

    def _of(self, name: str) -> Any:
        def operation(params: dict[str, Any], _caller: Caller) -> dict[str, Any]:
            self.asked[name] = params
            return {"FunctionArn": ARN, "State": "Active", "LastUpdateStatus": "Successful"}

        return operation


async def updated(old: dict[str, Any], new: dict[str, Any]) -> dict[str, dict[str, Any]]:
    async def pause(seconds: float) -> None:
        raise AssertionError("nothing is waited for")

    lambda_ = Lambda()
    await FunctionResource(lambda_.api(), pause).update("it", LEAST | old, LEAST | new, "s", "It")
    return lambda_.asked


@pytest.mark.parametrize("name", TAKEN_BACK)
async def test_what_leaves_is_taken_back(name: str) -> None:
    given, back = TAKEN_BACK[name]
    asked = (await updated({name: given}, {}))["UpdateFunctionConfiguration"]
    [sent] = [value for key, value in asked.items() if key.lower() == name.lower()]
    assert sent == back


@pytest.mark.parametrize("name", TAKEN_BACK)
async def test_what_was_never_set_is_not_asked_for(name: str) -> None:
    asked = (await updated({}, {"Timeout": 7}))["UpdateFunctionConfiguration"]
    assert asked["Timeout"] == 7
    assert name.lower() not in {key.lower() for key in asked}


@pytest.mark.parametrize(
    ("old", "new", "sent"),
    [
        ({"Architectures": ["arm64"]}, {}, ["x86_64"]),
        ({}, {"Architectures": ["arm64"]}, ["arm64"]),
        ({}, {"Architectures": ["x86_64"]}, None),
    ],
)
async def test_an_architecture_is_followed(
    old: dict[str, Any], new: dict[str, Any], sent: list[str] | None
) -> None:
    asked = await updated(old, new)
    assert asked.get("UpdateFunctionCode", {}).get("Architectures") == sent
