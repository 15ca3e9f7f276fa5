"""What a person reads while things are set up, and when that fails."""

import contextlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".workshop"
# Packages with their byte code 840, what a first `lab` makes 5, and room to work. Accounts, and
# changes of the CDK app, take 250 to 470 more: jsii's copy of the CDK, the CDK CLI, and Node.js
# where there is none.
NEEDED_MB = 900
# The packages of requirements.txt as they come from a registry; what pip or uv has kept comes from
# there.
DOWNLOAD_MB = 225
DONE = "  done"
# What `prepare --offline` has put there: then nothing else is asked for packages.
WHEELS = ROOT / "wheels"
CARRIED = (
    f"The folder {WHEELS} lacks a package for this machine or this Python: it holds those of the "
    "machine that made it.\nStart with the same Python as there (3.12, for example: python3.12 "
    "start.py), or remove the folder: then a package registry is asked."
)

# What pip prints -> what happened, what to do. The first that fits is told.
FAILURES = (
    (
        r"No space left on device|Errno 28|WinError 112|Disk quota exceeded",
        f"The disk is full.\nFree about {NEEDED_MB} MB and start again.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "A downloaded package is not the one that the lock file names.\nStart again; if it stays "
        "so, the package mirror that pip is set up for serves other files.",
    ),
    (
        r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError"
        r"|getaddrinfo|name resolution|Max retries exceeded|Connection refused|from versions: none",
        "The package registry cannot be reached.\nCheck the network (a proxy is set with "
        "HTTPS_PROXY, a mirror with pip's index-url) and start again.",
    ),
    (
        r"Errno 13|Errno 30|Permission denied|Read-only file system",
        f"Python may not write into {ROOT / '.venv'}.\nCopy the project into a folder of your own "
        "and start it there.",
    ),
    (
        r"No matching distribution|metadata-generation-failed|Failed building|Failed to build",
        "A package cannot be installed on this system.\nUse Python 3.11 or newer in its 64-bit "
        "CPython build; the details name the package.",
    ),
)


class SetupError(Exception):
    """What happened, and what to do about it."""


def tell(text: str, *, rare: bool = False) -> None:
    """One changing line in a terminal; elsewhere lines of their own, without the `rare` ones."""
    if sys.stdout.isatty():
        print("\r" + text.ljust(70)[:70], end="\n" if text == DONE else "", flush=True)
    elif not rare:
        print(text, flush=True)


def explained(output: str, what: str) -> SetupError:
    """The error for a failed set-up, in one sentence and with the remedy."""
    log = STATE / "setup.log"
    with contextlib.suppress(OSError):
        log.write_text(output, encoding="utf-8")
    if WHEELS.is_dir() and re.search(r"No matching distribution", output):
        return SetupError(f"{CARRIED}\n(Details: {log})")
    for pattern, told in FAILURES:
        if re.search(pattern, output, re.IGNORECASE):
            return SetupError(f"{told} (Details: {log})")
    errors = [line.strip() for line in output.splitlines() if "error" in line.lower()]
    reason = (errors or output.strip().splitlines() or ["no reason given"])[-1]
    return SetupError(f"{what} Its reason: {reason}\nAll it said is in {log}.")
