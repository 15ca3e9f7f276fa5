"""When AWS has no such thing: what the notebook makes anew, and no traceback of boto3's."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError
from IPython.core.interactiveshell import InteractiveShell

from tests.guides.notebook import code, markdown, notebook
from workshop.lessons.gone import is_gone, load_ipython_extension, remedy
from workshop.lessons.menus import UNATTENDED_VARIABLE
from workshop.lessons.unset_names import NOTEBOOK_VARIABLE, code_cells
from workshop.target.commands import start_command
from workshop.target.target import Target

EXPERIMENT = notebook(
    markdown("# Order"),
    markdown("## Run"),
    code('sqs = 1\ntemporary = bench.Bench(lab, "order")'),
    markdown("## Later"),
    code("sqs.send_message()"),
)
WITHOUT = notebook(markdown("# A lesson"), code("sqs.send_message()"))


def error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no queue"}}, "SendMessage")


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InteractiveShell:
    """A shell of the experiment, whose extension goes with it."""
    path = tmp_path / "order.ipynb"
    path.write_text(json.dumps(EXPERIMENT))
    monkeypatch.setenv(NOTEBOOK_VARIABLE, str(path))
    for kind in (ClientError, ParamValidationError):
        monkeypatch.setattr(kind, "_render_traceback_", None, raising=False)
    shell = InteractiveShell()
    load_ipython_extension(shell)
    return shell


def rendered(raised: Any) -> str:
    try:
        raise raised
    except ClientError as caught:
        return "\n".join(caught._render_traceback_())  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "code",
    [
        "AWS.SimpleQueueService.NonExistentQueue",
        "ResourceNotFoundException",
        "NoSuchEntity",
        "QueueDoesNotExist",
    ],
)
def test_the_section_that_makes_it_is_named_instead_of_a_traceback(
    shell: InteractiveShell, code: str
) -> None:
    told = rendered(error(code))
    assert 'from the section "Run" on' in told
    assert '`temporary = bench.Bench(lab, "order")`' in told
    assert "no queue" in told
    assert "Traceback" not in told


def test_what_is_being_deleted_is_said_to_be_changed_or_on_its_way_out(
    shell: InteractiveShell,
) -> None:
    told = rendered(error("ResourceInUseException"))
    assert "again in a minute" in told
    assert 'from the section "Run" on' in told


@pytest.mark.parametrize(
    "code",
    [
        "InvalidParameterValue",
        "InvalidParameterValueException",
        "InvalidAttributeValue",
        "ValidationException",
    ],
)
def test_a_value_that_aws_refuses_is_told_without_a_traceback(
    shell: InteractiveShell, code: str
) -> None:
    told = rendered(error(code))
    assert "no queue" in told
    assert told.endswith("Change it where it is set, and run the cell again.")
    assert "Traceback" not in told


def test_a_value_that_boto3_refuses_is_told_likewise(shell: InteractiveShell) -> None:
    refused = ParamValidationError(report="MaximumRetryAttempts: -1, valid min value: 0")
    told = "\n".join(refused._render_traceback_())
    assert "MaximumRetryAttempts: -1" in told
    assert told.endswith("run the cell again.")


def test_any_other_error_of_aws_keeps_its_traceback(shell: InteractiveShell) -> None:
    told = rendered(error("AccessDenied"))
    assert "AccessDenied" in told
    assert "Traceback" in told
    assert "from the section" not in told


def test_an_error_is_shown_as_it_is_where_no_help_is_possible(
    shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(NOTEBOOK_VARIABLE)
    assert "no queue" in rendered(error("ResourceNotFoundException"))


def test_what_the_stacks_made_is_deployed_again_before_cells_are_run() -> None:
    # Given a deleted stack: without it the first cells would meet nothing either
    account = Target("aws", profile="mine", region="eu-west-1", account="123456789012")
    told = remedy(code_cells(WITHOUT), account)
    assert 0 < told.index(f"`{start_command(account, 'deploy')}`") < told.index("Run All Above")
    # On the embedded AWS `connect()` does it
    assert "deploy" not in remedy(code_cells(WITHOUT), Target())
    assert not is_gone(error("ThrottlingException"))


def test_a_stack_is_gone_where_cloudformation_says_so() -> None:
    # Its code is that of any wrong argument
    for message, is_so in (("Stack with id X does not exist", True), ("1 error detected", False)):
        answer = {"Error": {"Code": "ValidationError", "Message": message}}
        assert is_gone(ClientError(answer, "DescribeStacks")) is is_so


@pytest.mark.parametrize("cells", [EXPERIMENT, WITHOUT])
def test_where_no_jupyterlab_is_open_no_menu_is_named(
    cells: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "menu" in remedy(code_cells(cells), Target())
    monkeypatch.setenv(UNATTENDED_VARIABLE, "1")
    told = remedy(code_cells(cells), Target())
    assert "menu" not in told
    assert "run the notebook from" in told
