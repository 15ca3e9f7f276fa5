"""Numbers with their nouns, as people say them: "1 message", "2 messages"."""


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number and what is counted.

    Args:
        number: how many.
        noun: what one of them is called.
        plural: what several are called, where that is not the noun with an "s".
    """
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"
