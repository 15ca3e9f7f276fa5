"""A query's tokens, taken one by one."""

from typing import NoReturn

from localaws.logs.insights.lexer import RESERVED, Token, tokens_of, unexpected


class Cursor:
    """What has been read of a query, and what comes next."""

    def __init__(self, query: str) -> None:
        self._query = query
        self._tokens = tokens_of(query)
        self._at = 0

    @property
    def token(self) -> Token:
        """The next token."""
        return self._tokens[self._at]

    def next(self) -> Token:
        token = self.token
        self._at += token.kind != "end"
        return token

    def takes(self, *words: str) -> bool:
        """Whether the next tokens are these; then they are taken."""
        ahead = self._tokens[self._at : self._at + len(words)]
        if [token.word for token in ahead] != list(words):
            return False
        self._at += len(words)
        return True

    def expect(self, *words: str) -> None:
        if not self.takes(*words):
            self.refuse()

    def refuse(self, token: Token | None = None) -> NoReturn:
        """A token, default the next one, cannot stand where it does."""
        wrong = token or self.token
        raise unexpected(self._query, wrong.start, wrong.end)

    def field_name(self) -> str:
        token = self.next()
        if token.kind not in ("name", "field") or token.word in RESERVED:
            self.refuse(token)
        return token.text

    @property
    def last(self) -> Token:
        """The token that was taken last."""
        return self._tokens[self._at - 1]

    def text_from(self, start: int) -> str:
        """The query from there to the token that was taken last, on one line."""
        return " ".join(self._query[start : self.last.end].split())
