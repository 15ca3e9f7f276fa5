"""`--lateness SEED` of `start.py local`, `lab` and `guides`."""

import argparse
from types import SimpleNamespace
from typing import Any

import pytest

from tests import conftest
from workshop.cli import guides, lab, lateness, local
from workshop.errors import EndpointError, TargetError
from workshop.target.target import Target


def test_a_running_embedded_aws_of_another_lateness_is_not_taken_for_it() -> None:
    lateness.expect_lateness({"lateness": ""}, None)
    lateness.expect_lateness({"lateness": "0"}, 0)
    for found in ({"lateness": ""}, {"lateness": "8"}, {}):
        with pytest.raises(EndpointError, match="without --lateness 7"):
            lateness.expect_lateness(found, 7)


@pytest.mark.parametrize("command", [local, lab, guides])
def test_the_commands_take_a_seed(command: Any) -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    assert parser.parse_args([]).lateness is None
    assert parser.parse_args(["--lateness", "7"]).lateness == 7


def test_a_real_account_is_not_made_late() -> None:
    account = Target("aws", profile="p", region="us-east-1", account="111122223333")
    lateness.expect_embedded(account, None)
    lateness.expect_embedded(Target(), 7)
    with pytest.raises(TargetError, match="--lateness 7 is for the embedded AWS"):
        lateness.expect_embedded(account, 7)


class Item:
    """A test as pytest collects it."""

    def __init__(self, *marks: pytest.Mark, needs: str) -> None:
        self.nodeid, self.marks, self.fixturenames = "tests/scenarios/test_some.py", marks, [needs]
        self.added: list[str] = []

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        return next((mark for mark in self.marks if mark.name == name), None)

    def add_marker(self, mark: pytest.MarkDecorator) -> None:
        self.added.append(mark.name)


def test_with_lateness_only_what_asserts_punctuality_is_skipped() -> None:
    # Given scenarios of an account, of a lab, and one about punctuality
    punctual = pytest.mark.punctual("is about that").mark
    items: list[Any] = [Item(needs="account"), Item(needs="lab"), Item(punctual, needs="account")]
    chosen = {"--lateness": 7, "--target": "embedded"}
    config: Any = SimpleNamespace(getoption=chosen.__getitem__)
    conftest.pytest_collection_modifyitems(config, items)
    assert [item.added for item in items] == [[], [], ["skip"]]
