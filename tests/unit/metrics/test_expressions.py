"""What metric math makes of time series."""

import pytest

from localaws.metrics.points import Point
from localaws.metrics.queries import QueryList, QueryRefused
from localaws.metrics.series import Window

# Values of the four minutes of a window; there are no errors in the second and the last.
ERRORS = {0: 1.0, 120: 2.0}
INVOCATIONS = {0: 4.0, 60: 2.0, 120: 2.0}
WINDOW = Window(0, 240)


def query(identity: str, name: str) -> dict[str, object]:
    stat = {"Metric": {"Namespace": "Shop", "MetricName": name}, "Period": 60, "Stat": "Sum"}
    return {"Id": identity, "MetricStat": stat}


def queries(expression: str) -> list[dict[str, object]]:
    return [
        query("errors", "Errors"),
        query("invocations", "Invocations"),
        {"Id": "e1", "Expression": expression},
    ]


def results(expression: str) -> list[dict[float, float]]:
    """Each time series that an expression gives."""
    values = {"Errors": ERRORS, "Invocations": INVOCATIONS}
    given = QueryList(queries(expression)).results(
        WINDOW,
        lambda _namespace, name, _dimensions: [Point.of(*point) for point in values[name].items()],
    )
    return [dict(series.values) for series in given["e1"].series]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # Lambda's console tells the success rate so.
        (
            "100 - 100 * errors / MAX([errors, invocations])",
            {0: 75.0, 60: 100.0, 120: 0.0},
        ),
        ("errors / invocations", {0: 0.25, 60: 0.0, 120: 1.0}),
        # A division by nothing is no value, not even where nothing is divided.
        ("invocations / errors", {0: 4.0, 120: 1.0}),
        ("errors / 0", {}),
        ("invocations + errors * 2 - 1", {0: 5.0, 60: 1.0, 120: 5.0}),
        ("(invocations + errors) * 2", {0: 10.0, 60: 4.0, 120: 8.0}),
        ("-errors", {0: -1.0, 120: -2.0}),
        ("- -errors ^ 2", {0: 1.0, 120: 4.0}),
        ("2 ^ errors ^ 2", {0: 2.0, 120: 16.0}),
        ("(0 - 8) ^ 0.5 * errors", {}),
        ("10 ^ 400 + errors", {}),
        ("errors > 1", {0: 0.0, 120: 1.0}),
        ("errors >= 1 AND invocations < 4 || errors == 7", {0: 0.0, 60: 0.0, 120: 1.0}),
        ("ABS(0 - errors)", {0: 1.0, 120: 2.0}),
        ("CEIL(errors / 4)", {0: 1.0, 120: 1.0}),
        ("FLOOR(errors / 4)", {0: 0.0, 120: 0.0}),
        ("LOG10(errors * 10 - 10)", {120: 1.0}),
        ("FILL(errors, 0)", {0: 1.0, 60: 0.0, 120: 2.0, 180: 0.0}),
        ("FILL(errors, invocations)", {0: 1.0, 60: 2.0, 120: 2.0}),
        ("FILL(errors, REPEAT)", {0: 1.0, 60: 1.0, 120: 2.0, 180: 2.0}),
        ("FILL(errors, LINEAR)", {0: 1.0, 60: 1.5, 120: 2.0}),
        ("DIFF(invocations)", {60: -2.0, 120: 0.0}),
        ("DIFF_TIME(errors)", {120: 120.0}),
        ("RATE(errors) * 120", {120: 1.0}),
        ("RUNNING_SUM(invocations)", {0: 4.0, 60: 6.0, 120: 8.0}),
        ("invocations / PERIOD(invocations) * 60", INVOCATIONS),
        ("TIME_SERIES(3)", {0: 3.0, 60: 3.0, 120: 3.0, 180: 3.0}),
        ("MINUTE(errors)", {0: 0.0, 60: 1.0, 120: 2.0, 180: 3.0}),
        ("IF(invocations > 2, 1, 0)", {0: 1.0, 60: 0.0, 120: 0.0}),
        ("IF(errors > 1, errors)", {120: 2.0}),
        ("IF(1 > 2, errors, invocations)", INVOCATIONS),
        # Of arrays a time series, period by period; of a time series a number.
        ("SUM([errors, invocations])", {0: 5.0, 60: 2.0, 120: 4.0}),
        ("SUM(METRICS())", {0: 5.0, 60: 2.0, 120: 4.0}),
        ("SUM(METRICS('err'))", ERRORS),
        ("MIN(METRICS())", {0: 1.0, 60: 2.0, 120: 2.0}),
        ("AVG(METRICS())", {0: 2.5, 60: 1.0, 120: 2.0}),
        ("STDDEV(METRICS())", {0: 1.5, 60: 1.0, 120: 0.0}),
        ("DATAPOINT_COUNT(METRICS())", {0: 2.0, 60: 1.0, 120: 2.0}),
        ("invocations - MIN(invocations)", {0: 2.0, 60: 0.0, 120: 0.0}),
        ("errors * METRIC_COUNT(METRICS())", {0: 2.0, 120: 4.0}),
        ("LAST(SORT(METRICS(), SUM, DESC))", ERRORS),
        ("FIRST(SLICE(METRICS(), 1))", INVOCATIONS),
    ],
)
def test_an_expression_gives_a_time_series(expression: str, expected: dict[float, float]) -> None:
    assert results(expression) == [expected]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("METRICS() * 2", [{0: 2.0, 120: 4.0}, {0: 8.0, 60: 4.0, 120: 4.0}]),
        ("SORT(METRICS(), MAX, DESC, 1)", [INVOCATIONS]),
        ("SLICE(METRICS(), 0, 1)", [ERRORS]),
        ("REMOVE_EMPTY([errors / 0, errors])", [ERRORS]),
        ("FILL(METRICS('err'), 0)", [{0: 1.0, 60: 0.0, 120: 2.0, 180: 0.0}]),
    ],
)
def test_an_expression_gives_an_array(expression: str, expected: list[dict[float, float]]) -> None:
    assert results(expression) == expected


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("nope + 1", "ID 'nope' not found"),
        ("e1 + 1", "Circular dependency involving 'e1'"),
        ("NOT_A_FUNCTION(errors)", "Function 'NOT_A_FUNCTION' not found"),
        ("SUM(errors, 1)", "Function 'SUM' takes 1 argument, not 2"),
        ("IF(errors)", "Function 'IF' takes 2 to 3 arguments, not 1"),
        ("1 +", "Expected a value in the place of the end"),
        ("(errors", "Expected ')' in the place of the end"),
        ("errors invocations", "Unexpected 'invocations'"),
        ("errors $ 2", "Unexpected character '$'"),
        ("'errors' + 1", "The operator '+' takes no text"),
        (
            "METRICS() + METRICS()",
            "The operator '+' takes one array of time series at most, not two",
        ),
        ("[errors, 1]", "An array holds time series only"),
        ("PERIOD(errors * 2)", "Function 'PERIOD': it takes the id of a metric"),
        ("SEARCH('{Shop} x', 'Sum')", "Function 'SEARCH' is not part of the embedded AWS"),
        (
            "ANOMALY_DETECTION_BAND(errors)",
            "Function 'ANOMALY_DETECTION_BAND' is not part of the embedded AWS",
        ),
        ("SELECT SUM(x) FROM Shop", "A query (SELECT) is not part of the embedded AWS"),
        (
            "AVG(errors)",
            "The result is a number, and has to be a time series or an array",
        ),
        ("(" * 300 + "errors" + ")" * 300, "Brackets are nested more than 50 deep"),
        ("^".join(["2"] * 300), "Powers are nested more than 50 deep"),
    ],
)
def test_what_is_no_expression_is_refused(expression: str, message: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        results(expression)
    assert refused.value.message == f"Error in expression 'e1': {message}"


def test_an_expression_may_be_as_long_as_cloudwatch_takes() -> None:
    assert results("+".join(["errors"] * 290)) == [{0: 290.0, 120: 580.0}]


def test_expressions_are_worked_out_in_whatever_order_they_stand() -> None:
    chain = [{"Id": f"e{n}", "Expression": f"e{n + 1} + 1"} for n in range(400)]
    listed = QueryList([*chain, query("e400", "Errors")])
    given = listed.results(WINDOW, lambda *_: [Point.of(0, 1)])
    assert dict(given["e0"].series[0].values) == {0: 401.0}


def test_a_circle_of_several_is_told() -> None:
    with pytest.raises(QueryRefused, match="Circular dependency involving 'a'"):
        QueryList([{"Id": "a", "Expression": "b+1"}, {"Id": "b", "Expression": "a+1"}])


def test_a_range_of_too_many_periods_is_refused() -> None:
    listed = QueryList(queries("FILL(errors, 0)"))
    with pytest.raises(QueryRefused, match="more than 100800 periods"):
        listed.results(Window(0, 10**9), lambda *_: ())
