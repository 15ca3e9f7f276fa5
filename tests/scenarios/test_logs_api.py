"""Reading logs: FilterLogEvents and Logs Insights."""

import json
import re
from itertools import pairwise
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account


def invoked(account: Account, *events: dict[str, Any]) -> tuple[str, str]:
    """A function that was invoked with these events, and its log group, which shows all of it."""
    function = account.function()
    for event in events:
        account.invoke(function, event)
    account.time.until(lambda: len(account.attempts(function)) == len(events))
    account.time.await_logs()
    return function, account.log_group(function)


def insights(account: Account, group: str, query: str) -> dict[str, Any]:
    """The complete answer of a Logs Insights query over the last hour."""
    logs, now_s = account.client("logs"), int(account.time.now_s())
    started = logs.start_query(
        logGroupName=group, startTime=now_s - 3600, endTime=now_s + 60, queryString=query
    )

    def complete() -> dict[str, Any] | None:
        answer: dict[str, Any] = logs.get_query_results(queryId=started["queryId"])
        return answer if answer["status"] == "Complete" else None

    answer: dict[str, Any] = account.time.until(complete)
    return answer


def rows(answer: dict[str, Any]) -> list[dict[str, str]]:
    return [{cell["field"]: cell["value"] for cell in row} for row in answer["results"]]


def test_events_come_in_order_of_time_page_by_page(account: Account) -> None:
    """F13, F14."""
    (function, group), logs = invoked(account, {"order": 1}, {"order": 2}), account.client("logs")
    whole = account.log_events(function)
    assert {"logStreamName", "timestamp", "message", "ingestionTime", "eventId"} <= set(whole[0])
    times = [event["timestamp"] for event in whole]
    assert times == sorted(times)
    paginator = logs.get_paginator("filter_log_events")
    pages = paginator.paginate(logGroupName=group, PaginationConfig={"PageSize": 2})
    assert [event["eventId"] for page in pages for event in page["events"]] == [
        event["eventId"] for event in whole
    ]
    filtered = account.log_events(function, filterPattern='"REPORT RequestId"')
    assert len(filtered) == 2


def test_what_filtering_refuses(account: Account) -> None:
    """F15, J70."""
    (_, group), logs = invoked(account, {"order": 1}), account.client("logs")
    cases: list[tuple[dict[str, Any], str, str]] = [
        (
            {"logGroupName": group, "limit": 10001}, "InvalidParameterException",
            "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: "
            "Member must have value less than or equal to 10000",
        ),
        (
            {"logGroupName": group, "nextToken": "no token"}, "InvalidParameterException",
            "The specified nextToken is invalid.",
        ),
        (
            {"logGroupName": group + "-missing"}, "ResourceNotFoundException",
            "The specified log group does not exist.",
        ),
    ]  # fmt: skip
    for parameters, code, message in cases:
        with pytest.raises(ClientError) as refused:
            logs.filter_log_events(**parameters)
        assert refused.value.response["Error"]["Code"] == code
        assert refused.value.response["Error"]["Message"] == message


def test_a_query_finds_lambdas_own_fields(account: Account) -> None:
    """F18, F19."""
    _, group = invoked(account, {"order": 1}, {"raise": "bad"})
    answer = insights(
        account, group, 'filter @type = "REPORT" | fields @requestId, @duration, @memorySize'
    )
    assert answer["queryLanguage"] == "CWLI"
    assert answer["statistics"]["recordsMatched"] == 2.0
    found = rows(answer)
    assert [set(row) for row in found] == [{"@requestId", "@duration", "@memorySize", "@ptr"}] * 2
    assert all(re.fullmatch(r"[\d.E]+", row["@memorySize"]) for row in found)
    # Durations exist on REPORT lines only
    answer = insights(account, group, 'filter ispresent(@duration) and @type != "REPORT"')
    assert answer["results"] == []


def test_the_retries_of_an_event_from_its_log(account: Account) -> None:
    """C7, F20."""
    function = account.function()
    request_id = account.invoke_event(function, {"raise": "bad"})
    account.time.until(lambda: len(account.attempts(function)) == 3)
    account.time.until(lambda: account.attempts(function)[2].lines[-1].startswith("REPORT"))
    answer = insights(
        account,
        f"/aws/lambda/{function}",
        f'filter @requestId = "{request_id}" and @type = "START" '
        "| fields toMillis(@timestamp) as at | sort @timestamp asc",
    )
    times_s = [float(row["at"]) / 1000 for row in rows(answer)]
    first_s, second_s = (after - before for before, after in pairwise(times_s))
    assert 55 <= first_s <= 70
    assert 100 <= second_s <= 130


def test_a_query_on_a_missing_group_is_refused(account: Account) -> None:
    """F17, J71."""
    logs, now_s = account.client("logs"), int(account.time.now_s())
    with pytest.raises(ClientError) as refused:
        logs.start_query(
            logGroupName="/aws/lambda/never-made", startTime=now_s - 60, endTime=now_s,
            queryString="fields @message",
        )  # fmt: skip
    error = refused.value.response["Error"]
    assert error["Code"] == "ResourceNotFoundException"
    assert error["Message"].startswith(
        "Log group '/aws/lambda/never-made' does not exist for account ID '"
    )


def test_events_that_are_too_old_are_rejected_one_by_one(account: Account) -> None:
    """F16."""
    logs, group = account.client("logs"), account.unique("group")
    logs.create_log_group(logGroupName=group)
    account.on_close(lambda: logs.delete_log_group(logGroupName=group))
    names = {"logGroupName": group, "logStreamName": "s"}
    logs.create_log_stream(**names)
    now_ms = int(account.time.now_s() * 1000)
    day_ms = 24 * 3600 * 1000
    answer = logs.put_log_events(
        **names, logEvents=[{"timestamp": now_ms - 15 * day_ms, "message": "old"}]
    )
    assert answer["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 1}
    with pytest.raises(ClientError, match="must be in chronological order"):
        logs.put_log_events(
            **names,
            logEvents=[
                {"timestamp": now_ms, "message": "later"},
                {"timestamp": now_ms - 1000, "message": json.dumps("earlier")},
            ],
        )
