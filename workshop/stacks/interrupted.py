"""What Ctrl-C leaves of a deployment or a removal: said by what had begun, and nothing else."""

import contextlib
from collections.abc import Callable, Iterator

Say = Callable[[str], None]

_NOTHING = "interrupted: nothing had been changed yet; run this again when you like"
_GOES_ON = (
    "interrupted: CloudFormation goes on with what has begun; run this again, it waits for that "
    "and does the rest"
)


class SoFar:
    """How far a command is, in what would be said of it if it were interrupted now.

    Attributes:
        told: that sentence.
    """

    def __init__(self) -> None:
        self.told = _NOTHING

    def has_begun(self) -> None:
        """From now on CloudFormation is, or may be, at work."""
        self.told = _GOES_ON

    def beginning(self, say: Say) -> Say:
        """As `say`, for what speaks only where CloudFormation is at work, or is about to be."""

        def said(text: str) -> None:
            self.has_begun()
            say(text)

        return said

    def rests(self, mappings: int) -> None:
        """Event source mappings are being disabled, and no stack is being deleted yet."""
        self.told = (
            f"interrupted: no stack was deleted, but of {mappings} event source mappings some or "
            "all may be disabled: run this again, or `lab.put_back()` in a notebook to enable them"
        )


@contextlib.contextmanager
def told(say: Say, again: str) -> Iterator[SoFar]:
    """Say what an interruption leaves; the command says how far it is as it goes.

    Args:
        say: is told at once, beside the lines of the stacks.
        again: the command that goes on. It is noted with the interruption, for the last lines of
            all: what was said at once stands above those of the stacks.
    """
    so_far = SoFar()
    try:
        yield so_far
    except KeyboardInterrupt as error:
        error.add_note(f"{so_far.told.removeprefix('interrupted: ')}:\n  {again}")
        # What it is shown in may have ended by the same Ctrl-C, such as a `| tee`.
        with contextlib.suppress(OSError):
            say(so_far.told)
        raise
