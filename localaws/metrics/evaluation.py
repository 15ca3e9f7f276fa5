"""What one expression gives."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from localaws.metrics.arithmetic import combined, negative
from localaws.metrics.arrays import ARRAYS
from localaws.metrics.conditions import CONDITIONS
from localaws.metrics.functions import FUNCTIONS
from localaws.metrics.series import Array, ExpressionError, TimeSeries, Value, Window
from localaws.metrics.syntax import Chain, FunctionCall, List, Name, Negative, Node, Number, Quoted

# Words that functions know: `FILL(m1, REPEAT)`, `SORT(METRICS(), MAX, DESC)`.
_WORDS = frozenset({"REPEAT", "LINEAR", "ASC", "DESC", "SUM", "MIN", "MAX", "AVG"})
# How many arguments a function takes, least and most; the others take one.
_ARGUMENTS = {"IF": (2, 3), "FILL": (2, 2), "SLICE": (2, 3), "SORT": (3, 4), "METRICS": (0, 1)}
_ALL = FUNCTIONS | CONDITIONS | ARRAYS
_NOT_IMITATED = frozenset(
    {
        "ANOMALY_DETECTION_BAND",
        "DB_PERF_INSIGHTS",
        "INSIGHT_RULE_METRIC",
        "LAMBDA",
        "SEARCH",
        "SERVICE_QUOTA",
    }
)


@dataclass(frozen=True)
class AskedAbout:
    """What an expression is evaluated in.

    Attributes:
        window: the time that is asked about.
        period_s: how long the periods are of what it makes itself (`TIME_SERIES`).
        of_id: what another query gave.
        metrics: the metrics whose ids contain a text, in the order of the list.
    """

    window: Window
    period_s: int
    of_id: Callable[[str], Value]
    metrics: Callable[[str], Array]


def evaluated(node: Node, around: AskedAbout) -> Value:
    """What an expression gives.

    Raises:
        ExpressionError: it cannot be evaluated.
    """
    match node:
        case Number(number):
            return number
        case Quoted(text):
            return text
        case Name(name):
            return name if name in _WORDS else around.of_id(name)
        case Negative(operand):
            return negative(evaluated(operand, around))
        case List(items):
            return tuple(_series_in(items, around))
        case Chain(first, rest):
            value = evaluated(first, around)
            for sign, operand in rest:
                value = combined(sign, value, evaluated(operand, around))
            return value
        case FunctionCall(function, arguments):
            return _called(function, [evaluated(one, around) for one in arguments], around)


def checked(node: Node) -> Iterator[str]:
    """The ids that an expression names.

    Raises:
        ExpressionError: it calls what is no function, or not with so many arguments.
    """
    match node:
        case Name(value) if value not in _WORDS:
            yield value
        case Negative(operand):
            yield from checked(operand)
        case List(items):
            for item in items:
                yield from checked(item)
        case Chain(first, rest):
            for operand in (first, *(one for _, one in rest)):
                yield from checked(operand)
        case FunctionCall(function, arguments):
            _check_call(function, len(arguments))
            for argument in arguments:
                yield from checked(argument)


def _check_call(function: str, given: int) -> None:
    if function in _NOT_IMITATED:
        raise ExpressionError(f"Function '{function}' is not part of the embedded AWS")
    if function not in _ALL and function != "METRICS":
        raise ExpressionError(f"Function '{function}' not found")
    least, most = _ARGUMENTS.get(function, (1, 1))
    if not least <= given <= most:
        wanted = f"{least}" if least == most else f"{least} to {most}"
        raise ExpressionError(
            f"Function '{function}' takes {wanted} argument{'s' * (most > 1)}, not {given}"
        )


def _called(function: str, arguments: list[Value], around: AskedAbout) -> Value:
    if function == "METRICS":
        [part] = arguments or [""]
        if not isinstance(part, str):
            raise ExpressionError("Function 'METRICS' takes a text")
        return around.metrics(part)
    try:
        return _ALL[function](around.window, around.period_s, arguments)
    except ExpressionError as error:
        raise ExpressionError(f"Function '{function}': {error}") from None


def _series_in(items: tuple[Node, ...], around: AskedAbout) -> Iterator[TimeSeries]:
    for item in items:
        value = evaluated(item, around)
        if isinstance(value, TimeSeries):
            yield value
        elif isinstance(value, tuple):
            yield from value
        else:
            raise ExpressionError("An array holds time series only")
