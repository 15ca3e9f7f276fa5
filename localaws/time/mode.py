"""The ways in which virtual time passes.

- `"skip"`: it stands, and waits cost nothing; only waits, and what handlers are charged, let it
  pass. For lessons, which then show the same seconds on every machine.
- `"flow"`: real speed, but waits for the clock cost nothing. For clients that sleep between two
  looks, and so wait without asking anybody.
- `"real"`: as on AWS.
- a factor from 1 to 86,400: 60 shows a minute in a second.
"""

from typing import Literal

Mode = Literal["skip", "flow", "real"] | float

SKIPPING: tuple[Mode, ...] = ("skip", "flow")
"""The modes in which a wait for the clock costs nothing."""

# A day in a second: faster than that nobody sees anything, and `skip` is what is meant.
_LARGEST_FACTOR = 86_400


def checked(mode: object) -> Mode:
    """The mode, if it is one; a factor may be a string of digits.

    Raises:
        ValueError: there is no such mode.
    """
    match mode:
        case "skip" | "flow" | "real":
            return mode
        case str() if mode.isdecimal():
            return checked(int(mode))
        case bool():
            pass
        case int() | float() if 1 <= mode <= _LARGEST_FACTOR:
            return mode
    raise ValueError(
        f'mode {mode!r} is not "skip", "flow", "real" or a factor from 1 to {_LARGEST_FACTOR:,}'
    )
