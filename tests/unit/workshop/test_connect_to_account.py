"""What `workshop.connect()` does, and says, on an account: it makes nothing, and claims nothing."""

from typing import Any

import pytest

from tests.unit.workshop.fake_aws import FakeParameters, fake_lab
from workshop import connection
from workshop.drift.comparison import Compared, Difference
from workshop.drift.notice import Drift
from workshop.errors import TargetError
from workshop.lab import Lab
from workshop.stacks import deployment
from workshop.target.commands import start_command
from workshop.target.target import Target

AWS = Target("aws", profile="p", region="eu-west-1", account="123456789012")


def changed() -> Difference:
    unused: Any = None
    return Difference("SqsDlq", "event source mapping", "Enabled", False, True, unused, unused)


def connected(
    monkeypatch: pytest.MonkeyPatch, found: Compared, ssm: FakeParameters | None = None
) -> Lab:
    lab = fake_lab(AWS, ssm=ssm or FakeParameters())
    monkeypatch.setattr(connection, "open_lab", lambda _: lab)
    monkeypatch.setattr(deployment, "deploy", lambda *_, **__: pytest.fail("something was made"))
    monkeypatch.setattr(Lab, "changed", lambda _: Drift(found, target=AWS))
    monkeypatch.setattr(connection, "_show", lambda _: None)
    return connection.connect(AWS)


def test_it_makes_no_stacks_there_and_names_the_command_that_asks_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given a notebook that is run from top to bottom: nobody can be asked
    monkeypatch.setattr(connection, "open_lab", lambda _: pytest.fail("AWS was asked"))
    with pytest.raises(TargetError, match="A notebook makes no stacks in account") as caught:
        connection.connect(AWS, deploy=True)
    assert f"`{start_command(AWS, 'deploy')}`" in caught.value.remedy


@pytest.mark.parametrize(
    ("found", "told", "is_good"),
    [
        (Compared(compared=130), "130 settings were compared with the stacks', and are the", True),
        (Compared(), "there are no stacks of the workshop in account ********9012", False),
        (
            Compared((changed(),), compared=130),
            "of 130 settings that were compared with the stacks', 1 is different",
            False,
        ),
        (
            Compared(unreadable=("SqsDlq: GetTemplate says AccessDenied",)),
            "no setting could be compared with the stacks': not compared: SqsDlq",
            False,
        ),
        (
            Compared(unreadable=("SqsDlq: GetTemplate says AccessDenied",), compared=9),
            "9 settings were compared with the stacks', and are the same; not compared: SqsDlq",
            True,
        ),
    ],
    ids=["all as deployed", "no stacks", "one changed", "not allowed", "some not allowed"],
)
def test_its_line_says_what_was_found_and_is_green_only_then(
    monkeypatch: pytest.MonkeyPatch, found: Compared, told: str, is_good: bool
) -> None:
    finished: list[tuple[str, bool]] = []
    monkeypatch.setattr(
        connection.ProgressLine,
        "finish",
        lambda _, text, *, is_good=True: finished.append((text, is_good)),
    )
    connected(monkeypatch, found)
    [(text, was_good)] = finished
    assert text.startswith(told)
    assert was_good is is_good
    assert (f"`{start_command(AWS, 'deploy')}`" in text) is (found == Compared())


@pytest.mark.parametrize("prepared", [True, False])
def test_where_there_are_no_stacks_the_commands_that_make_them_are_named_in_their_order(
    monkeypatch: pytest.MonkeyPatch, prepared: bool
) -> None:
    finished = list[str]()
    monkeypatch.setattr(
        connection.ProgressLine, "finish", lambda _, text, **__: finished.append(text)
    )
    connected(monkeypatch, Compared(), FakeParameters(is_prepared=prepared))
    bootstrap, deploy = (f"`{start_command(AWS, name)}`" for name in ("bootstrap", "deploy"))
    assert f": {deploy if prepared else f'{bootstrap}, then {deploy}'} in a term" in finished[0]
