"""Ids that are the same in each run, for those who want to compare what two runs made.

Everything here that draws an id calls `uuid.uuid4`, the emulator too; so that one function is taken
the place of, in this process, once and before anything is made. What keeps others out (keys,
tokens) is drawn by `secrets` and stays random.
"""

import hashlib
import sys
import uuid
from collections import Counter


def seed_ids(seed: str) -> None:
    """From now on `uuid.uuid4` gives ids that follow from the seed.

    Each place in the code has a sequence of its own: requests that come in another number, or in
    another order, change the ids of requests and no others.
    """
    drawn: Counter[tuple[str, str]] = Counter()

    def uuid4() -> uuid.UUID:
        caller = sys._getframe(1)
        place = (str(caller.f_globals.get("__name__")), caller.f_code.co_qualname)
        drawn[place] += 1
        text = " ".join((seed, *place, str(drawn[place])))
        return uuid.UUID(bytes=hashlib.sha256(text.encode()).digest()[:16], version=4)

    uuid.uuid4 = uuid4


def letters(length: int, alphabet: str) -> str:
    """Letters that nobody can guess: as chance has it, or as the seed."""
    number, found = uuid.uuid4().int << 128 | uuid.uuid4().int, ""
    while len(found) < length:
        number, place = divmod(number, len(alphabet))
        found += alphabet[place]
    return found
