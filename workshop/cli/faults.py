"""The machine's faults in a person's words: a full disk, a folder of somebody else. Pure."""

import errno
import os
import re
import shutil

_HOME = "name a folder of your own in the variable WORKSHOP_HOME"
_FULL = "There is no room left for {name} ({reason}). Free some space, and start this again."
_SAID = {
    errno.EACCES: "You may not use {name} ({reason}). Somebody else made it, or you as the "
    f"administrator.\nRemove it, or {_HOME}, and start this again.",
    errno.EPERM: "You may not use {name} ({reason}). Somebody else made it, or you as the "
    f"administrator.\nRemove it, or {_HOME}, and start this again.",
    errno.EROFS: "{name} cannot be written to ({reason}).\nCopy the project to where you may "
    f"write, or {_HOME}, and start this again.",
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: "This process may not write a file as large as {name} ({reason}). Allow it more, "
    "with `ulimit -f unlimited` for example, and start this again.",
    errno.EMFILE: "This process may open too few files at once ({reason}). Allow it more, with "
    "`ulimit -n 1024` for example, and start this again.",
    errno.ENFILE: "This machine has too many files open ({reason}). End other programs, and start "
    "this again.",
    errno.ENOMEM: "This machine has too little memory ({reason}). End other programs, and start "
    "this again.",
}


def told(error: OSError | MemoryError) -> str | None:
    """What is the matter with the machine and what to do; None where it is not the machine."""
    if isinstance(error, MemoryError):
        error = OSError(errno.ENOMEM, "out of memory")
    elif isinstance(error, shutil.Error):
        error = _first(error)
    said = _SAID.get(error.errno or 0)
    return said and said.format(name=error.filename or "what it writes", reason=error.strerror)


def _first(error: shutil.Error) -> OSError:
    """Of what went wrong when a folder was copied, which shutil tells as source, copy and text."""
    for _, copy, text in error.args[0]:
        if found := re.match(r"\[Errno (\d+)\]", text):
            number = int(found[1])
            return OSError(number, os.strerror(number), copy)
    return error
