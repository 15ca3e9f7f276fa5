"""Where things are on AWS: /var/task, /opt, /tmp, /var/lang.

A child runs with the real folders. What it says (log lines, error payloads, responses) shows the
paths that it would have on AWS, so that a stack trace reads the same on both.
"""

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from localaws.lambda_.model import FunctionVersion
from localaws.lambda_.runtime.interpreters import CHILD_DIR, Interpreter

Translate = Callable[[bytes], bytes]


class SandboxPaths:
    """Translates the real paths of one environment into AWS's.

    Args:
        interpreter: whose library is shown as AWS's.

    Attributes:
        interpreter: as given.
        of_function: the function's own folders. For responses, which are data: these folders
            cannot be in them by coincidence.
        of_everything: also Python's library. For log lines and error payloads.
    """

    def __init__(
        self,
        version: FunctionVersion,
        tmp_dir: Path,
        interpreter: Interpreter,
    ) -> None:
        self.interpreter = interpreter
        own: list[tuple[Path, str]] = [(version.code_dir, "/var/task"), (tmp_dir, "/tmp")]
        own += [(layer_dir, "/opt") for layer_dir in version.layer_dirs]
        self._own = own
        lang = f"/var/lang/lib/{version.runtime}"
        python = [(folder, f"{lang}/site-packages") for folder in interpreter.packages]
        python += [(folder, lang) for folder in interpreter.library]
        self.of_function = _translation(own)
        self.of_everything = _translation([*own, *python, (CHILD_DIR, "/var/runtime")])

    def real(self, path: str) -> Path:
        """Where a path of AWS's is here; of layers, the last one that has it."""
        for folder, there in reversed(self._own):
            inside = folder / path.removeprefix(there).lstrip("/")
            if path.startswith(f"{there}/") and inside.exists():
                return inside
        return Path(path)


def _translation(folders: Iterable[tuple[Path, str]]) -> Translate:
    wanted: dict[bytes, bytes] = {}
    for folder, there in folders:
        # macOS reaches its temporary folders through symbolic links; JSON doubles backslashes.
        for spelling in (str(folder), str(folder.resolve())):
            for text in (spelling, json.dumps(spelling)[1:-1]):
                wanted.setdefault(text.encode(), there.encode())
    longest_first = sorted(wanted, key=len, reverse=True)
    pattern = re.compile(
        b"(" + b"|".join(re.escape(text) for text in longest_first) + rb")(?![\w.-])"
    )

    def translate(text: bytes) -> bytes:
        if not any(here in text for here in wanted):
            return text
        return pattern.sub(lambda found: wanted[found[1]], text)

    return translate
