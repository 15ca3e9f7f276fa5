"""Expressions: `@duration / 1000 > 5 and not ispresent(errorType)`, read into functions."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from localaws.logs.errors import MalformedQueryException
from localaws.logs.insights.aggregates import AGGREGATES, Aggregate, aggregate
from localaws.logs.insights.cursor import Cursor
from localaws.logs.insights.functions import FUNCTIONS, PERIODS_MS, arithmetic, compare
from localaws.logs.insights.lexer import RESERVED, Token, lacking
from localaws.logs.insights.rows import Row
from localaws.logs.insights.values import Value, equal, is_true, number_of, text_of

Evaluate = Callable[[Row], Value]

_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html
_LACKING = frozenset(
    {
        "isipinsubnet",
        "isipv4insubnet",
        "isipv6insubnet",
        "isvalidip",
        "isvalidipv4",
        "isvalidipv6",
        "jsonparse",
        "jsonstringify",
        "now",
    }
)
_PERIOD = re.compile(r"(\d+)([a-z]+)")


@dataclass(frozen=True)
class Expression:
    """One expression and what it is called in results."""

    name: str
    evaluate: Evaluate
    is_named: bool = False


def slot(number: int) -> str:
    """The name under which a group's row holds the result of its n-th aggregate."""
    return f"\0{number}"


