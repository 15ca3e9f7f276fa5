"""Replaces what nobody gives away: the same value by the same alias, wherever it stands."""

import re
import threading
from collections.abc import Sequence

from workshop.masking.encodings import decoded, encoded, text_of, with_base64
from workshop.masking.finding import find
from workshop.masking.known import Known
from workshop.masking.pictures import is_picture, without_notes

_DATA = re.compile(r"(data:image/[\w.+-]+;base64,)([A-Za-z0-9+/=\s]+)")
# Base64 within base64 is rare, and deeper there is nothing that somebody wrote.
_DEPTH = 3
# Of texts up to this length it is remembered what they become.
_SHORT = 100
# What a person types in a command, and so must be able to read. Ids, keys and people's names stay
# aliases on a screen, too.
_TYPED = ("PROFILE", "ENDPOINT")
_ALIAS = re.compile(rf"\b(?:{'|'.join(_TYPED)})-[0-9]+\b")


class Mask:
    """The aliases of one run.

    What is known has its alias from the beginning; other values get theirs in the order in which
    they are met.

    Args:
        known: what this run knows by value.
    """

    def __init__(self, known: Sequence[Known] = ()) -> None:
        self.known: tuple[Known, ...] = ()
        self._aliases: dict[tuple[str, str], str] = {}
        # What was masked, as a run's facts say the same few words thousands of times.
        self._masked_before: dict[str, str] = {}
        # Pages are made beside the notebook that runs.
        self._lock = threading.Lock()
        self.learn(known)

    def learn(self, known: Sequence[Known]) -> None:
        """More that is known by value; what has an alias keeps it."""
        with self._lock:
            new = [one for one in known if one not in self.known]
            self.known = (*self.known, *new)
            self._masked_before.clear()
            for one in new:
                alias = one.alias or self._alias(one.name, one.value)
                self._aliases.setdefault((one.name, one.value), alias)

    def text(self, text: str) -> str:
        """A text with aliases in the place of what was found in it."""
        with self._lock:
            if len(text) > _SHORT:
                return self._masked(text, _DEPTH)
            if text not in self._masked_before:
                self._masked_before[text] = self._masked(text, _DEPTH)
            return self._masked_before[text]

    def typed(self, text: str) -> str:
        """A text for the owner's terminal: in its commands stand values that can be typed.

        Only what is known by value comes back: another kernel gives its own numbers to the rest.
        """
        with self._lock:
            values = {
                self._aliases[one.name, one.value]: one.value
                for one in self.known
                if one.name in _TYPED
            }
        return _ALIAS.sub(lambda alias: values.get(alias[0], alias[0]), text)

    def picture(self, base64: str) -> str:
        """The base64 of a picture, without what it holds beside its pixels."""
        data = decoded("".join(base64.split()))
        if data is None or not is_picture(data):
            return self.text(base64) if data is None else self._drawing(data, base64)
        return encoded(without_notes(data), base64)

    def _drawing(self, data: bytes, base64: str) -> str:
        """An SVG is a text."""
        text = text_of(data)
        return base64 if text is None else encoded(self.text(text).encode("utf-8"), base64)

    def _masked(self, text: str, depth: int) -> str:
        # Pictures first, as what they hold looks like base64 of texts.
        parts = _DATA.split(text)
        if len(parts) > 1:
            for at in range(0, len(parts), 3):
                parts[at] = self._masked(parts[at], depth)
            for at in range(2, len(parts), 3):
                parts[at] = self._picture_within(parts[at], depth)
            return "".join(parts)
        if depth:
            text = with_base64(text, lambda inner: self._masked(inner, depth - 1))
        done, masked = 0, []
        for found in find(text, self.known):
            masked += [text[done : found.start], self._alias(found.name, found.value)]
            done = found.end
        return "".join([*masked, text[done:]])

    def _picture_within(self, base64: str, depth: int) -> str:
        data = decoded("".join(base64.split()))
        if data is None:
            return base64
        if is_picture(data):
            return encoded(without_notes(data), base64)
        text = text_of(data)
        return base64 if text is None else encoded(self._masked(text, depth).encode(), base64)

    def _alias(self, name: str, value: str) -> str:
        if (name, value) not in self._aliases:
            taken = set(self._aliases.values())
            number = 1
            while f"{name}-{number}" in taken:
                number += 1
            self._aliases[name, value] = f"{name}-{number}"
        return self._aliases[name, value]
