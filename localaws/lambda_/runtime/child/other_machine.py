"""What to say when code that was made for another Python or processor fails on this machine's.

Only then: AWS's text stays as it is for everybody whose interpreter is the function's.
"""

import os
import sys
from importlib import import_module

_SYNTAX, _IMPORT = "Runtime.UserCodeSyntaxError", "Runtime.ImportModuleError"


def hint(error_type: str, message: str) -> str:
    """What to add to the message of a failed import; nothing where this machine is not to blame."""
    if error_type not in (_SYNTAX, _IMPORT):
        return ""
    here = f"python{sys.version_info.major}.{sys.version_info.minor}"
    wanted = os.environ["AWS_EXECUTION_ENV"].removeprefix("AWS_Lambda_")
    foreign = _foreign_module() if error_type == _IMPORT else ""
    if foreign:
        machine = f"{here} on {import_module('platform').machine()}"
        return f" (the embedded AWS runs it with {machine}, which cannot load {foreign})"
    if wanted != here and (error_type == _SYNTAX or "cannot import name" in message):
        return f" (the embedded AWS runs {wanted} functions with {here}, its own interpreter)"
    return ""


def _foreign_module() -> str:
    """The first compiled module of the function's, or of its layers', that is not for here."""
    suffixes = import_module("importlib.machinery").EXTENSION_SUFFIXES
    for folder in sys.path:
        if not folder.startswith(os.environ["LAMBDA_TASK_ROOT"]) and not folder.startswith("/opt"):
            continue
        for where, _, names in os.walk(folder):
            compiled = [name for name in sorted(names) if name.endswith((".so", ".pyd"))]
            of_python = [name for name in compiled if ".cpython-" in name or ".cp3" in name]
            for name in of_python:
                if not any(name.endswith(suffix) for suffix in suffixes if "cp" in suffix):
                    return os.path.relpath(os.path.join(where, name), folder)  # noqa: PTH118
    return ""
