"""A removal takes what is ours and nothing else, whatever it is called and however it is tagged."""

import json
from pathlib import Path
from typing import Any

import pytest

import workshop
from tests.scenarios.account import TRUST
from tests.scenarios.timing import PROPAGATION_S
from workshop import cleanup, workbench
from workshop.lab import Lab
from workshop.stacks import deployment, ownership, sweep
from workshop.stacks.kinds import KINDS

# Names that begin as ours do, of somebody else.
LOOKALIKE = "FailureWorkshop-SqsDlq-billing-prod"
TEMPORARY = "FailureWorkshop-Temp-billing-prod"


def lookalike_tags(lab: Lab) -> list[dict[str, str]]:
    """No tags, those that everybody can copy, and the id of another deployment."""
    about = dict([ownership.ABOUT])
    return [{}, about, about | {ownership.DEPLOYMENT: "0" * 32}]


def pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def somebody_elses(lab: Lab) -> set[str]:
    """One resource of every kind under names like ours, with each kind of tags; their names."""
    made = set()
    role = billing_role(lab)
    for number, tags in enumerate(lookalike_tags(lab)):
        for stem in (LOOKALIKE, TEMPORARY):
            name = f"{stem}-{number}"
            made |= {name, f"/aws/lambda/{name}"}
            lab.client("sqs").create_queue(QueueName=name, tags=tags)
            lab.client("sns").create_topic(Name=name, Tags=pairs(tags))
            lab.client("logs").create_log_group(
                logGroupName=f"/aws/lambda/{name}", **({"tags": tags} if tags else {})
            )
            lab.client("iam").create_role(
                RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST), Tags=pairs(tags)
            )
            lab.client("dynamodb").create_table(
                TableName=name,
                AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
                KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
                BillingMode="PAY_PER_REQUEST",
                Tags=pairs(tags),
            )
            lab.client("cloudwatch").put_metric_alarm(
                AlarmName=name, MetricName="m", Namespace="n", Period=60, Threshold=1,
                EvaluationPeriods=1, ComparisonOperator="GreaterThanThreshold", Statistic="Sum",
                Tags=pairs(tags),
            )  # fmt: skip
            lab.client("lambda").create_function(
                FunctionName=name, Runtime="python3.13", Handler="h.h", Role=role, Tags=tags,
                Code={"ZipFile": workbench.package("orders")},
            )  # fmt: skip
            lab.client("cloudformation").create_stack(
                StackName=name,
                TemplateBody=json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}),
                Tags=pairs(tags),
            )
    lab.clock.sleep(5)
    for number, tags in enumerate(lookalike_tags(lab)):
        name = f"{LOOKALIKE}-{number}"
        arn = f"arn:aws:sqs:{lab.session.region}:{lab.session.account()}:{name}"
        lab.client("lambda").create_event_source_mapping(
            EventSourceArn=arn, FunctionName=name, Tags=tags
        )
        lab.client("sns").subscribe(
            TopicArn=arn.replace(":sqs:", ":sns:"), Protocol="sqs", Endpoint=arn
        )
    return made


def billing_role(lab: Lab) -> str:
    """A role of the other application, with which its function may poll its queue."""
    iam, service = lab.client("iam"), {"Service": "lambda.amazonaws.com"}
    trust = {"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}
    may = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}
    arn: str = iam.create_role(
        RoleName="billing", AssumeRolePolicyDocument=json.dumps(TRUST | {"Statement": [trust]})
    )["Role"]["Arn"]
    document = json.dumps(TRUST | {"Statement": [may]})
    iam.put_role_policy(RoleName="billing", PolicyName="may", PolicyDocument=document)
    lab.clock.sleep(PROPAGATION_S)
    return arn


def names(found: Any) -> set[str]:
    return {end for one in found for end in one.name.split(" → ")}


def test_lookalikes_of_every_kind_are_left_alone(lab: Lab) -> None:
    # Given resources of another application, of every kind, that are called as ours are
    theirs = somebody_elses(lab)
    found = cleanup.look(lab)
    assert {one.kind for one in found.others} == {kind.name for kind in KINDS}
    assert names(found.others) >= theirs
    # When ours are removed
    bench = workbench.Bench(lab, "mine")
    bench.behind_queue("q")
    report = cleanup.tear_down(lab, "yes", on_progress=lambda _: None)
    # Then nothing of ours is left, and all of theirs
    assert report.left == []
    after = cleanup.look(lab)
    assert set(after.others) == set(found.others)
    assert not names(report.removed) & theirs
    deployment.deploy(lab.session, on_progress=lambda _: None)


