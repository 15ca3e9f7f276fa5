"""A query string as tokens."""

import re
from typing import NamedTuple

from localaws.logs.errors import MalformedQueryException

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|\#[^\n]*)
  | (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
  | (?P<period>\d+(?:ms|mo|[smhdwqy])\b)
  | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
  | (?P<quoted>`[^`]+`)
  | (?P<name>[@A-Za-z_][\w@]*(?:\.[\w@]+)*)
  | (?P<sign>!=|<=|>=|=~|[|=<>()\[\],*+\-/%^])
    """,
    re.VERBOSE,
)
_REGEX = re.compile(r"/((?:[^/\\\n]|\\.)*)/")


RESERVED = frozenset(("and", "as", "asc", "by", "desc", "in", "like", "not", "or"))


class Token(NamedTuple):
    """One token.

    Attributes:
        kind: string, period, number, name, sign, regex or end.
        text: without quotes.
        start, end: where it stands in the query.
    """

    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """In lower case, for keywords."""
        return self.text.lower() if self.kind in ("name", "sign") else ""


def tokens_of(query: str) -> list[Token]:
    """All tokens and one `end`; raises MalformedQueryException."""
    found: list[Token] = []
    command, at = "", 0
    while at < len(query):
        if not found or found[-1].text == "|":
            command = ""
        token = _regex(query, at, command, found) or _token(query, at)
        at = token.end
        if token.kind != "space":
            command = command or token.word
            found.append(token)
    found.append(Token("end", "", len(query), len(query)))
    return found


def _regex(query: str, at: int, command: str, before: list[Token]) -> Token | None:
    """A regular expression: a slash where no division can stand."""
    if query[at] != "/" or not before:
        return None
    if command != "parse" and before[-1].word not in ("like", "=~"):
        return None
    match = _REGEX.match(query, at)
    if match is None:
        raise unexpected(query, at, at + 1)
    return Token("regex", match[1].replace(r"\/", "/"), at, match.end())


def _token(query: str, at: int) -> Token:
    match = _TOKEN.match(query, at)
    if match is None or match.lastgroup is None:
        raise unexpected(query, at, at + 1)
    kind, text = match.lastgroup, match[0]
    if kind == "string":
        text = re.sub(r"\\(.)", r"\1", text[1:-1])
    elif kind == "quoted":
        kind, text = "field", text[1:-1]
    return Token(kind, text, at, match.end())


def unexpected(query: str, start: int, end: int) -> MalformedQueryException:
    """The error for what cannot stand there, with line and position."""
    line = query.count("\n", 0, start) + 1
    position = start - (query.rfind("\n", 0, start) + 1)
    found = query[start:end] or "end of query"
    return MalformedQueryException(
        f"unexpected symbol found {found} at line {line} and position {position}", start, end
    )


def lacking(kind: str, name: str, token: Token) -> MalformedQueryException:
    """The error for a command or function that AWS has and the embedded AWS has not."""
    return MalformedQueryException(
        f"The {kind} {name} is not part of the embedded AWS. Leave it out, or run the query in a "
        "real account.",
        token.start,
        token.end,
    )
