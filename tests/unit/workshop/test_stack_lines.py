"""Progress of stacks: what events come to, and how it is shown with and without a terminal."""

import io
import re

import pytest

from workshop.cli.stack_lines import StackLines
from workshop.stacks.activity import STACK, StackEvent, StackProgress, progress
from workshop.stacks.cdk_lines import CdkLines

A, B = "FailureWorkshop-SqsDlq", "FailureWorkshop-Repair"


class Terminal(io.StringIO):
    """What somebody sees: escape codes that move up and clear are followed."""

    def isatty(self) -> bool:
        return True

    def seen(self) -> list[str]:
        lines: list[str] = []
        for part in re.split(r"(\x1b\[\d+A\r\x1b\[J)", self.getvalue()):
            if up := re.match(r"\x1b\[(\d+)A", part):
                del lines[-int(up[1]) :]
            else:
                lines += part.splitlines()
        return lines


def events(*rows: tuple[str, str, str]) -> list[StackEvent]:
    return [StackEvent(resource, kind, status) for resource, kind, status in rows]


def test_how_far_a_stack_is_and_what_is_waited_for() -> None:
    found = progress(
        A,
        events(
            (A, STACK, "CREATE_IN_PROGRESS"),
            ("Queue12345678", "AWS::SQS::Queue", "CREATE_IN_PROGRESS"),
            ("Role12345678", "AWS::IAM::Role", "CREATE_IN_PROGRESS"),
            ("Queue12345678", "AWS::SQS::Queue", "CREATE_COMPLETE"),
        ),
        total=7,
    )
    assert (found.count, found.told) == ("1/7", "Role Role, until IAM knows it everywhere")
    assert not found.has_ended


def test_events_of_one_moment_are_told_in_any_order() -> None:
    found = progress(
        A,
        events(
            ("Queue", "AWS::SQS::Queue", "CREATE_COMPLETE"),
            ("Queue", "AWS::SQS::Queue", "CREATE_IN_PROGRESS"),
            (A, STACK, "CREATE_COMPLETE"),
            (A, STACK, "CREATE_IN_PROGRESS"),
        ),
        total=1,
    )
    assert (found.count, found.told) == ("1/1", "done")


def test_a_failure_is_its_cause_and_not_what_was_cancelled_because_of_it() -> None:
    found = progress(
        A,
        [
            StackEvent("Topic", "AWS::SNS::Topic", "CREATE_FAILED", "Resource creation cancelled"),
            StackEvent("Role", "AWS::IAM::Role", "CREATE_FAILED", "Not authorized."),
            StackEvent(A, STACK, "ROLLBACK_COMPLETE", "The following failed to create: [Role]"),
        ],
    )
    assert found.failure == "Role (AWS::IAM::Role): Not authorized."
    # And the command's last word names it, so its line does not
    assert found.told == "failed"
    assert found.has_ended
    assert found.stuck == ("Topic", "Role")


def test_the_lines_of_the_cdk_cli() -> None:
    told: list[StackProgress] = []
    lines = CdkLines(told.append)
    for line in (
        f"{A}: deploying... [1/7]",
        f"{A} |  0/12 | 5:56:57 PM | CREATE_IN_PROGRESS   | {STACK} | {A} User Initiated",
        f" {A} |  0/12 | 17:56:57 | CREATE_IN_PROGRESS   | AWS::SQS::Queue  | Queue (QueueE809DF0)",
        f"{A} |  0/12 | 5:56:57 PM | CREATE_FAILED        | AWS::SQS::Queue  "
        "| Queue (QueueE809DF0) The name (billing) is | taken.",
        f"{A} |  0/12 | 5:56:57 PM | ROLLBACK_COMPLETE    | {STACK} | {A}",
    ):
        lines.take(line)
    assert [one.status for one in told] == [*["CREATE_IN_PROGRESS"] * 3, "ROLLBACK_COMPLETE"]
    assert told[1].busy[0].resource == "QueueE809DF0"
    # The CLI counts the stack as well
    assert told[1].total == 11
    [failed] = lines.failed()
    assert failed.failure == "QueueE809DF0 (AWS::SQS::Queue): The name (billing) is | taken."


def cdk_line(name: str, time: str, status: str) -> str:
    return f"{name} |  0/7 | {time} | {status}   | {STACK} | {name}"


@pytest.mark.parametrize(
    ("began", "ended", "told"),
    [
        ("5:56:57 PM", "5:57:38 PM", "41 s"),
        ("11:59:50 AM", "12:00:05 PM", "15 s"),
        ("23:59:50", "0:00:05", "15 s"),
        ("17.56.57", "17.56.57", "less than 1 s"),
    ],
)
def test_stacks_side_by_side_took_as_long_as_aws_says(began: str, ended: str, told: str) -> None:
    # Given lines of which many are written at once, long after what they tell
    terminal = Terminal()
    lines = CdkLines(StackLines(terminal, lambda: 0.0).stack)
    for time, status in ((began, "CREATE_IN_PROGRESS"), (ended, "CREATE_COMPLETE")):
        for name in (A, B):
            lines.take(cdk_line(name, time, status))
    # Then each has its time, and not that between two lines
    assert [line.partition("done ")[2] for line in terminal.seen()] == [f"({told})"] * 2


def test_where_no_time_is_told_it_is_as_it_was_seen() -> None:
    terminal, now_s = Terminal(), [0.0]
    lines = CdkLines(StackLines(terminal, lambda: now_s[0]).stack)
    lines.take(cdk_line(A, "soon", "CREATE_IN_PROGRESS"))
    now_s[0] = 9.0
    lines.take(cdk_line(A, "later", "CREATE_COMPLETE"))
    assert terminal.seen()[0].endswith("done (9 s)")


