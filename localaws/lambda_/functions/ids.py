"""Ids that AWS draws from small letters and digits."""

import string

from localaws.words.seeded import letters

_CHARACTERS = string.ascii_lowercase + string.digits


def random_id(length: int) -> str:
    """An id that nobody can guess."""
    return letters(length, _CHARACTERS)
