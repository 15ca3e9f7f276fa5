"""The tools that install the rest: pinned versions of pip and uv, and pip's settings told to uv.

A person sets up a mirror, a proxy or a certificate for pip. uv, which installs the packages of the
workshop in a tenth of the time, reads none of that, and gets it from here.
"""

import ast
import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

# A setting of pip -> the variables in which uv wants it, and how several values are joined.
# https://docs.astral.sh/uv/reference/environment/
SETTINGS = {
    "index-url": (("UV_DEFAULT_INDEX",), " "),
    "extra-index-url": (("UV_INDEX",), " "),
    "find-links": (("UV_FIND_LINKS",), ","),
    "no-index": (("UV_NO_INDEX",), " "),
    "trusted-host": (("UV_INSECURE_HOST",), " "),
    "timeout": (("UV_HTTP_TIMEOUT",), " "),
    "default-timeout": (("UV_HTTP_TIMEOUT",), " "),
    "cert": (("SSL_CERT_FILE",), " "),
    "client-cert": (("SSL_CLIENT_CERT",), " "),
    "proxy": (("HTTPS_PROXY", "HTTP_PROXY"), " "),
}
_INDEXES = ("UV_DEFAULT_INDEX", "UV_INDEX")
# pip's own order: a variable beats a command's section, which beats the general one.
SECTIONS = (":env:.", "install.", "global.")


def uv_environment(python: str, environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` with what pip is set up for; a variable that is there already stays.

    Args:
        python: the interpreter whose pip is asked.
        environment: what both tools run with.
    """
    asked = subprocess.run(
        [python, "-m", "pip", "config", "list"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=dict(environment),
    )
    # Each package has its hash in the lock file: which index serves it is not a matter of trust.
    found = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    return found | for_uv(asked.stdout.splitlines()) | dict(environment)


def for_uv(lines: Iterable[str]) -> dict[str, str]:
    """Variables for uv, from the lines of `pip config list` (`global.index-url='https://mirror.example/simple'`)."""
    told = dict(line.split("=", 1) for line in lines if re.match(r"[:\w-]+\.[\w-]+='", line))
    variables: dict[str, str] = {}
    for name, (wanted, joint) in SETTINGS.items():
        values = next((told[at + name] for at in SECTIONS if at + name in told), None)
        if values is None:
            continue
        kept = [value for value in str(ast.literal_eval(values)).split() if not _is_missing(value)]
        if name == "no-index":
            # uv knows "false"; pip has more words for it.
            kept = [value for value in kept if value.lower() not in ("0", "false", "no", "off")]
        if kept:
            variables |= dict.fromkeys(wanted, joint.join(kept))
    if "UV_NO_INDEX" in variables:
        # pip then passes over them, uv refuses both at once.
        variables = {name: value for name, value in variables.items() if name not in _INDEXES}
    return variables


def _is_missing(location: str) -> bool:
    """Whether it is a folder that is not there: pip goes past it, uv would stop."""
    parts = urlsplit(location)
    if parts.scheme == "file":
        return not Path(url2pathname(parts.path)).exists()
    return Path(location).is_absolute() and not Path(location).exists()
