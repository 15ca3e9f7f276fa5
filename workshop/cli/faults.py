"""The machine's faults in a person's words: a full disk, a folder of somebody else. Pure."""

import errno

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
    errno.EMFILE: "This process may open too few files at once ({reason}). Allow it more, with "
    "`ulimit -n 1024` for example, and start this again.",
    errno.ENFILE: "This machine has too many files open ({reason}). End other programs, and start "
    "this again.",
    errno.ENOMEM: "This machine has too little memory ({reason}). End other programs, and start "
    "this again.",
}


def told(error: OSError | MemoryError) -> str | None:
    """What is the matter with the machine and what to do; None where it is not the machine."""
    number = errno.ENOMEM if isinstance(error, MemoryError) else error.errno
    said = _SAID.get(number or 0)
    if said is None:
        return None
    reason = getattr(error, "strerror", None) or "out of memory"
    return said.format(name=getattr(error, "filename", None) or "what it writes", reason=reason)
