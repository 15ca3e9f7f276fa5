"""What expressions are made of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from localaws.metrics.series import ExpressionError


@dataclass(frozen=True)
class Number:
    """3, 0.5, 1e6."""

    value: float


@dataclass(frozen=True)
class Quoted:
    """'errors', or "errors"."""

    value: str


@dataclass(frozen=True)
class Name:
    """m1: the id of a query; or a word that a function knows (REPEAT)."""

    value: str


@dataclass(frozen=True)
class List:
    """[m1, m2]."""

    items: tuple["Node", ...]


@dataclass(frozen=True)
class FunctionCall:
    """SUM(m1)."""

    function: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True)
class Negative:
    """-m1."""

    operand: "Node"


@dataclass(frozen=True)
class Chain:
    """m1 + m2 - m3: operands of operators that bind alike, worked off from the left."""

    first: "Node"
    rest: tuple[tuple[str, "Node"], ...]


Node = Number | Quoted | Name | List | FunctionCall | Negative | Chain

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<name>[A-Za-z_]\w*)
      | (?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
      | (?P<sign>==|!=|<=|>=|&&|\|\||[-+*/^<>()\[\],])
    )""",
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True)
class Word:
    """A word of an expression.

    Attributes:
        kind: `number`, `name`, `text`, `sign`, or `end`.
        text: as it was written.
    """

    kind: str
    text: str


def tokens_of(expression: str) -> Iterator[Word]:
    """An expression's words, and an `end`.

    Raises:
        ExpressionError: something in it is none.
    """
    place, length = 0, len(expression.rstrip())
    while place < length:
        match = _TOKEN.match(expression, place)
        if match is None or match.lastgroup is None:
            raise ExpressionError(f"Unexpected character '{expression[place:].lstrip()[:1]}'")
        yield Word(match.lastgroup, match[match.lastgroup])
        place = match.end()
    yield Word("end", "the end")
