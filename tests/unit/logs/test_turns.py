"""What a query does at its end is done in turns, so that nobody else waits for all of it."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localaws.logs.insights import commands
from localaws.logs.insights.commands import Sort, Turns
from localaws.logs.insights.query_parser import parse_query
from localaws.logs.insights.rows import Row, TableRow
from tests.unit.logs.world import GROUP, START_MS, LogsWorld

ROWS = 5_500
IN_A_TURN = 1_000


class Taken:
    """Takes all rows, and counts those of the turn that is on."""

    most: int | None = None

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.in_this_turn = 0

    def push(self, row: Row) -> None:
        self.rows.append(row)
        self.in_this_turn += 1

    def finish(self) -> Turns:
        yield from ()


def run(query: str, rows: Sequence[dict[str, str | int | None]]) -> tuple[Taken, list[int]]:
    """What the query's commands hand on, and how many rows in each turn of their end."""
    taken = Taken()
    first: commands.Sink = taken
    for make in reversed(parse_query(query).commands):
        first = make(first)
    for row in rows:
        first.push(TableRow(dict(row)))
    taken.in_this_turn = 0
    turns = []
    for _ in first.finish():
        turns.append(taken.in_this_turn)
        taken.in_this_turn = 0
    return taken, [*turns, taken.in_this_turn]


@pytest.mark.parametrize(
    "query",
    [
        "sort n",
        "sort n desc | dedup n",
        "sort n | fields n + 1",
        "stats count(*) by n",
        "sort n desc | stats count(*) by n | sort n",
        "stats count(*) by n | sort n | filter n > -1",
    ],
)
def test_no_turn_hands_on_more_than_some_rows(query: str) -> None:
    taken, turns = run(query, [{"n": (n * 7919) % ROWS} for n in range(ROWS)])
    assert len(taken.rows) == ROWS
    assert max(turns) <= IN_A_TURN
    assert len(turns) > ROWS // IN_A_TURN


def test_no_sort_is_of_more_than_some_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    most = 0
    sort = Sort._sort

    def counted(command: Sort) -> None:
        nonlocal most
        most = max(most, len(command._rows))
        sort(command)

    monkeypatch.setattr(Sort, "_sort", counted)
    run("sort n", [{"n": -n} for n in range(ROWS)])
    assert 0 < most <= IN_A_TURN


VALUES = st.one_of(st.none(), st.integers(-3, 3), st.sampled_from(["a", "b", "10"]))


@given(
    st.lists(st.tuples(VALUES, VALUES), max_size=40),
    st.sampled_from(
        ["sort a", "sort a desc", "sort a, b desc", "sort a desc, b", "sort b desc, a"]
    ),
)
def test_what_is_merged_is_in_the_order_of_one_sort(
    values: list[tuple[str | int | None, str | int | None]], query: str
) -> None:
    rows = [{"a": a, "b": b, "place": place} for place, (a, b) in enumerate(values)]
    whole, _ = run(query, rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commands, "_SORTED_ROWS", 3)
        merged, _ = run(query, rows)
    places = [[row.get("place") for row in taken.rows] for taken in (whole, merged)]
    assert places[0] == places[1]


def test_others_are_answered_while_a_query_ends(world: LogsWorld) -> None:
    answer = world.call(
        "StartQuery",
        logGroupName=GROUP,
        queryString="fields @message as n | sort n | dedup n | limit 10000",
        startTime=START_MS // 1000,
        endTime=START_MS // 1000 + 1_000,
    )
    read, shown = [], []
    status = "Scheduled"
    while status in ("Scheduled", "Running"):
        world.pass_time(0.01 if status == "Scheduled" else 0.000_05)
        told = world.call("GetQueryResults", queryId=answer["queryId"])
        status = told["status"]
        read.append(told["statistics"]["recordsScanned"])
        shown.append(len(told["results"]))
    assert (status, shown[-1]) == ("Complete", ROWS)
    # All is read long before all is there
    assert len({rows for scanned, rows in zip(read, shown, strict=True) if scanned == ROWS}) > 3


@pytest.fixture
def world() -> LogsWorld:
    world = LogsWorld()
    world.call("CreateLogGroup", logGroupName=GROUP)
    world.write(*(f"{n:05}" for n in range(ROWS)))
    return world
