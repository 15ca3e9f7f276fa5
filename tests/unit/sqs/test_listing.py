"""Lists of queues in pages, tags, and the permissions that labels name."""

import json

import pytest

from tests.unit.sqs.world import SqsWorld, redrive_policy


@pytest.fixture
def world() -> SqsWorld:
    return SqsWorld()


def names(urls):
    return [url.rpartition("/")[2] for url in urls]


def test_queues_by_prefix_in_order_of_their_names(world):
    for name in ("b2", "a1", "b1"):
        world.queue(name)
    assert names(world.call("ListQueues")["QueueUrls"]) == ["a1", "b1", "b2"]
    assert names(world.call("ListQueues", QueueNamePrefix="b")["QueueUrls"]) == ["b1", "b2"]
    assert world.call("ListQueues", QueueNamePrefix="c") == {}


def test_pages(world):
    for n in range(5):
        world.queue(f"q{n}")
    pages, token = [], {}
    while True:
        page = world.call("ListQueues", MaxResults=2, **token)
        pages.append(names(page["QueueUrls"]))
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert pages == [["q0", "q1"], ["q2", "q3"], ["q4"]]
    assert "NextToken" not in world.call("ListQueues", MaxResults=5)


def test_pages_that_cannot_be(world):
    assert "MaxResults" in world.refused("ListQueues", MaxResults=0).message
    assert "MaxResults" in world.refused("ListQueues", MaxResults=1001).message
    assert "NextToken" in world.refused("ListQueues", NextToken="?").message


def test_the_sources_of_a_dlq(world):
    dlq = world.queue("dlq")
    answer = world.call("ListDeadLetterSourceQueues", QueueUrl=dlq.url)
    assert answer == {"queueUrls": []}
    sources = [world.queue(f"q{n}", RedrivePolicy=redrive_policy(dlq, 3)) for n in range(3)]
    page = world.call("ListDeadLetterSourceQueues", QueueUrl=dlq.url, MaxResults=2)
    assert names(page["queueUrls"]) == ["q0", "q1"]
    rest = world.call(
        "ListDeadLetterSourceQueues",
        QueueUrl=dlq.url,
        MaxResults=2,
        NextToken=page["NextToken"],
    )
    assert rest == {"queueUrls": [sources[2].url]}
    sources[0].set_attributes({"RedrivePolicy": ""})
    answer = world.call("ListDeadLetterSourceQueues", QueueUrl=dlq.url)
    assert names(answer["queueUrls"]) == ["q1", "q2"]


def test_tags(world):
    url = world.call("CreateQueue", QueueName="q", tags={"a": "1"})["QueueUrl"]
    world.call("TagQueue", QueueUrl=url, Tags={"a": "2", "b": ""})
    assert world.call("ListQueueTags", QueueUrl=url) == {"Tags": {"a": "2", "b": ""}}
    world.call("UntagQueue", QueueUrl=url, TagKeys=["a", "b", "c"])
    assert world.call("ListQueueTags", QueueUrl=url) == {}
    many = {str(n): "" for n in range(51)}
    refused = world.refused("TagQueue", QueueUrl=url, Tags=many)
    assert refused.message == "Too many tags added for queue q."


def allow(label="l", actions=("SendMessage",), accounts=("111111111111",)):
    return {"Label": label, "Actions": list(actions), "AWSAccountIds": list(accounts)}


def test_permissions_are_statements_of_the_policy(world):
    queue = world.queue()
    world.call("AddPermission", QueueUrl=queue.url, **allow())
    assert json.loads(queue.attributes["Policy"]) == {
        "Version": "2008-10-17",
        "Id": f"{queue.arn}/SQSDefaultPolicy",
        "Statement": [
            {
                "Sid": "l",
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
                "Action": "SQS:SendMessage",
                "Resource": queue.arn,
            }
        ],
    }
    world.call(
        "AddPermission",
        QueueUrl=queue.url,
        **allow("m", ("SendMessage", "ReceiveMessage"), ("111111111111", "222222222222")),
    )
    both = json.loads(queue.attributes["Policy"])["Statement"]
    assert both[1]["Action"] == ["SQS:SendMessage", "SQS:ReceiveMessage"]
    assert len(both[1]["Principal"]["AWS"]) == 2
    world.call("RemovePermission", QueueUrl=queue.url, Label="l")
    assert [s["Sid"] for s in json.loads(queue.attributes["Policy"])["Statement"]] == ["m"]
    world.call("RemovePermission", QueueUrl=queue.url, Label="m")
    assert "Policy" not in queue.attributes


@pytest.mark.parametrize(
    ("params", "code", "message"),
    [
        (
            allow(actions=["Nope"]),
            "InvalidParameterValue",
            "Value SQS:Nope for parameter ActionName is invalid. Reason: Please refer to the "
            "appropriate WSDL for a list of valid actions.",
        ),
        (
            allow(actions=["DeleteQueue"]),
            "InvalidParameterValue",
            "Value SQS:DeleteQueue for parameter ActionName is invalid. Reason: Only the queue "
            "owner is allowed to invoke this action.",
        ),
        (
            allow(actions=["SendMessage"] * 8),
            "OverLimit",
            "8 Actions were found, maximum allowed is 7.",
        ),
        (allow(actions=[]), "MissingParameter", "The request must contain the parameter Actions."),
        (allow(label=""), "MissingParameter", "The request must contain the parameter Label."),
        (
            allow(accounts=["x"]),
            "InvalidParameterValue",
            "Value [x] for parameter PrincipalId is invalid. Reason: Unable to verify.",
        ),
        (
            allow(label="there"),
            "InvalidParameterValue",
            "Value there for parameter Label is invalid. Reason: Already exists.",
        ),
    ],
)
def test_permissions_that_are_refused(world, params, code, message):
    queue = world.queue()
    world.call("AddPermission", QueueUrl=queue.url, **allow("there"))
    refused = world.refused("AddPermission", QueueUrl=queue.url, **params)
    assert (refused.query_code, refused.message) == (code, message)


def test_a_label_that_is_not_there(world):
    refused = world.refused("RemovePermission", QueueUrl=world.queue().url, Label="x")
    assert refused.message == "Value x for parameter Label is invalid. Reason: can't find label."


def test_every_operation_of_the_model_is_there(world):
    from botocore.loaders import Loader

    model = Loader().load_service_model("sqs", "service-2")
    assert set(world.operations) == set(model["operations"])
