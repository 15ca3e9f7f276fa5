"""What the failure gallery and the clean-up show, as numbers; and that nothing is left of them."""

import re
from collections.abc import Callable
from pathlib import Path

from nbformat import NotebookNode

from tests.notebooks.running import run, shown

GALLERY, CLEAN_UP = "07-failure-gallery", "14-clean-up"


def test_the_gallery_shows_what_aws_does_twice_in_one_kernel(
    rehearsed: Callable[[str], NotebookNode],
) -> None:
    notebook = rehearsed(GALLERY)
    for again in ("", "-again"):

        def card(name: str, again: str = again) -> str:
            return shown(notebook, f"card-{name}{again}")[0]

        assert "3 times, 0, 30, 60 s" in card("exception")
        assert "Error Type: Runtime.OutOfMemory" in card("memory")
        assert "Status: timeout" in card("timeout")
        assert "EventAgeExceeded, status code 429" in card("throttled")
        assert "ZeroReservedConcurrency" in card("throttled")
        assert "RetriesExhausted, status code 404" in card("deleted")
        assert "subscription's DLQ, after 0 s" in card("permission")
        assert "still in its queue" in card("read")
        assert "does not have permissions to call ReceiveMessage" in card("read")
        assert "ApproximateAgeOfOldestMessage up to" in card("read")
        assert "other evidence: none" not in card("read")
        assert "DeadLetterErrors 1" in card("write")
        assert "Runtime.ExitError" in card("exit")
        assert "Runtime.MarshalError" in card("answer")
        assert "no line names the message" in card("import")
        assert "RecursiveInvocationsDropped" in card("loop")
        assert "the function ran: 16 times" in card("loop")
        assert "nowhere: lost" in card("filter")
        assert "FilteredOutEventCount 1" in card("filter")
        assert "observed: 3" in shown(notebook, f"compare-lost{again}")[0]
        assert "nowhere: lost" in card("retention")
        assert "observed: 0" in shown(notebook, f"compare-throttled{again}")[0]
        assert "observed: 1" in shown(notebook, f"compare-old{again}")[0]
        # In the unit of the question, which says how many kinds there are
        assert "kinds of failure without a log line" in shown(notebook, f"compare-silent{again}")[0]
        assert "observed: 6" in shown(notebook, f"compare-silent{again}")[0]
        assert "observed: 2" in shown(notebook, f"tweak-compare{again}")[0]
        assert shown(notebook, f"clear{again}")[-1].endswith(" 0 left'")


def test_the_clean_up_is_a_dry_run_unless_somebody_says_yes(
    rehearsed: Callable[[str], NotebookNode],
) -> None:
    notebook = rehearsed(CLEAN_UP)
    assert shown(notebook, "teardown-again")[0].startswith("Dry run, nothing was touched.")
    assert "observed: 2" in shown(notebook, "compare-left")[0]


def test_a_tear_down_ends_with_0_left(project: Path) -> None:
    # When a learner says yes
    notebook = run(project, CLEAN_UP, {"teardown": 'answer = "yes"'})
    # Then everything goes, and a second look finds nothing
    told = shown(notebook, "teardown")[-1]
    assert re.search(r"^\d+ removed: CloudFormation stack: \d+; ", told)
    assert told.endswith("\n0 left")
    assert all(check.startswith("passed") for check in shown(notebook, "check"))
    # And the next connection makes the stacks anew
    again = run(project, CLEAN_UP)
    assert "deployed FailureWorkshop-SqsDlq" in shown(again, "connect")[0]
