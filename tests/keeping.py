"""End the embedded AWS that a test's project has started without an owner."""

import json
import os
import signal
from pathlib import Path

from workshop.target.embedded import RunState


def end_embedded(project: Path) -> bool:
    """End it, whoever uses it; returns whether there was one."""
    state = RunState(project)
    if state.read() is None:
        return False
    # The endpoint ends with its keeper: it watches a pipe of it.
    os.kill(json.loads(state.info_file.read_text(encoding="utf-8"))["keeper_pid"], signal.SIGTERM)
    return True
