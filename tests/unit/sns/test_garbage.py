"""SNS answers whatever it is asked; what it takes it can go on with."""

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.sns.world import FUNCTION, SnsWorld

TOPIC = "arn:aws:sns:us-east-1:111111111111:orders"
NAMES = st.sampled_from(
    (
        "Policy",
        "DeliveryPolicy",
        "DisplayName",
        "LambdaSuccessFeedbackSampleRate",
        "SignatureVersion",
        "FilterPolicy",
        "FilterPolicyScope",
        "RedrivePolicy",
        "RawMessageDelivery",
        "FifoTopic",
        "Nope",
    )
)
VALUES = st.one_of(
    st.sampled_from(
        (
            "",
            "²",
            "true",
            "MessageBody",
            "[]",
            "{}",
            "1",
            '{"Statement": 1}',
            '{"Statement": {"Sid": 1}}',
            '{"http": 1}',
            '{"healthyRetryPolicy": {"numRetries": null}, "guaranteed": []}',
            '{"throttlePolicy": 1}',
            '{"deadLetterTargetArn": 1}',
            '{"a": [{"numeric": ["<"]}]}',
            '{"$or": [{"a": [1]}, {"b": [null]}]}',
            '{"a":' * 600 + "1" + "}" * 600,
            "[" * 5000,
        )
    ),
    st.text(max_size=8),
)
ARNS = st.sampled_from(
    (TOPIC, "", "x", "http://x", "a:b:c:d:e:f", f"{TOPIC}:1", FUNCTION, "::::::")
)
CALLS = st.one_of(
    st.tuples(
        st.just("SetTopicAttributes"),
        st.fixed_dictionaries({"TopicArn": ARNS, "AttributeName": NAMES, "AttributeValue": VALUES}),
    ),
    st.tuples(
        st.just("Subscribe"),
        st.fixed_dictionaries(
            {
                "TopicArn": ARNS,
                "Protocol": st.sampled_from(("lambda", "sqs", "email", "sms", "http", "")),
                "Endpoint": st.one_of(ARNS, VALUES),
                "Attributes": st.dictionaries(NAMES, VALUES, max_size=2),
            }
        ),
    ),
    st.tuples(
        st.just("AddPermission"),
        st.fixed_dictionaries(
            {
                "TopicArn": ARNS,
                "Label": VALUES,
                "AWSAccountId": st.lists(VALUES, max_size=1),
                "ActionName": st.lists(VALUES, max_size=1),
            }
        ),
    ),
    st.tuples(
        st.just("Publish"),
        st.fixed_dictionaries(
            {
                "TopicArn": ARNS,
                "Message": VALUES,
                "MessageStructure": VALUES,
                "MessageAttributes": st.dictionaries(
                    VALUES,
                    st.fixed_dictionaries({"DataType": VALUES, "StringValue": VALUES}),
                    max_size=1,
                ),
            }
        ),
    ),
    st.tuples(st.just("CreateTopic"), st.fixed_dictionaries({"Name": VALUES})),
    st.tuples(st.just("GetTopicAttributes"), st.fixed_dictionaries({"TopicArn": ARNS})),
    st.tuples(st.just("Unsubscribe"), st.fixed_dictionaries({"SubscriptionArn": ARNS})),
    st.tuples(st.just("ListSubscriptions"), st.fixed_dictionaries({"NextToken": VALUES})),
)


@given(st.lists(CALLS, max_size=8))
def test_no_sequence_of_calls_breaks_it(calls):
    # Given a topic with a function
    world = SnsWorld()
    world.subscribe(world.topic(), FUNCTION)
    # When anything is asked of it
    for operation, params in calls:
        answer = world.sns.call(operation, **params)
        assert answer["ResponseMetadata"]["HTTPStatusCode"] < 500, (operation, params)
        world.settle()
    # Then it can still be described and published to
    assert "Attributes" in world.sns.call("GetTopicAttributes", TopicArn=TOPIC)
    assert "MessageId" in world.publish(TOPIC)
