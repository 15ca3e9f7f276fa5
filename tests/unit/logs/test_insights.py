"""Logs Insights: what each command of a query does."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localaws.logs.insights import parse_query
from localaws.words.errors import AwsError
from tests.unit.logs.world import GROUP, START_MS, STREAM, LogsWorld
from tests.unit.virtual_time import START_S

FIRST = "11111111-aaaa-4bbb-8ccc-000000000001"
SECOND = "22222222-aaaa-4bbb-8ccc-000000000002"


def run_of(request_id: str, error: str | None, init: str = "") -> list[str]:
    """The lines of one attempt."""
    report = (
        f"REPORT RequestId: {request_id}\tDuration: 3.01 ms\tBilled Duration: 114 ms\t"
        f"Memory Size: 128 MB\tMax Memory Used: 36 MB\t{init}\n"
    )
    return [
        f"START RequestId: {request_id} Version: $LATEST\n",
        f"[INFO]\t2023-11-14T22:13:20.001Z\t{request_id}\torder came\n",
        *([f"[ERROR] ValueError: {error}\nTraceback"] if error else []),
        f"END RequestId: {request_id}\n",
        report,
    ]


@pytest.fixture
def world() -> LogsWorld:
    """A request that needed three attempts, and one that needed one."""
    world = LogsWorld()
    for attempt, delay_s in enumerate((0, 60, 180)):
        error = "bad" if attempt < 2 else None
        init = "Init Duration: 110.10 ms\t" if not attempt else ""
        world.write(*run_of(FIRST, error, init), at_ms=START_MS + delay_s * 1000)
    world.write(*run_of(SECOND, None), at_ms=START_MS + 90_000, stream="other")
    return world


def test_the_retry_timeline(world: LogsWorld) -> None:
    """F20: attempts are START lines; their times are the schedule."""
    assert world.query(
        'filter @type = "START" | stats count(*) as attempts by @requestId | sort attempts desc'
    ) == [{"@requestId": FIRST, "attempts": "3"}, {"@requestId": SECOND, "attempts": "1"}]
    assert world.query(
        f'fields @timestamp | filter @type="START" and @requestId = "{FIRST}" | sort @timestamp asc'
    ) == [
        {"@timestamp": "2023-11-14 22:13:20.000"},
        {"@timestamp": "2023-11-14 22:14:20.000"},
        {"@timestamp": "2023-11-14 22:16:20.000"},
    ]


def test_fields_of_report_lines(world: LogsWorld) -> None:
    """F19: durations in milliseconds, memory in bytes, as numbers."""
    [row] = world.query(
        'filter @type = "REPORT" and ispresent(@initDuration) | display @requestId, @duration,'
        " @billedDuration, @initDuration, @memorySize, @maxMemoryUsed, @logStream, @log"
    )
    assert row == {
        "@requestId": FIRST,
        "@duration": "3.01",
        "@billedDuration": "114.0",
        "@initDuration": "110.1",
        "@memorySize": "1.28E8",
        "@maxMemoryUsed": "3.6E7",
        "@logStream": STREAM,
        "@log": f"111111111111:{GROUP}",
    }
    [row] = world.query(
        'filter @type = "REPORT" | stats max(@memorySize / 1000 / 1000) as mb,'
        " avg(@duration), sum(@billedDuration) as billed, count_distinct(@requestId) as requests"
    )
    assert row == {"mb": "128", "avg(@duration)": "3.01", "billed": "456", "requests": "2"}


def test_lines_of_the_handler_have_the_request_id_too(world: LogsWorld) -> None:
    rows = world.query(f'fields @message | filter @requestId = "{SECOND}"')
    assert len(rows) == 4


def test_without_fields_time_and_message_newest_first_with_pointers(world: LogsWorld) -> None:
    answer = world.finished("filter @message like /ERROR/")
    rows = [{cell["field"]: cell["value"] for cell in row} for row in answer["results"]]
    assert [list(row) for row in rows] == [["@timestamp", "@message", "@ptr"]] * 2
    assert [row["@timestamp"][-12:] for row in rows] == ["22:14:20.002", "22:13:20.002"]
    assert answer["statistics"]["recordsMatched"] == 2.0
    assert answer["statistics"]["recordsScanned"] == 18.0
    assert answer["queryLanguage"] == "CWLI"
    record = world.call("GetLogRecord", logRecordPointer=rows[0]["@ptr"])["logRecord"]
    assert record["@message"] == rows[0]["@message"]
    assert record["@logStream"] == STREAM


@pytest.mark.parametrize(
    ("condition", "numbers"),
    [
        ("n = 1", [1]),
        ('n = "1"', [1]),
        ("n != 1", [2, 3]),
        ("n in [1, 3]", [1, 3]),
        ("n not in [1, 3]", [2]),
        ("n >= 2 and n < 3", [2]),
        ("n = 1 or n = 3 and word = 'c'", [1, 3]),
        ("(n = 1 or n = 3) and word = 'c'", [3]),
        ("not n = 1", [2, 3]),
        ('word like "a"', [1]),
        ("word like /^[ab]$/", [1, 2]),
        ("word =~ /(?i)B/", [2]),
        ('word not like "a"', [2, 3]),
        ("ispresent(deep.list.1)", [2]),
        ("deep.list.0 = 'x' # a comment", [2]),
        ("`deep.list.0` = 'x'", [2]),
        ("n * 2 + 1 = 5", [2]),
        ("n % 2 = 1", [1, 3]),
        ("2 ^ n = 8", [3]),
        ("-n < -2", [3]),
        ("flag = 1", [1]),
        ("flag = 'false'", [2]),
        ("strlen(word) = 1 and toupper(word) = 'C'", [3]),
        ("greatest(n, 2) = 2", [1, 2]),
        ("coalesce(nope, word) = 'a'", [1]),
        ("abs(n - 3) = 2", [1]),
        ("isempty(missing) and n = 1", [1]),
    ],
)
def test_filter(condition: str, numbers: list[int]) -> None:
    world = LogsWorld()
    world.write(
        json.dumps({"n": 1, "word": "a", "flag": True}),
        json.dumps({"n": 2, "word": "b", "flag": False, "deep": {"list": ["x", "y"]}}),
        json.dumps({"n": 3, "word": "c"}),
        group="app",
    )
    rows = world.query(f"fields n | filter {condition}\n| sort n asc", "app")
    assert [int(row["n"]) for row in rows] == numbers


def test_json_behind_a_prefix_is_found_in_a_functions_log_only() -> None:
    world = LogsWorld()
    for group in (GROUP, "app"):
        world.write('[INFO]\t...\t{"order_id": "o-1", "outcome": "error"}', group=group)
    assert world.query("fields order_id") == [{"order_id": "o-1"}]
    assert world.query("fields order_id", "app") == [{}]


def test_parse_with_a_glob_and_with_named_groups(world: LogsWorld) -> None:
    assert world.query(
        'filter @message like "ERROR" | parse @message "[ERROR] *: *\nTraceback" as kind, text'
        " | display kind, text | limit 1"
    ) == [{"kind": "ValueError", "text": "bad"}]
    assert world.query(
        r"parse @message /Billed Duration: (?<billed>\d+) ms/ | stats sum(billed) as total"
    ) == [{"total": "456"}]
    # A single star takes all that is left
    assert world.query('parse "Version: *" as version | filter ispresent(version) | dedup version'
                       " | display version") == [{"version": "$LATEST\n"}]  # fmt: skip


def test_stats_by_time(world: LogsWorld) -> None:
    query = 'filter @type = "START" | stats count(*) as n by bin(2m) | sort `bin(2m)`'
    assert world.query(query) == [
        {"bin(2m)": "2023-11-14 22:12:00.000", "n": "1"},
        {"bin(2m)": "2023-11-14 22:14:00.000", "n": "2"},
        {"bin(2m)": "2023-11-14 22:16:00.000", "n": "1"},
    ]


def test_what_stats_computes() -> None:
    world = LogsWorld()
    world.write(*(json.dumps({"n": n, "w": f"w{n}"}) for n in (4, 1, 3, 2)), group="app")
    [row] = world.query(
        "stats count(*), count(nope), sum(n), avg(n), min(n), max(n), pct(n, 50), stddev(n),"
        " earliest(n), latest(w), sortsFirst(w), max(@timestamp) - min(@timestamp) as span_ms",
        "app",
    )
    assert row == {
        "count(*)": "4",
        "count(nope)": "0",
        "sum(n)": "10",
        "avg(n)": "2.5",
        "min(n)": "1",
        "max(n)": "4",
        "pct(n, 50)": "2.5",
        "stddev(n)": "1.118",
        "earliest(n)": "4",
        "latest(w)": "w2",
        "sortsFirst(w)": "w1",
        "span_ms": "3",
    }


def test_stats_of_stats(world: LogsWorld) -> None:
    assert world.query(
        'filter @type = "START" | stats count(*) as attempts by @requestId'
        " | filter attempts > 1 | stats max(attempts) as most, count(*) as retried"
    ) == [{"most": "3", "retried": "1"}]


def test_dedup_keeps_the_newest_of_each(world: LogsWorld) -> None:
    rows = world.query(
        'fields @timestamp, @requestId | filter @type = "START" | dedup @requestId'
        " | display @requestId, @timestamp"
    )
    assert rows == [
        {"@requestId": FIRST, "@timestamp": "2023-11-14 22:16:20.000"},
        {"@requestId": SECOND, "@timestamp": "2023-11-14 22:14:50.000"},
    ]


def test_limit_in_the_query_and_of_the_request(world: LogsWorld) -> None:
    assert len(world.query("fields @message | limit 3")) == 3
    assert len(world.query("fields @message", limit=2)) == 2
    # And pages of a result
    query_id = world.call(
        "StartQuery",
        logGroupName=GROUP,
        queryString="fields @message",
        startTime=0,
        endTime=int(START_S) + 900,
    )["queryId"]
    world.pass_time(1)
    first = world.call("GetQueryResults", queryId=query_id, maxItems=10)
    second = world.call("GetQueryResults", queryId=query_id, nextToken=first["nextToken"])
    assert (len(first["results"]), len(second["results"])) == (10, 8)


def test_both_bounds_are_inclusive_seconds(world: LogsWorld) -> None:
    bounds = {"startTime": int(START_S), "endTime": int(START_S)}
    assert len(world.query("fields @message", **bounds)) == 5


def test_several_groups_are_one_source(world: LogsWorld) -> None:
    world.write("hello", group="app", at_ms=START_MS + 1)
    answer = world.call(
        "StartQuery",
        logGroupIdentifiers=[GROUP, "arn:aws:logs:us-east-1:111111111111:log-group:app"],
        queryString="stats count(*) as n by @log",
        startTime=0,
        endTime=int(START_S) + 900,
    )
    world.pass_time(1)
    results = world.call("GetQueryResults", queryId=answer["queryId"])["results"]
    assert [[cell["value"] for cell in row] for row in results] == [
        [f"111111111111:{GROUP}", "18"],
        ["111111111111:app", "1"],
    ]


def test_a_query_runs_and_can_be_stopped(world: LogsWorld) -> None:
    def start() -> str:
        bounds = {"startTime": 0, "endTime": int(START_S) + 900}
        query = {"logGroupName": GROUP, "queryString": "fields @message"}
        return str(world.call("StartQuery", **query, **bounds)["queryId"])

    stopped, finished = start(), start()
    assert world.call("GetQueryResults", queryId=stopped)["status"] == "Scheduled"
    assert world.call("ListLogGroupsForQuery", queryId=stopped)["logGroupIdentifiers"] == [GROUP]
    assert world.call("StopQuery", queryId=stopped)["success"] is True
    world.pass_time(1)
    code, message = world.error("StopQuery", queryId=finished)
    assert code == "InvalidParameterException"
    assert message == "Query is already ended with Complete status"
    queries = world.call("DescribeQueries", logGroupName=GROUP)["queries"]
    assert {q["queryId"]: q["status"] for q in queries} == {
        stopped: "Cancelled",
        finished: "Complete",
    }


def test_a_group_that_is_not_there(world: LogsWorld) -> None:
    """J71, F17."""
    code, message = world.error(
        "StartQuery", logGroupName="nope", queryString="fields a", startTime=0, endTime=1
    )
    assert code == "ResourceNotFoundException"
    assert message.startswith("Log group 'nope' does not exist for account ID '111111111111'")


@pytest.mark.parametrize(
    ("query", "start"),
    [
        ("", 0),
        ("nonsense", 0),
        ("fields @message | filter", 24),
        ("fields @message\n| sort by", 23),
        ("filter @message like", 20),
        ("filter max(n) > 1", 7),
        ("stats count(*) by", 17),
        ("filter a = 'open", 11),
        ("filter a like /(/", 14),
    ],
)
def test_a_query_that_cannot_be_read_says_where(world: LogsWorld, query: str, start: int) -> None:
    given = {"logGroupName": GROUP, "startTime": 0, "endTime": 1}
    answer = world.call("StartQuery", **given, queryString=query)
    assert answer["Error"]["Code"] == "MalformedQueryException"
    assert answer["queryCompileError"]["location"]["startCharOffset"] == start


def test_a_query_for_a_time_before_its_log_groups(world: LogsWorld) -> None:
    """What ends before the group was created, or with what its retention took away, is refused.

    Programs that met this quote it with `([0,79])`, the ends of their queries.
    """
    text = "fields @message"
    message = (
        "Query's end date and time is either before the log groups creation time or exceeds the "
        "log groups log retention settings ([0,15])"
    )
    made_s = int(START_S)

    def start(end_s: int, *groups: str) -> dict[str, Any]:
        given = {"logGroupNames": groups, "startTime": 0, "endTime": end_s}
        return world.call("StartQuery", **given, queryString=text)

    refused = start(made_s - 1, GROUP)
    assert refused["Error"]["Code"] == "MalformedQueryException"
    assert refused["Error"]["Message"] == message
    assert refused["queryCompileError"]["location"] == {"startCharOffset": 0, "endCharOffset": 15}
    assert "queryId" in start(made_s, GROUP)

    world.call("PutRetentionPolicy", logGroupName=GROUP, retentionInDays=1)
    world.pass_time(2 * 86_400)
    world.call("CreateLogGroup", logGroupName="younger")
    assert start(made_s + 60, GROUP)["Error"]["Message"] == message
    assert start(made_s + 60, GROUP, "younger")["Error"]["Message"] == message
    assert "queryId" in start(made_s + 2 * 86_400, GROUP, "younger")


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("pattern @message", "command pattern"),
        ("fields @message | diff", "command diff"),
        ("SOURCE logGroups() | fields @message", "command SOURCE"),
        ("filterIndex a = 1", "command filterIndex"),
        ("fields @message | unnest a into b", "command unnest"),
        ("anomaly", "command anomaly"),
        ("fields @message | unmask @message", "command unmask"),
        ("fields jsonParse(@message) as parsed", "function jsonParse"),
        ("filter isIpv4InSubnet(ip, '10.0.0.0/8')", "function isIpv4InSubnet"),
    ],
)
def test_what_aws_has_and_we_lack_is_not_called_a_mistake(
    world: LogsWorld, query: str, named: str
) -> None:
    given = {"logGroupName": GROUP, "startTime": 0, "endTime": 1}
    answer = world.call("StartQuery", **given, queryString=query)
    assert f"The {named} is not part of the embedded AWS" in answer["Error"]["Message"]


COMMANDS = ["fields", "filter", "stats", "sort", "limit", "parse", "dedup", "display"]
OPERATORS = ["by", "as", "and", "or", "not", "in", "like", "desc", "|", "=", "!=", "<", "+", "-"]
OPERANDS = ["count(*)", "bin(5m)", "@message", "n", "5", "1.5", "'text'", '"*"', "/a/", "`x`"]
SIGNS = ["(", ")", "[", "]", ",", "*", "/", "%", "^", "sum(", "pct("]
WORDS = st.sampled_from([*COMMANDS, *OPERATORS, *OPERANDS, *SIGNS])


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_any_text_is_a_query_or_refused_as_one(text: str) -> None:
    try:
        pipeline = parse_query(text)
    except AwsError:
        return
    run = pipeline.run(10)
    assert list(run.finish()) == []  # few rows take no turns
    assert run.results == [] or "stats" in text


def test_saved_queries(world: LogsWorld) -> None:
    # https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/logs
    many = {"name": "many", "queryString": "filter x", "logGroupNames": ["g"] * 51}
    assert world.error("PutQueryDefinition", **many) == (
        "InvalidParameterException",
        "Too many log groups specified",
    )
    made = world.call("PutQueryDefinition", name="errors", queryString="filter x")
    [found] = world.call("DescribeQueryDefinitions", queryDefinitionNamePrefix="err")[
        "queryDefinitions"
    ]
    assert found["queryDefinitionId"] == made["queryDefinitionId"]
    gone = {"queryDefinitionId": made["queryDefinitionId"]}
    assert world.call("DeleteQueryDefinition", **gone)["success"] is True
    assert world.error("DeleteQueryDefinition", **gone)[0] == "ResourceNotFoundException"
