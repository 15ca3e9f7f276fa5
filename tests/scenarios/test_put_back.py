"""Whatever a lesson left changed is named at the next connect, and put back by one call."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

import workshop
from tests.policies import user
from tests.policies.table import document
from workshop import cleanup, connection, cost, prices
from workshop.drift import comparison
from workshop.drift.comparison import Compared
from workshop.drift.notice import Drift
from workshop.errors import WaitTimeoutError
from workshop.lab import Lab
from workshop.target import embedded
from workshop.target.commands import remaking
from workshop.target.run_state import RunState
from workshop.target.target import PATTERNS, PROJECT

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
RETENTION_IN_EFFECT_S = 900


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("project")


@pytest.fixture(scope="module")
def lab(project: Path, lateness: int | None) -> Iterator[Lab]:
    """A lab on an embedded AWS of its own, with the patterns deployed."""
    with pytest.MonkeyPatch.context() as patch, embedded.own(project, lateness=lateness):
        patch.setattr(connection, "PROJECT", project)
        yield workshop.connect()


@pytest.fixture(autouse=True)
def as_deployed(lab: Lab) -> Iterator[None]:
    """However a test ends, the next one begins with what was deployed."""
    yield
    lab.put_back()


def queue(lab: Lab, **attributes: str) -> None:
    url = lab.outputs("SqsDlq").SourceQueueUrl
    lab.client("sqs").set_queue_attributes(QueueUrl=url, Attributes=attributes)


def mapping(lab: Lab, **changes: Any) -> None:
    uuid = lab.outputs("PartialBatches").EventSourceMappingId
    lab.client("lambda").update_event_source_mapping(UUID=uuid, **changes)


def function(lab: Lab, pattern: str, **changes: Any) -> None:
    name = lab.outputs(pattern).FunctionName
    lab.client("lambda").update_function_configuration(FunctionName=name, **changes)


def fewer_receives(lab: Lab) -> None:
    url = lab.outputs("SqsDlq").SourceQueueUrl
    found = lab.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])
    policy = json.loads(found["Attributes"]["RedrivePolicy"]) | {"maxReceiveCount": 1}
    queue(lab, RedrivePolicy=json.dumps(policy))


def no_queue_policy(lab: Lab) -> None:
    url = lab.outputs("LambdaDlq").SubscriptionDlqUrl
    lab.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})


def open_queue_policy(lab: Lab) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    queue(lab, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def no_retries(lab: Lab) -> None:
    name = lab.outputs("LambdaDlq").FunctionName
    client = lab.client("lambda")
    client.put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=0)


def no_invoke_config(lab: Lab) -> None:
    name = lab.outputs("LambdaDestinations").FunctionName
    lab.client("lambda").delete_function_event_invoke_config(FunctionName=name)


def reserve(lab: Lab) -> None:
    name = lab.outputs("SqsDlq").FunctionName
    client = lab.client("lambda")
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)


def forbid_sns(lab: Lab) -> None:
    name, client = lab.outputs("LambdaDlq").FunctionName, lab.client("lambda")
    for one in json.loads(client.get_policy(FunctionName=name)["Policy"])["Statement"]:
        client.remove_permission(FunctionName=name, StatementId=one["Sid"])


def subscription(lab: Lab, name: str, value: str) -> None:
    topic = lab.outputs("LambdaDlq").TopicArn
    [one] = lab.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    lab.client("sns").set_subscription_attributes(
        SubscriptionArn=one["SubscriptionArn"], AttributeName=name, AttributeValue=value
    )


def open_topic(lab: Lab) -> None:
    lab.client("sns").add_permission(
        TopicArn=lab.outputs("LambdaDlq").TopicArn,
        Label="everybody",
        AWSAccountId=["000000000000"],
        ActionName=["Publish"],
    )


def other_role(lab: Lab) -> None:
    client = lab.client("lambda")
    name = lab.outputs("LambdaDlq").FunctionName
    role = client.get_function_configuration(FunctionName=name)["Role"]
    function(lab, "SqsDlq", Role=role)


def patient_alarm(lab: Lab) -> None:
    client, name = lab.client("cloudwatch"), lab.outputs("SqsDlq").AlarmName
    [alarm] = client.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    kept = ("AlarmName", "MetricName", "Namespace", "Period", "Statistic", "Dimensions")
    kept += ("EvaluationPeriods", "ComparisonOperator", "TreatMissingData", "AlarmActions")
    client.put_metric_alarm(**{key: alarm[key] for key in kept}, Threshold=50)


SOURCE = "SqsDlq, source queue"
MAPPING = "PartialBatches, event source mapping"
# What a lesson changes -> what the next one to connect reads.
CHANGES: dict[str, tuple[Callable[[Lab], None], list[str]]] = {
    "visibility": (
        lambda lab: queue(lab, VisibilityTimeout="5"),
        [f"{SOURCE}: VisibilityTimeout is 5 s, the stack says 30 s"],
    ),
    "retention and delay": (
        lambda lab: queue(lab, MessageRetentionPeriod="60", DelaySeconds="7"),
        [
            f"{SOURCE}: DelaySeconds is 7 s, the stack says 0 s",
            f"{SOURCE}: MessageRetentionPeriod is 60 s, the stack says 345600 s",
        ],
    ),
    "receives": (
        fewer_receives,
        [f"{SOURCE}: RedrivePolicy maxReceiveCount is 1, the stack says 3"],
    ),
    "no queue policy": (no_queue_policy, ["LambdaDlq, subscription's DLQ: Policy is none"]),
    "open queue policy": (open_queue_policy, [f"{SOURCE}: Policy is Action sqs:sendmessage"]),
    "batches": (
        lambda lab: mapping(lab, BatchSize=3, MaximumBatchingWindowInSeconds=0),
        [
            f"{MAPPING}: BatchSize is 3, the stack says 10",
            f"{MAPPING}: MaximumBatchingWindowInSeconds is 0 s, the stack says 2 s",
        ],
    ),
    "response types": (
        lambda lab: mapping(lab, FunctionResponseTypes=[]),
        [f"{MAPPING}: FunctionResponseTypes is none, the stack says ReportBatchItemFailures"],
    ),
    "filter and scaling": (
        lambda lab: mapping(
            lab,
            FilterCriteria={"Filters": [{"Pattern": '{"body": {"pass": [true]}}'}]},
            ScalingConfig={"MaximumConcurrency": 2},
        ),
        [
            f"{MAPPING}: FilterCriteria is body pass True, the stack says none",
            f"{MAPPING}: ScalingConfig is 2, the stack says none",
        ],
    ),
    "disabled": (
        lambda lab: mapping(lab, Enabled=False),
        [f"{MAPPING}: it is disabled, the stack says enabled"],
    ),
    "function": (
        lambda lab: function(lab, "PartialBatches", Handler="powertools_batches.report", Timeout=9),
        [
            "PartialBatches, function: Handler is powertools_batches.report, the stack says "
            "batches.report_failures",
            "PartialBatches, function: Timeout is 9 s, the stack says 5 s",
        ],
    ),
    "role": (
        other_role,
        ["SqsDlq, function: Role is arn:aws:iam::000000000000:role/"],
    ),
    "environment": (
        lambda lab: function(lab, "Repair", Environment={"Variables": {}}, MemorySize=256),
        [
            "Repair, function: Environment PAYMENTS_TABLE is none, the stack says FailureWorkshop-",
            "Repair, function: MemorySize is 256 MB, the stack says 128 MB",
        ],
    ),
    "function's DLQ and layers": (
        lambda lab: (
            function(lab, "LambdaDlq", DeadLetterConfig={"TargetArn": ""}),
            function(lab, "PartialBatches", Layers=[]),
        )[0],
        [
            "LambdaDlq, function: DeadLetterConfig is none, the stack says arn:aws:sqs:",
            "PartialBatches, function: Layers is none, the stack says ",
        ],
    ),
    "reserved concurrency": (
        reserve,
        ["SqsDlq, function: ReservedConcurrentExecutions is 0, the stack says none"],
    ),
    "retries": (
        no_retries,
        ["LambdaDlq, asynchronous invocation: MaximumRetryAttempts is 0, the stack says 2"],
    ),
    "no invoke config": (
        no_invoke_config,
        [
            "LambdaDestinations, asynchronous invocation: MaximumEventAgeInSeconds is 21600 s, the "
            "stack says 3600 s",
            "LambdaDestinations, asynchronous invocation: OnFailure is none, the stack says arn",
            "LambdaDestinations, asynchronous invocation: OnSuccess is none, the stack says arn",
        ],
    ),
    "permission": (
        forbid_sns,
        ["LambdaDlq, function's resource policy: statement is none, the stack says"],
    ),
    "subscription": (
        lambda lab: (
            subscription(lab, "FilterPolicy", '{"kind": ["order"]}'),
            subscription(lab, "RedrivePolicy", ""),
        )[0],
        [
            "LambdaDlq, subscription: FilterPolicy is kind order, the stack says none",
            "LambdaDlq, subscription: RedrivePolicy is none, the stack says deadLetterTargetArn",
        ],
    ),
    "topic policy": (
        open_topic,
        ["LambdaDlq, topic: Policy is __default_statement_ID, everybody, the stack says"],
    ),
    "alarm": (patient_alarm, ["SqsDlq, alarm: Threshold is 50, the stack says 1"]),
}


def connected_again(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What a kernel reads that connects: the settings that are named, without the remarks."""
    capsys.readouterr()
    workshop.connect(deploy=False)
    return [line.strip() for line in capsys.readouterr().err.splitlines() if line.startswith("  ")]


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_lesson_left_is_named_at_the_next_connect_and_put_back(
    lab: Lab, change: str, capsys: pytest.CaptureFixture[str]
) -> None:
    leave, named = CHANGES[change]
    # Given a lesson that changed something and never came to its end
    leave(lab)
    lab.clock.sleep(10)
    # When somebody connects, then exactly that is named
    shown = connected_again(capsys)
    assert len(shown) == len(named), shown
    for line, expected in zip(shown, named, strict=True):
        assert line.startswith(expected)
    # And nothing was changed by looking, and one call puts all of it back and says so
    assert len(lab.changed().differences) == len(named)
    done = lab.put_back()
    assert done.failed == ()
    assert [" again" in line for line in done.restored] == [True] * len(named)
    # And then nothing is left, also for whoever puts back once more
    assert connected_again(capsys) == []
    assert repr(lab.put_back()) == (
        "Everything is as the stacks say: there was nothing to put back."
    )


