"""Of what two failed updates made one after the other, nothing is left behind.

Both stay as they failed (DisableRollback): the next update, a rollback or a deletion ends them.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.scenarios.account import Account
from tests.scenarios.templated_stack import TemplatedStack

WRONG = {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 99_999}}


@dataclass(frozen=True)
class Kind:
    """A type whose name says which one it is, and the names that there are with a prefix."""

    type: str
    name: str
    others: dict[str, Any]
    list: Callable[[Account, str], list[str]]


def _queues(account: Account, prefix: str) -> list[str]:
    urls = account.client("sqs").list_queues(QueueNamePrefix=prefix).get("QueueUrls", [])
    return [url.rpartition("/")[2] for url in urls]


def _parameters(account: Account, prefix: str) -> list[str]:
    begins = {"Key": "Name", "Option": "BeginsWith", "Values": [prefix]}
    found = account.client("ssm").describe_parameters(ParameterFilters=[begins])
    return [one["Name"] for one in found["Parameters"]]


KINDS = [
    Kind("AWS::SQS::Queue", "QueueName", {}, _queues),
    Kind("AWS::SSM::Parameter", "Name", {"Type": "String", "Value": "1"}, _parameters),
]


class Chain:
    """A stack whose one resource changes its name from update to update."""

    def __init__(self, account: Account, kind: Kind) -> None:
        self._account, self._kind = account, kind
        self._prefix = account.unique("one")
        self.stack = TemplatedStack(account)

    def send(self, verb: str, name: str, *, fails: bool = False, **options: Any) -> str:
        """Let the resource be called so, or be there no more where there is no name."""
        its = {self._kind.name: f"{self._prefix}-{name}"} | self._kind.others
        resources: dict[str, Any] = {"Always": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}
        if name:
            resources["It"] = {"Type": self._kind.type, "Properties": its}
        if fails:
            resources["Wrong"] = WRONG | {"DependsOn": "It" if name else "Always"}
        return self.stack.send(verb, resources, **options)

    def there(self) -> set[str]:
        """The names that are there, by their ends."""
        found = self._kind.list(self._account, self._prefix)
        return {name.removeprefix(f"{self._prefix}-") for name in found}


@pytest.fixture(params=KINDS, ids=lambda kind: kind.type.rpartition("::")[2])
def chain(account: Account, request: pytest.FixtureRequest) -> Chain:
    return Chain(account, request.param)


def failed(chain: Chain, *names: str) -> None:
    """Make the first of these, or none; then fail to have each of the others."""
    first, *others = names
    assert chain.send("create", first) == "CREATE_COMPLETE"
    for name in others:
        ended = chain.send("update", name, fails=True, DisableRollback=True)
        assert ended == "UPDATE_FAILED"


ENDED = [
    pytest.param(names, id="-".join(name or "none" for name in names))
    for names in (
        ("first", "second", "third"),
        ("first", "second", "third", "fourth"),
        ("", "second", "third"),
        ("first", "second", ""),
        ("", "second", ""),
    )
]


@pytest.mark.parametrize("names", ENDED)
def test_a_good_update_leaves_the_last_one(chain: Chain, names: tuple[str, ...]) -> None:
    failed(chain, *names)
    assert chain.send("update", "last", DisableRollback=True) == "UPDATE_COMPLETE", (
        chain.stack.reasons()
    )
    assert chain.there() == {"last"}


@pytest.mark.parametrize("names", ENDED)
def test_a_good_update_may_leave_none(chain: Chain, names: tuple[str, ...]) -> None:
    failed(chain, *names)
    assert chain.send("update", "", DisableRollback=True) == "UPDATE_COMPLETE", (
        chain.stack.reasons()
    )
    assert chain.there() == set()


@pytest.mark.parametrize("names", ENDED)
def test_a_rollback_leaves_the_first_one(chain: Chain, names: tuple[str, ...]) -> None:
    failed(chain, *names)
    chain.stack.cloudformation.rollback_stack(StackName=chain.stack.name)
    assert chain.stack.end() == "UPDATE_ROLLBACK_COMPLETE"
    assert chain.there() == {names[0]} - {""}


@pytest.mark.parametrize("names", ENDED)
def test_a_deletion_leaves_none(chain: Chain, names: tuple[str, ...]) -> None:
    failed(chain, *names)
    assert chain.stack.delete() == "DELETE_COMPLETE"
    assert chain.there() == set()