def test_a_stack_that_needs_no_change_is_done() -> None:
    told: list[StackProgress] = []
    lines = CdkLines(told.append)
    lines.take(f" ✅  {A} (no changes)")
    assert [(one.name, one.told) for one in told] == [(A, "done")]
    assert lines.unchanged == {A}
    assert lines.failed() == []


def test_the_time_of_a_stack_that_is_done_stands() -> None:
    terminal, now_s = Terminal(), [0.0]
    lines = StackLines(terminal, lambda: now_s[0])
    lines.stack(StackProgress(A, "CREATE_IN_PROGRESS", 3, 11))
    now_s[0] = 12.0
    # Given one whose last event is told after its end
    lines.stack(StackProgress(A, "CREATE_COMPLETE", 10, 11))
    # When the other one needs longer
    now_s[0] = 40.0
    lines.stack(StackProgress(B, "CREATE_IN_PROGRESS", 3, 11))
    # Then the first one took as long as it did, for all of it
    assert terminal.seen()[0].endswith("11/11  done (12 s)")


def test_a_terminal_has_one_line_for_each_stack_below_what_stays() -> None:
    terminal = Terminal()
    lines = StackLines(terminal, iter(range(100)).__next__)
    lines.step("deploying")
    for name in (A, B):
        lines.stack(StackProgress(name))
    lines.stack(StackProgress(A, "CREATE_IN_PROGRESS", 3, 11))
    lines.step("interrupted: it goes on")
    lines.stack(StackProgress(A, "CREATE_COMPLETE", 11, 11))
    lines.step(f"deployed {A}")
    seen = terminal.seen()
    assert seen[:2] == ["  deploying", "  interrupted: it goes on"]
    assert [line.split()[0] for line in seen[2:]] == [A, B]
    assert re.search(r"11/11  done \(\d+ s\)$", seen[2])
    assert seen[3].endswith("waiting")


def test_a_line_never_wraps_on_a_terminal() -> None:
    terminal = Terminal()
    lines = StackLines(terminal)
    lines.stack(StackProgress(A, "ROLLBACK_IN_PROGRESS", failure="because " * 50))
    assert max(map(len, terminal.seen())) < 80
    # And what is written over is all that was written
    lines.stack(StackProgress(A, "ROLLBACK_COMPLETE", 3, 11))
    assert len(terminal.seen()) == 1


def test_a_cause_is_not_cut_at_the_width_of_a_terminal() -> None:
    terminal = Terminal()
    cause = "Queue (AWS::SQS::Queue): " + "the role may not delete it and neither may you, " * 2
    StackLines(terminal).stack(StackProgress(A, "DELETE_IN_PROGRESS", failure=cause.strip()))
    assert " ".join(" ".join(terminal.seen()).split()).endswith(cause.strip())


def test_a_log_gets_few_lines_and_none_is_long_awaited() -> None:
    log, now_s = io.StringIO(), [0.0]
    lines = StackLines(log, lambda: now_s[0])
    lines.stack(StackProgress(A))
    # When thirty things happen in thirty seconds, and then nothing does for half a minute
    for second in range(60):
        now_s[0] += 1
        lines.stack(StackProgress(A, "CREATE_IN_PROGRESS", min(second, 30), 40))
    lines.stack(StackProgress(A, "CREATE_COMPLETE", 40, 40))
    lines.stack(StackProgress(A, "CREATE_COMPLETE", 40, 40))
    # Then the beginning, a sign of life every five seconds and the end are told, in full
    counts = [line.split(maxsplit=2)[1] for line in log.getvalue().splitlines()]
    signs = [f"{min(second, 30)}/40" for second in range(0, 60, 5)]
    assert counts == [*signs, "40/40"]
    assert "\x1b" not in log.getvalue()


def test_of_several_stacks_one_gives_the_sign_of_life() -> None:
    log, now_s = io.StringIO(), [0.0]
    lines = StackLines(log, lambda: now_s[0])
    for _ in range(2):
        for name in (A, B):
            lines.stack(StackProgress(name, "DELETE_IN_PROGRESS", 3, 11))
    now_s[0] = 5.0
    for name in (A, B):
        lines.stack(StackProgress(name, "DELETE_IN_PROGRESS", 3, 11))
    assert [line.split()[0] for line in log.getvalue().splitlines()] == [A, B, A]


def test_a_stack_that_was_made_before_has_no_time() -> None:
    terminal = Terminal()
    lines = StackLines(terminal, iter(range(100)).__next__)
    lines.stack(StackProgress(A))
    lines.stack(StackProgress(A, "UPDATE_COMPLETE"))
    assert terminal.seen()[0].endswith("done")
    # But one that is seen at work afterwards has
    lines.stack(StackProgress(A, "UPDATE_IN_PROGRESS", 0, 3))
    lines.stack(StackProgress(A, "UPDATE_COMPLETE", 3, 3))
    assert re.search(r"done \(\d+ s\)$", terminal.seen()[0])


def test_a_line_that_is_not_about_a_stack_is_for_whoever_reads() -> None:
    lines = CdkLines(lambda _: None)
    assert lines.take(f"CDKToolkit | 1/12 | 5:56:57 PM | CREATE_IN_PROGRESS | {STACK} | CDKToolkit")
    assert not lines.take(" ✅  Environment aws://1/us-east-1 bootstrapped.")
