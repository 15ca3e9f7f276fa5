"""Whom a handler can signal: what it started itself, and nothing else of this user's.

On AWS no other process is there. Linux 6.12 or newer can have it so for everybody (Landlock):
https://docs.kernel.org/userspace-api/landlock.html#ipc-scoping
"""

import os
import sys
from importlib import import_module

# System calls that the C library has no names for; the numbers are the same everywhere.
_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_SCOPE_ABSTRACT_SOCKETS, _SCOPE_SIGNALS = 1, 2
_NO_NEW_PRIVILEGES = 38


def enter() -> bool:
    """Let this thread, and all that it starts, signal nobody else; whether this machine can."""
    if sys.platform != "linux":
        return False
    try:
        c = import_module("ctypes")
    except ImportError:  # a Python that was built without it
        return False
    libc = c.CDLL(None, use_errno=True)
    # What is handled of files, of the network, and of what lies outside of a scope.
    attributes = (c.c_uint64 * 3)(0, 0, _SCOPE_ABSTRACT_SOCKETS | _SCOPE_SIGNALS)
    ruleset = libc.syscall(_CREATE_RULESET, attributes, c.c_size_t(c.sizeof(attributes)), 0)
    if ruleset < 0:
        return False
    try:
        if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
            return False
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)