class Expressions(Cursor):
    """Reads expressions from a query's tokens.

    Attributes:
        aggregates: while `stats` is read: what makes the aggregates of a group, in order.
    """

    def __init__(self, query: str) -> None:
        super().__init__(query)
        self.aggregates: list[Callable[[], Aggregate]] | None = None

    # Lists of expressions

    def named(self) -> Expression:
        """An expression with `as name`, or under its own text."""
        start = self.token.start
        is_field = self.token.kind in ("name", "field")
        evaluate = self.condition()
        last = self.last
        is_field = is_field and last.start == start
        text = last.text if is_field else self.text_from(start)
        if self.takes("as"):
            return Expression(self.field_name(), evaluate, is_named=True)
        return Expression(text, evaluate, is_named=not is_field)

    def several(self) -> list[Expression]:
        """Named expressions with commas between."""
        found = [self.named()]
        while self.takes(","):
            found.append(self.named())
        return found

    # Grammar, from what binds loosest to what binds tightest

    def condition(self) -> Evaluate:
        left = self._conjunction()
        while self.takes("or"):
            left = _either(left, self._conjunction())
        return left

    def _conjunction(self) -> Evaluate:
        left = self._negation()
        while self.takes("and"):
            left = _both(left, self._negation())
        return left

    def _negation(self) -> Evaluate:
        if self.takes("not"):
            inner = self._negation()
            return lambda row: not is_true(inner(row))
        return self._comparison()

    def _comparison(self) -> Evaluate:
        left = self._sum()
        if self.token.word in _COMPARISONS:
            sign, right = self.next().word, self._sum()
            return lambda row: compare(sign, left(row), right(row))
        if self.takes("like") or self.takes("=~"):
            return self._like(left)
        if self.takes("in"):
            return self._among(left)
        if self.takes("not", "like"):
            like = self._like(left)
            return lambda row: not like(row)
        if self.takes("not", "in"):
            among = self._among(left)
            return lambda row: not among(row)
        return left

    def _like(self, left: Evaluate) -> Evaluate:
        token = self.next()
        if token.kind == "regex":
            search = self.regex(token).search
            return lambda row: (v := left(row)) is not None and search(text_of(v)) is not None
        if token.kind != "string":
            self.refuse(token)
        part = token.text
        return lambda row: (v := left(row)) is not None and part in text_of(v)

    def regex(self, token: Token) -> re.Pattern[str]:
        """A regular expression in Java's spelling of named groups."""
        try:
            return re.compile(re.sub(r"\(\?<(?![=!])", "(?P<", token.text))
        except re.error as error:
            raise MalformedQueryException(
                f"invalid regular expression {token.text!r}: {error}", token.start, token.end
            ) from None

    def _among(self, left: Evaluate) -> Evaluate:
        self.expect("[")
        choices = [self._sum()]
        while self.takes(","):
            choices.append(self._sum())
        self.expect("]")

        def among(row: Row) -> Value:
            value = left(row)
            return any(equal(value, choice(row)) for choice in choices)

        return among

    def _sum(self) -> Evaluate:
        left = self._product()
        while self.token.word in ("+", "-"):
            left = _calculation(self.next().word, left, self._product())
        return left

    def _product(self) -> Evaluate:
        left = self._power()
        while self.token.word in ("*", "/", "%"):
            left = _calculation(self.next().word, left, self._power())
        return left

    def _power(self) -> Evaluate:
        left = self._primary()
        return _calculation("^", left, self._power()) if self.takes("^") else left

    def _primary(self) -> Evaluate:
        if self.takes("("):
            inner = self.condition()
            self.expect(")")
            return inner
        if self.takes("-"):
            return _calculation("-", _constant(0), self._primary())
        token = self.next()
        if token.kind == "name" and self.takes("("):
            return self._call(token)
        if token.kind in ("name", "field") and token.word not in RESERVED:
            name = token.text
            return lambda row: row.get(name)
        if token.kind == "string":
            return _constant(token.text)
        if token.kind == "number":
            is_whole = token.text.isdigit()
            return _constant(int(token.text) if is_whole else float(token.text))
        self.refuse(token)

    def _call(self, token: Token) -> Evaluate:
        name = token.text.lower()
        if name == "bin":
            period_ms = self._period()
            self.expect(")")
            floor = FUNCTIONS["datefloor"]
            return lambda row: floor(row.get("@timestamp"), period_ms)
        if name in AGGREGATES:
            return self._aggregate(token, name)
        if name in _LACKING:
            raise lacking("function", token.text, token)
        if name not in FUNCTIONS:
            self.refuse(token)
        return self._function(name)

    def _function(self, name: str) -> Evaluate:
        function = FUNCTIONS[name]
        arguments = [] if self.token.text == ")" else [self.condition()]
        while self.takes(","):
            if self.token.kind == "period":
                arguments.append(_constant(self._period()))
            else:
                arguments.append(self.condition())
        self.expect(")")

        def call(row: Row) -> Value:
            try:
                return function(*[argument(row) for argument in arguments])
            except TypeError:
                return None  # the wrong number of arguments

        return call

    def _aggregate(self, token: Token, name: str) -> Evaluate:
        if self.aggregates is None:
            self.refuse(token)
        argument: Evaluate | None = None
        percent = 50.0
        if not (self.takes("*") or self.token.text == ")"):
            argument = self.condition()
            if self.takes(","):
                percent = float(number_of(self.next().text) or 0)
        self.expect(")")
        try:
            self.aggregates.append(aggregate(name, argument, percent))
        except KeyError:
            self.refuse(token)
        result = slot(len(self.aggregates) - 1)
        return lambda row: row.get(result)

    def _period(self) -> int:
        token = self.next()
        match = _PERIOD.fullmatch(token.text) if token.kind == "period" else None
        if match is None or int(match[1]) == 0:
            self.refuse(token)
        return int(match[1]) * PERIODS_MS[match[2]]


def _constant(value: Value) -> Evaluate:
    return lambda row: value


def _either(left: Evaluate, right: Evaluate) -> Evaluate:
    return lambda row: is_true(left(row)) or is_true(right(row))


def _both(left: Evaluate, right: Evaluate) -> Evaluate:
    return lambda row: is_true(left(row)) and is_true(right(row))


def _calculation(sign: str, left: Evaluate, right: Evaluate) -> Evaluate:
    return lambda row: arithmetic(sign, left(row), right(row))