def test_a_kernel_that_was_killed_left_it_so(
    lab: Lab, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a kernel that is killed between a change and its restoration
    script = f"""
import pathlib, sys, time, workshop
from workshop import connection
connection.PROJECT = pathlib.Path({str(project)!r})
lab = workshop.connect(deploy=False)
out = lab.outputs("SqsDlq")
try:
    lab.client("sqs").set_queue_attributes(
        QueueUrl=out.SourceQueueUrl, Attributes={{"VisibilityTimeout": "5"}})
    print("changed", flush=True)
    time.sleep(600)
finally:
    lab.put_back()
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as kernel:
        assert kernel.stdout is not None
        assert kernel.stdout.readline() == b"changed\n"
        kernel.kill()
    # Then the next one to connect is told, and whose doing it may be
    assert connected_again(capsys) == [f"{SOURCE}: VisibilityTimeout is 5 s, the stack says 30 s"]
    told = repr(lab.changed())
    assert "another notebook is in the middle of one right now" in told
    assert "lab.put_back()" in told
    assert "VisibilityTimeout is 5 s" in lab.changed()._repr_html_()


def test_what_a_queue_goes_by_later_is_told_where_that_is_so(lab: Lab) -> None:
    is_late = bool(lab.session.lateness.longest_s)
    queue(lab, MessageRetentionPeriod="60")
    done = lab.put_back()
    for shown in (repr(done), done._repr_html_()):
        assert ("retention period up to 15 minutes later" in shown) == is_late
    # And where nothing was done with a queue there is nothing to tell
    no_retries(lab)
    assert "later" not in repr(lab.put_back())
    # Until then messages of the others here would be deleted after a minute
    if is_late:
        lab.clock.sleep(RETENTION_IN_EFFECT_S)


def test_polling_stops_and_begins_again_with_one_call_each(
    lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given mappings that poll, then a look says what that costs, and changes nothing
    told = repr(cleanup.polling(lab))
    requests = cost.idle_requests(1, days=cost.DAYS_PER_MONTH)
    usd = prices.SQS_STANDARD.of(4 * requests) + prices.SQS_FIFO.of(requests)
    assert f"That costs {prices.dollars(usd)} in 30 days on a real account" in told
    standard, fifo = (
        f"{prices.SQS_STANDARD} to standard queues",
        f"{prices.SQS_FIFO} to FIFO queues",
    )
    assert f"{standard} and {fifo}" in told
    assert not lab.changed()
    # When a lesson is over and they are stopped, then a message waits
    off = cleanup.polling(lab, "SqsDlq", on=False)
    assert (off.states, off.on) == ({"SqsDlq": "Disabled"}, [])
    out = lab.outputs("SqsDlq")
    body = '{"order_id": "between", "pass": true}'
    lab.client("sqs").send_message(QueueUrl=out.SourceQueueUrl, MessageBody=body)
    lab.clock.sleep(60)
    lab.wait_until(lambda: lab.queue_counts(out.SourceQueueUrl).visible == 1, "it waits")
    # And the next lesson is told at its beginning, and its wait says why, not for ever
    disabled = "SqsDlq, event source mapping: it is disabled, the stack says enabled"
    assert connected_again(capsys) == [disabled]
    assert "switch it on before a lesson" in repr(lab.changed())
    with pytest.raises(WaitTimeoutError, match="the event source mapping is Disabled"):
        lab.wait_until(lambda: lab.queue_counts(out.SourceQueueUrl).total == 0, "it is processed")
    # And switched on again it goes on; again is harmless
    assert cleanup.polling(lab, on=True).on == list(cleanup.polling(lab, on=True).states)
    lab.wait_until(lambda: lab.queue_counts(out.SourceQueueUrl).total == 0, "it is processed")
    assert connected_again(capsys) == []


def test_patterns_can_be_spared(lab: Lab) -> None:
    # Given one change that a lesson left, and one that somebody made on purpose
    queue(lab, VisibilityTimeout="5")
    no_retries(lab)
    # When one pattern is put back, then the other one is left
    assert len(lab.put_back("SqsDlq").restored) == 1
    assert [one.pattern for one in lab.changed()] == ["LambdaDlq"]


def test_nothing_is_told_of_stacks_that_are_as_deployed(
    lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    found = comparison.look(lab.session)
    assert found.differences == ()
    assert found.unreadable == ()
    # Each of the seven has more than ten settings.
    assert found.compared > 10 * len(PATTERNS)
    capsys.readouterr()
    workshop.connect(deploy=False)
    assert capsys.readouterr().err == ""


def test_a_look_asks_once_about_each_resource_and_nothing_twice(lab: Lab) -> None:
    asked: list[str] = []
    for service in comparison._SERVICES:
        events = lab.client(service).meta.events
        events.register("before-call", lambda model, **_: asked.append(model.name), "asked")
    lab.changed()
    for service in comparison._SERVICES:
        lab.client(service).meta.events.unregister("before-call", unique_id="asked")
    assert asked.count("GetTemplate") == asked.count("ListStackResources") == len(PATTERNS)
    assert asked.count("GetQueueAttributes") == 15
    assert asked.count("GetFunction") == 7
    assert len(asked) <= 55


def test_what_may_not_be_read_breaks_nothing_and_is_told(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a participant who may not read functions
    def refuse(**_: Any) -> Any:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetFunction")

    monkeypatch.setattr(lab.client("lambda"), "get_function", refuse)
    queue(lab, VisibilityTimeout="5")
    # When they look, then what can be read is compared, and the rest is named
    found = lab.changed()
    assert [one.setting for one in found] == ["VisibilityTimeout"]
    assert "SqsDlq, function: GetFunction says AccessDenied" in found.unreadable
    assert "Could not be compared" in repr(found)


def test_who_may_not_read_templates_connects_without_a_word(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: Any) -> Any:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetTemplate")

    monkeypatch.setattr(comparison, "_stack", refuse)
    assert connected_again(capsys) == []
    found = lab.changed()
    assert len(found.unreadable) == len(PATTERNS)
    assert "No setting was compared" in repr(found)


def test_what_may_not_be_set_is_told_and_the_rest_is_put_back(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(lab, VisibilityTimeout="5")
    no_retries(lab)

    def refuse(**_: Any) -> Any:
        told = {"Code": "AccessDenied", "Message": "not yours"}
        raise ClientError({"Error": told}, "PutFunctionEventInvokeConfig")

    with monkeypatch.context() as patch:
        patch.setattr(lab.client("lambda"), "put_function_event_invoke_config", refuse)
        done = lab.put_back()
    assert done.restored == ("SqsDlq, source queue: VisibilityTimeout was 5 s, is 30 s again",)
    [failed] = done.failed
    assert "PutFunctionEventInvokeConfig says AccessDenied: not yours" in failed
    assert "Not put back: 1" in repr(done)


def test_a_participant_gets_back_all_that_they_may_set_and_is_told_who_may_set_the_rest(
    lab: Lab, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a function with another role and other settings, and an alarm that was changed
    other_role(lab)
    lab.clock.sleep(2)
    function(lab, "SqsDlq", Timeout=9, Handler="other.handler")
    reserve(lab)
    patient_alarm(lab)
    # And somebody who may not pass the role of a stack to a function
    info = RunState(project).read()
    assert info is not None
    person = user.create(info, "puts-back")
    person.may(policy=document("participant"))
    everybodys = {service: lab.client(service) for service in comparison._SERVICES}
    for service in everybodys:
        monkeypatch.setitem(lab.session._clients, service, person.client(service))
    # When they put back, then each setting is set that they may set
    done = lab.put_back("SqsDlq")
    assert [line.split(": ")[1].split(" was")[0] for line in done.restored] == [
        "ReservedConcurrentExecutions",
        "Handler",
        "Timeout",
    ]
    # And the two others are named, with what was refused, and who may
    role, alarm = done.failed
    assert "SqsDlq, function: Role is" in role
    assert "iam:PassRole" in role
    assert "SqsDlq, alarm: Threshold is 50, the stack says 1" in alarm
    for line in done.failed:
        assert line.endswith(
            ". Who deploys may: lab.put_back() with the rights of docs/policies/instructor.json "
            "sets it."
        )
    # And that is true
    person.may(policy=document("instructor"))
    done = lab.put_back("SqsDlq")
    assert (len(done.restored), done.failed) == (2, ())


def test_a_resource_that_is_gone_is_named_so(lab: Lab) -> None:
    # Given a source queue that somebody deleted
    look = comparison.look(lab.session, ["SqsDlq"])
    assert look == Compared(compared=look.compared)
    gone = ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "x"}}, "Get")
    with pytest.MonkeyPatch.context() as patch:

        def get(**_: Any) -> Any:
            raise gone

        patch.setattr(lab.client("lambda"), "get_event_source_mapping", get)
        found, done = lab.changed("SqsDlq"), lab.put_back("SqsDlq")
    assert found.lines == ["SqsDlq, event source mapping: it is gone"]
    assert f"made anew with its stack. {remaking(lab.session.target)}." in repr(found)
    assert len(done.failed) == 1


def test_a_stack_that_is_not_there_differs_in_nothing(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        type(lab.session.target), "stack_name", lambda _, pattern: f"Absent-{pattern}"
    )
    assert not lab.changed()
    assert lab.changed().unreadable == ()


def test_a_late_target_says_that_a_queues_attributes_may_be_shown_late(lab: Lab) -> None:
    queue(lab, VisibilityTimeout="5")
    found = comparison.look(lab.session)
    assert "a minute late" in repr(Drift(found, is_late=True))
    assert "a minute late" not in repr(Drift(found))
    no_retries(lab)
    lab.put_back("SqsDlq")
    assert "a minute late" not in repr(Drift(comparison.look(lab.session), is_late=True))


def test_what_a_connect_asks_is_in_the_table_for_a_class(lab: Lab) -> None:
    lab.put_back()
    asked = lab.waits.requests.by_operation
    before = asked.copy()
    lab.changed()
    sent = asked - before
    rows = {
        "GetFunction": ("lambda.GetFunction",),
        "GetPolicy of functions": ("lambda.GetPolicy",),
        "Lambda's control plane else": (
            "lambda.GetEventSourceMapping",
            "lambda.GetFunctionEventInvokeConfig",
        ),
        "CloudFormation": ("cloudformation.GetTemplate", "cloudformation.ListStackResources"),
        "SQS (GetQueueAttributes)": ("sqs.GetQueueAttributes",),
        "SNS (GetTopicAttributes, GetSubscriptionAttributes)": (
            "sns.GetTopicAttributes",
            "sns.GetSubscriptionAttributes",
        ),
        "CloudWatch (DescribeAlarms)": ("cloudwatch.DescribeAlarms",),
    }
    page = (PROJECT / "docs" / "your-own-account.md").read_text("utf-8")
    people, seconds = 30, 60
    for name, operations in rows.items():
        number = sum(sent[one] for one in operations)
        row = next(line for line in page.splitlines() if line.startswith(f"| {name} | "))
        cells = [cell.strip() for cell in row.split("|")]
        assert (cells[2], cells[4]) == (str(number), f"{number * people / seconds:g}")
    # And nothing else is asked, but whose account it is
    named = {one for operations in rows.values() for one in operations}
    assert sent.keys() - named == {"sts.GetCallerIdentity"}
