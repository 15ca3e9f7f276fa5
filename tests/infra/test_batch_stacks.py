"""What the stacks of notebooks 05 and 06 deploy."""

from typing import Any

import pytest

from infra.template import Template

Stacks = dict[str, Template]
MAPPING = "AWS::Lambda::EventSourceMapping"
BATCHES = ["WholeBatches", "PartialBatches", "FifoBatches"]


@pytest.fixture(params=BATCHES)
def batches(request: pytest.FixtureRequest, stacks: Stacks) -> Template:
    return stacks[request.param]


def source_queue(stack: Template) -> dict[str, Any]:
    return stack.target(stack.the(MAPPING)["EventSourceArn"])


def dlq(stack: Template) -> dict[str, Any]:
    return stack.target(source_queue(stack)["RedrivePolicy"]["deadLetterTargetArn"])


@pytest.mark.parametrize("pattern", [*BATCHES, "Repair"])
def test_outputs_are_those_of_a_queue_with_a_dlq(stacks: Stacks, pattern: str) -> None:
    assert stacks[pattern].outputs >= {
        "SourceQueueUrl",
        "SourceQueueDlqUrl",
        "FunctionName",
        "LogGroupName",
        "EventSourceMappingId",
    }


def test_ten_messages_are_one_batch(batches: Template) -> None:
    assert batches.the(MAPPING)["BatchSize"] == 10
    assert source_queue(batches)["RedrivePolicy"]["maxReceiveCount"] == 3


def test_only_mappings_whose_function_reports_are_told_to_read_the_report(stacks: Stacks) -> None:
    told = {name: stacks[name].the(MAPPING).get("FunctionResponseTypes") for name in BATCHES}
    handlers = {name: stacks[name].the("AWS::Lambda::Function")["Handler"] for name in BATCHES}
    reported = ["ReportBatchItemFailures"]
    assert told == {"WholeBatches": None, "PartialBatches": reported, "FifoBatches": reported}
    assert handlers == {
        "WholeBatches": "batches.all_or_nothing",
        "PartialBatches": "batches.report_failures",
        "FifoBatches": "batches.report_in_order",
    }


def test_the_batching_window_fits_into_the_visibility_timeout(batches: Template) -> None:
    window_s = batches.the(MAPPING).get("MaximumBatchingWindowInSeconds", 0)
    function = batches.the("AWS::Lambda::Function")
    assert window_s + function["Timeout"] < source_queue(batches)["VisibilityTimeout"]


def test_a_fifo_queue_has_a_fifo_dlq_and_no_batching_window(stacks: Stacks) -> None:
    stack = stacks["FifoBatches"]
    assert source_queue(stack)["FifoQueue"] is dlq(stack)["FifoQueue"] is True
    assert "MaximumBatchingWindowInSeconds" not in stack.the(MAPPING)


def test_powertools_come_as_a_layer(stacks: Stacks) -> None:
    [layer] = stacks["PartialBatches"].the("AWS::Lambda::Function")["Layers"]
    assert stacks["PartialBatches"].target(layer)["CompatibleRuntimes"] == ["python3.13"]


def test_payments_are_written_to_their_table_and_nothing_else_is_allowed(stacks: Stacks) -> None:
    # Given the stack of the repair
    stack = stacks["Repair"]
    policies = stack.properties("AWS::IAM::Policy")
    statements = [s for policy in policies for s in policy["PolicyDocument"]["Statement"]]
    # Then the function may put items into its table, which goes with the stack
    [writing] = [s for s in statements if "dynamodb" in str(s["Action"])]
    assert writing["Action"] == "dynamodb:PutItem"
    [table] = stack.of_type("AWS::DynamoDB::Table")
    assert stack.target(writing["Resource"]) == table["Properties"]
    assert table["DeletionPolicy"] == "Delete"
