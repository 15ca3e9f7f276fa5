"""Shared libraries of a function and its layers: LD_LIBRARY_PATH, as AWS sets it.

The loader reads that variable once, when a program starts. So a handler whose folders have such
libraries gets a fresh start of the interpreter, and not before the process is where a handler may
do no harm: whatever lies in these folders is the handler's.
"""

import json
import os
import sys

VARIABLE = "LD_LIBRARY_PATH"
# Of this machine; its own loader looks there as well.
_OF_THE_MACHINE = ("/lib64", "/usr/lib64")


def show(wanted: str, before: str) -> None:
    """Set the variable for the handler, unless a wrapper has changed it meanwhile.

    Args:
        wanted: folders between colons.
        before: what the process was started with, "" for nothing.
    """
    if os.environ.get(VARIABLE, "") in ("", before):
        os.environ[VARIABLE] = wanted


def load_from(folders: str, prefix: str, name: str, settings: dict[str, object]) -> None:
    """Start this program again if the folders have libraries, so that the loader looks there.

    Args:
        folders: between colons.
        prefix: of the interpreter, whose own libraries go first, as on AWS.
        name, settings: a variable and what it tells the new start, as JSON.
    """
    if sys.platform != "linux" or not any(map(_has_libraries, folders.split(":"))):
        return
    own = [] if prefix == "/usr" else [f"{prefix}/lib"]
    variables = os.environ | {VARIABLE: ":".join([*own, folders]), name: json.dumps(settings)}
    try:
        os.execve(sys.executable, sys.orig_argv, variables)
    except OSError:
        return  # it runs all the same, and finds fewer libraries


def _has_libraries(folder: str) -> bool:
    if folder in _OF_THE_MACHINE:
        return False
    try:
        names = os.listdir(folder)  # noqa: PTH208
    except OSError:
        return False
    return any(name.startswith("lib") and ".so" in name for name in names)
