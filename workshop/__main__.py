"""`python -m workshop COMMAND`: what start.py runs inside the virtual environment."""

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence

from workshop.errors import EndedError, WorkshopError

COMMANDS = {
    "lab": "open the workshop in JupyterLab",
    "stage": "the instructor's stage, full-screen in a browser",
    "guides": "run the notebooks and write them as HTML pages",
    "test": "run all tests",
    "local": "the embedded AWS in the foreground, for a shell or another program",
    "shell": "your shell, in which the AWS CLI, SDKs and the CDK reach the chosen target",
    "bootstrap": "prepare a Region of an account for the CDK, once",
    "deploy": "create the stacks of the workshop on the chosen target",
    "destroy": "remove the stacks from the chosen target",
    "prepare": "download, build and compile now what a start would need",
    "doctor": "what was found and what is missing",
}

_AGAIN = "Start this command again."


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code."""
    interruption = importlib.import_module("workshop.cli.interruption").Interruption()
    interruption.install()
    try:
        return _run(arguments)
    finally:
        interruption.ended()


def _run(arguments: Sequence[str]) -> int:
    name = next((argument for argument in arguments if argument in COMMANDS), None)
    if name == "test":
        # Everything after it is pytest's, which argparse must not interpret.
        command = importlib.import_module("workshop.cli.test")
        return _guarded(lambda: command.run(list(arguments[1:])))
    parser = argparse.ArgumentParser(prog="start.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for other, purpose in COMMANDS.items():
        described = f"{purpose[0].upper()}{purpose[1:]}."
        about = commands.add_parser(other, help=purpose, description=described)
        if other == name:
            # Only this one is imported: the others' imports would cost every start their time.
            importlib.import_module(f"workshop.cli.{name}").add_arguments(about)
    options = parser.parse_args(arguments)
    command = importlib.import_module(f"workshop.cli.{options.command}")
    return _guarded(lambda: command.run(options))


def _guarded(run: Callable[[], int]) -> int:
    """Run a command; show what a person can put right as sentences, not as a traceback."""
    try:
        return run()
    except WorkshopError as error:
        # A command has no cells that could be run again.
        told = f"{error.happened}\n{_AGAIN}" if isinstance(error, EndedError) else error
        print("\n".join([f"\nstart.py: {told}", *_notes(error)]), file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # Whoever read it has gone, `head` for example; the interpreter would say so once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (OSError, MemoryError) as error:
        # Of the machine, not of AWS: those are errors of boto3's.
        said = importlib.import_module("workshop.cli.faults").told(error)
        if said is None:
            raise
        print(f"\nstart.py: {said}", file=sys.stderr)
        return 1
    except KeyboardInterrupt as error:
        print("\n".join(["\nStopped.", *_notes(error)]), file=sys.stderr)
        return 130


def _notes(error: BaseException | None) -> Iterator[str]:
    """What a command adds to its interruption; a second Ctrl-C hides none of it."""
    while error is not None:
        yield from getattr(error, "__notes__", ())
        error = error.__context__


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
