"""A read-only code folder where the operating system gives us no file system of our own.

It holds what Python does, not the programs that a handler starts, nor C code of its own.
"""

import errno
import os
import stat
import sys

# Event of Python's own audit -> which of its arguments are paths that it changes.
# https://docs.python.org/3/library/audit_events.html
_CHANGES: dict[str, tuple[int, ...]] = {
    "os.chmod": (0,),
    "os.chown": (0,),
    "os.link": (1,),
    "os.mkdir": (0,),
    "os.remove": (0,),
    "os.rename": (0, 1),
    "os.rmdir": (0,),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.utime": (0,),
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def protect(folders: list[str]) -> None:
    """Refuse, from now on and for good, what would change anything in these folders."""
    spellings = {os.path.normcase(path) for f in folders for path in (f, os.path.realpath(f))}
    inside = tuple(path.rstrip(os.sep) + os.sep for path in spellings)

    def look(event: str, arguments: tuple[object, ...]) -> None:
        changed = _CHANGES.get(event, ())
        if event == "open" and _writes(arguments[2]):
            changed = (0,)
        for index in changed:
            path = arguments[index]
            # Numbers are open files, which were looked at when they were opened.
            if isinstance(path, str | bytes | os.PathLike):
                text = os.fsdecode(path)
                absolute = os.path.normcase(os.path.abspath(text))  # noqa: PTH100
                if f"{absolute}{os.sep}".startswith(inside) and not _is_special(absolute):
                    raise OSError(errno.EROFS, os.strerror(errno.EROFS), text)

    sys.addaudithook(look)


def _writes(flags: object) -> bool:
    return isinstance(flags, int) and bool(flags & _WRITING)


def _is_special(path: str) -> bool:
    """Pipes and devices can be written to on a read-only file system, too."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
