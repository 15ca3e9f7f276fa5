"""Numbers with their nouns, as people say them: "1 message", "2 messages"."""

import re


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number and what is counted.

    Args:
        number: how many.
        noun: what one of them is called.
        plural: what several are called, where that is not the noun with an "s".
    """
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"


def by_number(name: str) -> list[tuple[bool, int, str]]:
    """A key by which names are sorted as people count: T2 comes before T10."""
    parts = re.findall(r"\d+|\D+", name)
    return [(p.isdecimal(), int(p) if p.isdecimal() else 0, p) for p in parts]