def test_an_experiment_that_clears_up_leaves_the_stacks_as_they_are(lab: Lab) -> None:
    # Given the stacks, of which the tagging service knows the table at least
    before = {one for one in cleanup.look(lab).ours if not one.name.startswith(bench_prefix(lab))}
    assert any(one.kind == "DynamoDB table" for one in before)
    # When an experiment removes what it has made
    bench = workbench.Bench(lab, "own")
    bench.queue("q")
    # Then it is that, and nothing of the stacks, though all of it carries one id
    assert bench.clear() == "1 temporary resources removed, 0 left"
    assert set(cleanup.look(lab).ours) >= before


def bench_prefix(lab: Lab) -> str:
    return workbench.prefix_of(lab.session.target)


def test_what_something_foreign_depends_on_is_left_and_said(lab: Lab) -> None:
    # Given temporary resources, and another application that came to use them
    bench = workbench.Bench(lab, "shared")
    rig = bench.behind_queue("q")
    dlq_url = rig.ends["source queue's DLQ"]
    used = bench.queue("used")
    theirs = lab.client("sqs").create_queue(
        QueueName="billing",
        Attributes={
            "RedrivePolicy": json.dumps({"deadLetterTargetArn": used.arn, "maxReceiveCount": 3})
        },
    )["QueueUrl"]
    topic = lab.client("sns").create_topic(Name="billing")["TopicArn"]
    heard = bench.queue("heard")
    lab.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=heard.arn)
    # When they are cleared
    told = bench.clear()
    # Then what the other application uses stays, and the sentence says who uses it
    assert "2 left" in told
    assert "redrive policy of queue billing" in told
    assert "subscription of topic billing" in told
    assert {one.handle for one in bench.left()} == {used.url, heard.url}
    assert dlq_url not in {one.handle for one in bench.left()}
    # And once nobody uses them they go
    lab.client("sqs").delete_queue(QueueUrl=theirs)
    lab.client("sns").delete_topic(TopicArn=topic)
    assert bench.clear().endswith("0 left")


def test_what_a_stack_recorded_is_ours_without_any_tag(lab: Lab) -> None:
    # Given a function's log group that came back after its stack was deleted
    group = lab.outputs("SqsDlq").LogGroupName
    deployment.destroy(lab.session, on_progress=lambda _: None)
    lab.client("logs").create_log_group(logGroupName=group)
    # When a removal that was killed is run again, by another process
    assert [one.handle for one in cleanup.found(lab)] == [group]
    sweep.delete(lab.session, cleanup.look(lab).deletable)
    assert cleanup.found(lab) == []
    deployment.deploy(lab.session, on_progress=lambda _: None)


def test_another_machine_learns_the_id_from_the_stacks(lab: Lab, tmp_path_factory: Any) -> None:
    # Given a machine that has never deployed
    deployment.deploy(lab.session, on_progress=lambda _: None)
    here = ownership.deployment_of(lab.session)
    state, lab.session.state = lab.session.state, tmp_path_factory.mktemp("elsewhere")
    try:
        assert ownership.deployment_of(lab.session) == here
    finally:
        lab.session.state = state


def test_a_folder_that_knows_nothing_says_so(lab: Lab, tmp_path_factory: Any) -> None:
    # Given leftovers whose stacks are gone, and a folder that has not deployed them
    bench = workbench.Bench(lab, "forgotten")
    bench.queue("q")
    deployment.destroy(lab.session, on_progress=lambda _: None)
    state, lab.session.state = lab.session.state, tmp_path_factory.mktemp("elsewhere")
    try:
        found = cleanup.look(lab)
        assert (found.ours, found.is_known) == ((), False)
        assert [one.name for one in found.others if one.name.startswith(bench.prefix)]
        # A look makes nobody the owner
        assert not cleanup.look(lab).is_known
    finally:
        lab.session.state = state
    # But the folder that did knows them
    assert cleanup.look(lab).is_known
    assert bench.clear().endswith("0 left")
    deployment.deploy(lab.session, on_progress=lambda _: None)


