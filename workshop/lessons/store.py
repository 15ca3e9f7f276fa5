"""What a person has solved: one small file that survives kernels and restarts."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from workshop.target.folders import state_of

# Names another file than the person's own, for runs by program.
PROGRESS_FILE_VARIABLE = "WORKSHOP_PROGRESS_FILE"


@dataclass
class Standing:
    """One check of one lesson.

    Attributes:
        passed: at the last try.
        failures: tries that did not pass, since it last passed.
        was_passed: at some time.
    """

    passed: bool | None = None
    failures: int = 0
    was_passed: bool = False


class ProgressFile:
    """`.workshop/progress.json`: lesson -> check -> standing."""

    def __init__(self, file: Path | None = None) -> None:
        named = os.environ.get(PROGRESS_FILE_VARIABLE)
        own = Path(named) if named else state_of() / "progress.json"
        self.file = file or own

    def read(self, lesson: str) -> dict[str, Standing]:
        """The checks of a lesson in the order in which it declared them."""
        found = self._read().get(lesson, {})
        return {name: Standing(**values) for name, values in found.items()}

    def lessons(self) -> list[str]:
        """Those of which anything is known, in the order of the series."""
        return sorted(self._read())

    def write(self, lesson: str, standings: dict[str, Standing]) -> None:
        """Replace what is known of a lesson; an empty mapping forgets it."""
        everything = self._read()
        if standings:
            everything[lesson] = {name: asdict(one) for name, one in standings.items()}
        else:
            everything.pop(lesson, None)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        # In one step: two notebooks may save at the same moment, and neither may read half a file.
        draft = self.file.with_suffix(".tmp")
        draft.write_text(json.dumps(everything, indent=1), "utf-8")
        draft.replace(self.file)

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            found = json.loads(self.file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}  # nothing was solved yet, or the file was damaged: progress is no treasure
        return found if isinstance(found, dict) else {}
