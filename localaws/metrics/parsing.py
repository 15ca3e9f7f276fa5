"""From an expression's text to its tree.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html names the
operators; they bind as in mathematics, comparisons weaker than sums, AND weaker than those, OR
weakest.
"""

import re

from localaws.metrics.series import ExpressionError
from localaws.metrics.syntax import (
    Chain,
    FunctionCall,
    List,
    Name,
    Negative,
    Node,
    Number,
    Quoted,
    Word,
    tokens_of,
)

# Operators that bind alike, weakest first.
_LEVELS = (
    ("OR", "||"),
    ("AND", "&&"),
    ("==", "!=", "<=", ">=", "<", ">"),
    ("+", "-"),
    ("*", "/"),
)
_DEEPEST = 50
_ESCAPED = re.compile(r"\\(.)")


def parse(expression: str) -> Node:
    """An expression's tree.

    Raises:
        ExpressionError: it is not written as one.
    """
    return _Parser(expression).whole()


class _Parser:
    def __init__(self, expression: str) -> None:
        self._tokens = list(tokens_of(expression))
        self._place = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._chain(0)
        if self._next.kind != "end":
            raise ExpressionError(f"Unexpected '{self._next.text}'")
        return node

    @property
    def _next(self) -> Word:
        return self._tokens[self._place]

    def _take(self) -> Word:
        token = self._next
        self._place += token.kind != "end"
        return token

    def _skip(self, sign: str) -> bool:
        found = self._next == Word("sign", sign)
        self._place += found
        return found

    def _expect(self, sign: str) -> None:
        if not self._skip(sign):
            raise ExpressionError(f"Expected '{sign}' in the place of {_shown(self._next)}")

    def _chain(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._signed()
        first, rest = self._chain(level + 1), []
        while self._next.kind in ("sign", "name") and self._next.text in _LEVELS[level]:
            operator = self._take().text
            rest.append((operator, self._chain(level + 1)))
        return Chain(first, tuple(rest)) if rest else first

    def _signed(self) -> Node:
        negative = False
        while self._next.kind == "sign" and self._next.text in "+-":
            negative ^= self._take().text == "-"
        powered = self._power()
        return Negative(powered) if negative else powered

    def _power(self) -> Node:
        bases = [self._atom()]
        while self._skip("^"):
            negative = self._skip("-")
            exponent = self._atom()
            bases.append(Negative(exponent) if negative else exponent)
        if len(bases) > _DEEPEST:
            raise ExpressionError(f"Powers are nested more than {_DEEPEST} deep")
        power = bases.pop()
        while bases:
            power = Chain(bases.pop(), (("^", power),))
        return power

    def _atom(self) -> Node:
        token = self._take()
        if token.kind == "number":
            return Number(float(token.text))
        if token.kind == "text":
            return Quoted(_ESCAPED.sub(r"\1", token.text[1:-1]))
        if token.kind == "name":
            return (
                FunctionCall(token.text, self._list(")")) if self._skip("(") else Name(token.text)
            )
        if token.text == "[":
            return List(self._list("]"))
        if token.text == "(":
            node = self._inside()
            self._expect(")")
            return node
        raise ExpressionError(f"Expected a value in the place of {_shown(token)}")

    def _list(self, closing: str) -> tuple[Node, ...]:
        if self._skip(closing):
            return ()
        items = [self._inside()]
        while self._skip(","):
            items.append(self._inside())
        self._expect(closing)
        return tuple(items)

    def _inside(self) -> Node:
        """What stands in brackets; each pair of them is looked into from the one around it."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ExpressionError(f"Brackets are nested more than {_DEEPEST} deep")
        node = self._chain(0)
        self._depth -= 1
        return node


def _shown(token: Word) -> str:
    return token.text if token.kind == "end" else f"'{token.text}'"
