"""Reads a query: commands with `|` between."""

import re
from functools import partial

from localaws.logs.insights.commands import (
    Compute,
    Dedup,
    Filter,
    Limit,
    MakeCommand,
    Parse,
    Sort,
    Stats,
)
from localaws.logs.insights.expressions import Expression, Expressions
from localaws.logs.insights.lexer import Token, lacking
from localaws.logs.insights.pipeline import DEFAULT_COLUMNS, Pipeline

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
_LACKING = frozenset(
    {
        "anomaly",
        "diff",
        "filterindex",
        "join",
        "lookup",
        "pattern",
        "source",
        "subquery",
        "unmask",
        "unnest",
    }
)


def parse_query(query: str) -> Pipeline:
    """Read a query in the Logs Insights query language.

    Raises:
        MalformedQueryException
    """
    return _QueryParser(query).parse()


class _QueryParser:
    def __init__(self, query: str) -> None:
        self._expressions = Expressions(query)
        self._commands: list[MakeCommand] = []
        self._filtering = 0
        self._shown: list[str] = []
        self._displayed: list[str] | None = None
        self._parsed: list[str] = []
        self._shows_events = True
        self._limit: int | None = None

    def parse(self) -> Pipeline:
        if self._expressions.token.kind == "end":
            self._expressions.refuse()
        while True:
            self._command()
            if self._expressions.token.kind == "end":
                break
            self._expressions.expect("|")
        return Pipeline(
            commands=self._commands,
            filtering=self._filtering,
            columns=tuple(dict.fromkeys(self._columns())),
            shows_events=self._shows_events,
            limit=self._limit,
        )

    def _columns(self) -> list[str]:
        if self._displayed is not None:
            return self._displayed
        shown = self._shown if self._shown or not self._shows_events else [*DEFAULT_COLUMNS]
        return [*shown, *self._parsed]

    def _command(self) -> None:
        token = self._expressions.token
        readers = {
            "fields": self._fields,
            "display": self._display,
            "filter": self._filter,
            "stats": self._stats,
            "sort": self._sort,
            "limit": self._limit_to,
            "parse": self._parse,
            "dedup": self._dedup,
        }
        if token.word not in readers:
            if token.word in _LACKING:
                raise lacking("command", token.text, token)
            self._expressions.refuse()
        self._expressions.next()
        only_filters = self._filtering == len(self._commands)
        readers[token.word]()
        if only_filters and token.word in ("fields", "filter", "parse"):
            self._filtering = len(self._commands)

    def _compute(self) -> list[Expression]:
        found = self._expressions.several()
        made = [expression for expression in found if expression.is_named]
        if made:
            self._commands.append(partial(Compute, made=made))
        return found

    def _fields(self) -> None:
        self._shown += [expression.name for expression in self._compute()]

    def _display(self) -> None:
        self._displayed = [expression.name for expression in self._compute()]

    def _filter(self) -> None:
        self._commands.append(partial(Filter, condition=self._expressions.condition()))

    def _limit_to(self) -> None:
        token = self._expressions.token
        if token.kind != "number" or not token.text.isdigit():
            self._expressions.refuse()
        self._limit = int(self._expressions.next().text)
        self._commands.append(partial(Limit, count=self._limit))

    def _dedup(self) -> None:
        self._commands.append(partial(Dedup, keys=self._expressions.several()))

    def _sort(self) -> None:
        keys = []
        while True:
            key = self._expressions.condition()
            descending = self._expressions.takes("desc")
            if not descending:
                self._expressions.takes("asc")
            keys.append((key, descending))
            if not self._expressions.takes(","):
                break
        self._commands.append(partial(Sort, keys=keys))

    def _stats(self) -> None:
        expressions = self._expressions
        aggregates = expressions.aggregates = []
        results = expressions.several()
        expressions.aggregates = None
        keys = expressions.several() if expressions.takes("by") else []
        self._commands.append(partial(Stats, results=results, keys=keys, aggregates=aggregates))
        self._shown = [expression.name for expression in (*keys, *results)]
        self._parsed, self._displayed, self._shows_events = [], None, False

    def _parse(self) -> None:
        expressions = self._expressions
        source = expressions.token
        name = "@message" if source.kind in ("string", "regex") else expressions.field_name()
        token = expressions.next()
        if token.kind == "regex":
            pattern = expressions.regex(token)
        elif token.kind == "string":
            pattern = _glob(token.text)
        else:
            expressions.refuse()
        names = self._names(token, pattern)
        self._parsed += names
        self._commands.append(
            partial(Parse, source=lambda row: row.get(name), pattern=pattern, names=names)
        )

    def _names(self, token: Token, pattern: re.Pattern[str]) -> list[str]:
        expressions = self._expressions
        groups = {number: name for name, number in pattern.groupindex.items()}
        names = [groups.get(number, "") for number in range(1, pattern.groups + 1)]
        if expressions.takes("as"):
            names = [expressions.field_name()]
            while expressions.takes(","):
                names.append(expressions.field_name())
        if len(names) != pattern.groups or not all(names):
            expressions.refuse()
        return names


def _glob(glob: str) -> re.Pattern[str]:
    """`user=*, id:*`: each star is a field; the last one takes all there is."""
    parts = [re.escape(part) for part in glob.split("*")]
    pattern = "(.*?)".join(parts)
    if glob.endswith("*"):
        pattern = pattern.removesuffix("(.*?)") + "(.*)"
    return re.compile(pattern, re.DOTALL)
