"""CloudWatch answers alike in each of its protocols: SDKs differ in the one that they take."""

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.loaders import Loader

from tests.scenarios import owner
from tests.scenarios.account import Account

# The SDKs for Java, Go, JavaScript and Rust; boto3; the AWS CLI 1 and older SDKs.
PROTOCOLS = ("smithy-rpc-v2-cbor", "json", "query")
NAMESPACE = "Shop"
DIMENSIONS = [{"Name": "Queue", "Value": "orders"}, {"Name": "Stage", "Value": "<test> & more"}]


class _Speaking(Loader):
    """botocore's models, of which CloudWatch's knows one protocol."""

    def __init__(self, protocol: str) -> None:
        super().__init__()
        self.protocol = protocol

    def load_service_model(
        self, service_name: str, type_name: str, *given: Any, **named: Any
    ) -> Any:
        model = super().load_service_model(service_name, type_name, *given, **named)
        if (service_name, type_name) != ("cloudwatch", "service-2"):
            return model
        spoken = {"protocol": self.protocol, "protocols": [self.protocol]}
        return {**model, "metadata": {**model["metadata"], **spoken}}


@pytest.fixture(params=PROTOCOLS)
def cloudwatch(account: Account, request: pytest.FixtureRequest) -> Any:
    """A client that speaks one of the protocols."""
    session = botocore.session.get_session()
    session.register_component("data_loader", _Speaking(request.param))
    credentials = account.session.get_credentials()
    assert credentials is not None
    keys = credentials.get_frozen_credentials()
    client = boto3.Session(
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        aws_session_token=keys.token,
        region_name=account.session.region_name,
        botocore_session=session,
    ).client(
        "cloudwatch",
        endpoint_url=account.endpoint_url,
        config=Config(ignore_configured_endpoint_urls=True, parameter_validation=False),
    )
    owner.mark(client, account.run)
    assert client.meta.service_model.resolved_protocol == request.param
    return client


def test_an_alarm_keeps_the_list_that_names_its_metric(account: Account, cloudwatch: Any) -> None:
    metric = {"Namespace": NAMESPACE, "MetricName": "Errors", "Dimensions": DIMENSIONS}
    stat = {"Metric": metric, "Period": 60, "Stat": "p99.5", "Unit": "Count"}
    metrics = [{"Id": "m1", "Label": "<late> & more", "MetricStat": stat, "ReturnData": True}]
    name = account.unique("alarm")
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
        Metrics=metrics,
    )
    account.on_close(lambda: cloudwatch.delete_alarms(AlarmNames=[name]))
    [found] = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert found["Metrics"] == metrics
    assert "Namespace" not in found


def test_an_alarm_keeps_all_that_it_was_given(account: Account, cloudwatch: Any) -> None:
    topics = [account.topic(), account.topic()]
    given: dict[str, Any] = {
        "AlarmName": account.unique("alarm"),
        "AlarmDescription": "orders & <more>",
        "ActionsEnabled": False,
        "OKActions": topics[:1],
        "AlarmActions": topics,
        "InsufficientDataActions": topics[1:],
        "Namespace": NAMESPACE,
        "MetricName": "Errors",
        "Statistic": "Sum",
        "Dimensions": DIMENSIONS,
        "Period": 60,
        "Unit": "Count",
        "EvaluationPeriods": 3,
        "DatapointsToAlarm": 2,
        "Threshold": 1.5,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
    }
    account.on_close(lambda: cloudwatch.delete_alarms(AlarmNames=[given["AlarmName"]]))
    cloudwatch.put_metric_alarm(**given, Tags=[{"Key": "team", "Value": "shop"}])

    [alarm] = cloudwatch.describe_alarms(AlarmNames=[given["AlarmName"]])["MetricAlarms"]

    assert {name: alarm[name] for name in given} == given
    assert isinstance(alarm["StateUpdatedTimestamp"], datetime)
    tags = cloudwatch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
    assert {"Key": "team", "Value": "shop"} in tags


