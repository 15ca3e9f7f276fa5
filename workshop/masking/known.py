"""What this run knows by value: its account, profile, keys, user, folders and machine."""

import getpass
import json
import re
import socket
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# A shorter name could be any word.
_DISTINCTIVE = 5
_LEAST = 3


@dataclass(frozen=True)
class Known:
    """One value.

    Attributes:
        name: of its alias, e.g. "ACCOUNT".
        words: what the gate calls it.
        value: as it is.
        is_a_word: whether texts use it in another sense, too (a profile called `workshop`): it is
            then found only where its kind is told by what stands around it.
        alias: what it becomes; default the next number of its name.
    """

    name: str
    words: str
    value: str
    is_a_word: bool = False
    alias: str = ""

    def found_in(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Where it begins and ends."""
        if self.is_a_word or self.value not in text:
            return
        # A name within a longer one is another name; digits and keys are told wherever they stand.
        is_name = self.name in ("PROFILE", "USER", "HOST", "SESSION")
        alone = (r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])") if is_name else ("", "")
        if self.name == "ACCOUNT" and self.value.isdecimal():
            alone = (r"(?<![0-9])", r"(?![0-9])")
        if self.name == "PATH":
            alone = (r"(?<![\w.-])", r"(?![\w-])")
        for match in re.finditer(alone[0] + re.escape(self.value) + alone[1], text):
            yield match.start(), match.end(), self.value


def of_account(account: str) -> list[Known]:
    """An account id: as it is, as the console writes it, and with its last digits alone."""
    if not re.fullmatch("[0-9]{12}", account) or set(account) == {"0"}:
        return []
    written = [account, "-".join(re.findall("....", account)), abbreviated(account)]
    return [Known("ACCOUNT", "an account id", value, alias="ACCOUNT-1") for value in written]


def abbreviated(account: str) -> str:
    """An account id for its owner's terminal: the last four digits only."""
    return f"********{account[-4:]}"


def alike(account: str | None, other: str | None) -> str:
    """What tells two account ids apart that look the same as they are shown; else nothing."""
    if not account or not other or account == other or abbreviated(account) != abbreviated(other):
        return ""
    return ", another account whose id ends in the same four digits"


def of_profile(profile: str, words: Collection[str] = ()) -> list[Known]:
    """The name of a profile; `words` are those that texts use in another sense."""
    return [_named("PROFILE", "the name of a profile", profile, words)] if profile else []


def of_endpoint(url: str) -> list[Known]:
    """The address of an endpoint."""
    host = url.partition("://")[2].partition("/")[0]
    return (
        [Known("ENDPOINT", "the address of an endpoint", host, alias="ENDPOINT-1")] if host else []
    )


def of_caller(arn: str, words: Collection[str] = ()) -> list[Known]:
    """Who calls: the user, or the role's session, that an ARN ends with."""
    kind, _, name = arn.rpartition(":")[2].partition("/")
    called = {
        "user": ("USER", "the name of a user"),
        "assumed-role": ("SESSION", "the name of a session"),
    }.get(kind)
    return [_named(*called, name.rpartition("/")[2], words)] if called else []


def of_keys(*, access_key: str = "", secret_key: str = "", token: str | None = "") -> list[Known]:
    """The keys that calls are signed with."""
    keys = (
        ("ACCESS-KEY", "an access key", access_key),
        ("SECRET", "a secret key", secret_key),
        ("TOKEN", "a token", token),
    )
    return [Known(name, words, value, alias=f"{name}-1") for name, words, value in keys if value]


def of_machine(
    project: Path, words: Collection[str] = (), environment: Mapping[str, str] | None = None
) -> list[Known]:
    """The user, the machine, and its folders; each folder stays a path that can be read.

    Args:
        project: the folder of the project.
        words: those that texts use in another sense.
        environment: has `HOME`; default the process's own home.
    """
    home = Path((environment or {}).get("HOME") or Path.home())
    folders = [("PROJECT", project), ("PYTHON", Path(sys.prefix)), ("HOME", home)]
    if len(temporary := tempfile.gettempdir()) > len("/var/tmp"):
        folders.append(("TEMPORARY", Path(temporary)))
    known = [
        Known("PATH", "a path of this machine", written, alias=alias)
        for alias, folder in folders
        if len(folder.parts) > 1
        for written in dict.fromkeys((str(folder), str(folder.resolve()), folder.as_posix()))
    ]
    user = ""
    with suppress(Exception):  # a machine may know no name for its user
        user = getpass.getuser()
    for name, about, value in (
        ("USER", "the name of a user", user),
        ("HOST", "the name of a machine", socket.gethostname()),
    ):
        if len(value) >= _LEAST:
            known.append(_named(name, about, value, words))
    return known


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """The words of texts that everybody may read: a name that is one of them is not told by it."""
    return frozenset(word for text in texts for word in re.findall(r"[\w.-]+", text.casefold()))


def words_of_notebooks(paths: Iterable[Path]) -> frozenset[str]:
    """The words of stored notebooks."""
    cells = (cell for path in paths for cell in json.loads(path.read_text("utf-8"))["cells"])
    return words_of("".join(cell["source"]) for cell in cells)


def _named(name: str, about: str, value: str, words: Collection[str]) -> Known:
    folded = value.casefold()
    plain = len(value) < _DISTINCTIVE or folded in words or folded in _ORDINARY
    return Known(name, about, value, is_a_word=plain)


# Names that people give to profiles, users and machines, and that texts use as words.
_ORDINARY = frozenset(
    {"admin", "administrator", "default", "environment", "developer", "localhost", "production"}
    | {"runner", "sandbox", "staging", "student", "training", "ubuntu", "vagrant", "workshop"}
)