def test_an_experiment_in_a_folder_that_never_deployed_begins_with_the_stacks_id(
    lab: Lab, tmp_path_factory: Any
) -> None:
    # Given stacks, an experiment's leftover, and a folder of another machine
    left = workbench.Bench(lab, "older").queue("q")
    state, lab.session.state = lab.session.state, tmp_path_factory.mktemp("elsewhere")
    try:
        # When the first thing that is done there is an experiment, then it has the same id
        bench = workbench.Bench(lab, "older")
        assert bench.tags[ownership.DEPLOYMENT] == ownership.deployment_of(lab.session).id
        assert left.url in {one.handle for one in bench.left()}
        assert bench.clear().endswith("0 left")
    finally:
        lab.session.state = state


def test_an_experiment_without_stacks_does_not_make_older_leftovers_somebody_elses(
    lab: Lab, tmp_path_factory: Any
) -> None:
    # Given a leftover whose stacks are gone
    older = workbench.Bench(lab, "older").queue("q")
    deployment.destroy(lab.session, on_progress=lambda _: None)
    state, lab.session.state = lab.session.state, tmp_path_factory.mktemp("elsewhere")
    try:
        # When an experiment begins in a folder that does not know them
        bench = workbench.Bench(lab, "newer")
        made = bench.queue("q")
        # Then its own resource is its own, and of the other nothing is claimed
        found = cleanup.look(lab)
        assert {one.handle for one in found.ours} == {made.url}
        assert older.url in {one.handle for one in found.others}
        assert "nothing tells whose they are" in found.doubt
        # And when the other machine deploys, then the experiment is still ours here
        deploy_elsewhere(lab, state)
        assert ownership.deployment_of(lab.session).is_known
        assert {made.url, older.url} <= {one.handle for one in cleanup.look(lab).ours}
        assert bench.clear().endswith("0 left")
    finally:
        lab.session.state = state
    assert workbench.Bench(lab, "older").clear().endswith("0 left")


def deploy_elsewhere(lab: Lab, state: Path) -> None:
    here, lab.session.state = lab.session.state, state
    deployment.deploy(lab.session, on_progress=lambda _: None)
    lab.session.state = here


def test_a_subscription_to_another_accounts_queue_is_not_ours(lab: Lab) -> None:
    # Given a topic of ours to which somebody subscribed a queue of another account
    bench = workbench.Bench(lab, "crossing")
    rig = bench.behind_topic("t")
    elsewhere = f"arn:aws:sqs:{lab.session.region}:999999999999:{bench.prefix}q"
    made = lab.client("sns").subscribe(
        TopicArn=rig.source, Protocol="sqs", Endpoint=elsewhere, ReturnSubscriptionArn=True
    )["SubscriptionArn"]
    # When the experiment is cleared, then the topic stays for those who use it
    assert "subscription of topic" in bench.clear()
    assert rig.source in {one.handle for one in bench.left()}
    lab.client("sns").unsubscribe(SubscriptionArn=made)
    assert bench.clear().endswith("0 left")


def test_every_resource_of_the_stacks_carries_the_id_that_can(lab: Lab) -> None:
    found = cleanup.look(lab)
    untagged = {
        (kind.name, one.name)
        for kind in KINDS
        if kind.tags is not None
        for one in found.ours
        if one.kind == kind.name
        and kind.tags(lab.session, one).get(ownership.DEPLOYMENT)
        != ownership.deployment_of(lab.session).id
    }
    assert untagged == set()


def test_a_stranger_cannot_be_called_as_parts_of_ours_are() -> None:
    for taken in ("Temp", "temp", "SqsDlq", "LAMBDADLQ"):
        with pytest.raises(workshop.WorkshopError, match="cannot be called"):
            workshop.Target(participant=taken)


def test_the_longest_name_of_a_participant_fits_everywhere(lab: Lab) -> None:
    # Given a participant whose name has as many letters as are allowed
    target = workshop.Target(participant="a" * 20)
    bench = workbench.Bench(lab, "gallery")
    bench.prefix = workbench.prefix_of(target, "gallery")
    made = {bench.name(f"a-long-story-{number}") for number in range(20)}
    # Then functions and roles can be called so, and no two are called alike
    assert len(made) == 20
    assert max(map(len, made)) <= 64
    assert all(name.startswith(bench.prefix) for name in made)