def test_points_are_put_and_read(account: Account, cloudwatch: Any) -> None:
    at = datetime.fromtimestamp(account.time.now_s() // 60 * 60 - 300, UTC)
    name = account.unique("metric")
    metric = {"MetricName": name, "Dimensions": DIMENSIONS}
    cloudwatch.put_metric_data(
        Namespace=NAMESPACE,
        MetricData=[
            {**metric, "Timestamp": at, "Value": 3, "Unit": "Count"},
            {**metric, "Timestamp": at, "Values": [1, 2.5], "Counts": [2, 1], "Unit": "Count"},
        ],
    )
    account.time.await_metrics()

    [point] = cloudwatch.get_metric_statistics(
        **metric,
        Namespace=NAMESPACE,
        StartTime=at,
        EndTime=at + timedelta(minutes=5),
        Period=60,
        Statistics=["Sum", "SampleCount", "Maximum"],
    )["Datapoints"]
    [series] = cloudwatch.get_metric_data(
        StartTime=at,
        EndTime=at + timedelta(minutes=5),
        MetricDataQueries=[
            {
                "Id": "sum",
                "MetricStat": {
                    "Metric": {**metric, "Namespace": NAMESPACE},
                    "Period": 60,
                    "Stat": "Sum",
                },
            }
        ],
    )["MetricDataResults"]

    assert (point["Timestamp"], point["Sum"], point["SampleCount"]) == (at, 7.5, 4)
    assert point["Maximum"] == 3
    assert (series["Timestamps"], series["Values"], series["Label"]) == ([at], [7.5], name)


def test_what_an_sdk_compresses_is_understood(account: Account, cloudwatch: Any) -> None:
    # Given more than 10 KB, which SDKs compress
    name = account.unique("metric")
    points = [
        {"MetricName": name, "Dimensions": [{"Name": "Order", "Value": f"{n:03}"}], "Value": n}
        for n in range(300)
    ]
    sent = []
    cloudwatch.meta.events.register("before-send", lambda request, **_: sent.append(request))
    cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=points)
    assert sent[0].headers["Content-Encoding"] in ("gzip", b"gzip")
    account.time.await_metrics()

    metrics = cloudwatch.get_paginator("list_metrics").paginate(MetricName=name)

    assert len([one for page in metrics for one in page["Metrics"]]) == len(points)


@pytest.mark.parametrize(
    ("operation", "given", "code", "told"),
    [
        ("get_dashboard", {"DashboardName": "none"}, "ResourceNotFound", "does not exist"),
        (
            "put_metric_alarm",
            {"Namespace": NAMESPACE, "MetricName": "Errors"},
            "ValidationError",
            "Value null at 'alarmName' failed to satisfy constraint: Member must not be null",
        ),
    ],
)
def test_a_refusal_has_the_same_words(
    cloudwatch: Any, operation: str, given: dict[str, Any], code: str, told: str
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(cloudwatch, operation)(**given)
    assert refused.value.response["Error"]["Code"] == code
    assert told in refused.value.response["Error"]["Message"]


@pytest.mark.embedded("AWS has it")
def test_what_is_not_here_is_named(cloudwatch: Any) -> None:
    with pytest.raises(ClientError, match="cloudwatch:ListMetricStreams is not part of") as refused:
        cloudwatch.list_metric_streams()
    assert refused.value.response["Error"]["Code"] == "NotImplemented"


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_a_value_that_is_no_finite_number_is_refused(cloudwatch: Any, value: str) -> None:
    data = [{"MetricName": "m", "Value": float(value)}]
    with pytest.raises(ClientError) as refused:
        cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=data)
    told = f"The value {value} for parameter MetricData.member.1.Value is invalid."
    error = refused.value.response["Error"]
    assert (error["Code"], error["Message"]) == ("InvalidParameterValue", told)
