"""Ids that nobody else has: for two runs in one second, and for two people at one AWS."""

import uuid

from workshop.target.clock import Clock

# Without vowels, so that no words come up, and without l and y, which are misread.
_LETTERS = "bcdfghjkmnpqrstvwxz"


def new_id(clock: Clock) -> str:
    """AWS's time of day and four letters, e.g. "093005-kfmz"; sorts by time.

    Time alone is not enough: on the embedded AWS it stands still between waits, and in a room two
    people run the same cell at the same moment.
    """
    return f"{clock.now():%H%M%S}-{_letters(4)}"


def _letters(length: int) -> str:
    """Letters as chance has them; in a kernel of the guides as its seed has them."""
    number, found = uuid.uuid4().int, ""
    for _ in range(length):
        number, place = divmod(number, len(_LETTERS))
        found += _LETTERS[place]
    return found
