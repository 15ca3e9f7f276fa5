"""Results, line by line as they come."""

import sys


def show(text: str) -> None:
    """Print one line, at once even into a file."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
