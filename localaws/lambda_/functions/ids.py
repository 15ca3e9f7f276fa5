"""Ids that AWS draws from small letters and digits."""

import secrets
import string

_CHARACTERS = string.ascii_lowercase + string.digits


def random_id(length: int) -> str:
    """An id that nobody can guess."""
    return "".join(secrets.choice(_CHARACTERS) for _ in range(length))
