"""A child must not outlive the endpoint, however the endpoint ends.

Standard input is a pipe whose writing end only the endpoint holds, and it never writes to it: its
end is the endpoint's end.
"""

import _thread
import os
import sys


def hold() -> int:
    """End this process and its process group when the endpoint is gone.

    The handler gets an empty standard input instead, as on AWS.

    Returns:
        the descriptor that holds: where it is closed, nothing ends this process.
    """
    lifeline = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    if sys.platform == "linux":
        _ask_kernel(lifeline)
    else:
        # Not a `threading.Thread`: it is none of the handler's threads, which are counted.
        _thread.start_new_thread(_watch, (lifeline,))
    return lifeline


def _ask_kernel(lifeline: int) -> None:
    """Let the kernel kill the group: works even while C code holds the interpreter's lock."""
    import fcntl
    import signal

    fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    try:
        gone = os.read(lifeline, 1) == b""
    except BlockingIOError:
        return
    if gone:  # The endpoint ended before we asked.
        os.killpg(0, signal.SIGKILL)


def _watch(lifeline: int) -> None:
    while os.read(lifeline, 1):
        pass
    if hasattr(os, "killpg"):
        import signal

        os.killpg(0, signal.SIGKILL)
    os._exit(1)
