"""Installs the packages of a lock file into .venv: by uv, and where that cannot, by pip."""

import itertools
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence

from setting_up.telling import DONE, ROOT, explained, tell
from setting_up.tools import uv_environment

# What pip prints -> what to show meanwhile.
PIP_STEPS = (
    ("Retrying", "  the package registry does not answer, trying again"),
    ("Installing collected packages", "  unpacking (half a minute at the first start)"),
)
QUIET = ("--require-hashes", "--no-input", "--disable-pip-version-check", "--no-color")


def install_tools(python: str, lock: str, environment: Mapping[str, str]) -> bool:
    """Bring pip to its pinned version, and uv beside it; whether that was done.

    Without them the pip that Python brings does all of it, and tells what is wrong if anything is:
    some systems have no uv, some registries do not carry it.
    """
    done = subprocess.run(
        [python, "-m", "pip", "install", *QUIET, "--retries=1", "-r", str(ROOT / lock)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(environment),
    )
    return done.returncode == 0


def install(python: str, lock: str, environment: Mapping[str, str]) -> None:
    """Install a lock file's packages; every file must have one of its hashes.

    Args:
        python: the interpreter of the .venv.
        lock: the lock file's name.
        environment: what the installers run with.

    Raises:
        SetupError: it did not work; says why, and what to do.
    """
    if not _by_uv(python, lock, environment):
        _by_pip(python, lock, environment)
    tell(DONE, rare=True)


def _by_uv(python: str, lock: str, environment: Mapping[str, str]) -> bool:
    """Whether uv is there and did it. What it fails at, pip tries, and tells in words we know."""
    has_uv = [python, "-m", "uv", "--version"]
    if subprocess.run(has_uv, capture_output=True, env=dict(environment)).returncode != 0:
        return False
    command = [python, "-m", "uv", "pip", "install", "--python", python, "--require-hashes"]
    command += ["--color", "never", "-r", str(ROOT / lock)]
    tell(f"  {_count(lock)} packages, by uv")
    returncode, _ = _watched(command, uv_environment(python, environment), _show_uv)
    return returncode == 0


def _by_pip(python: str, lock: str, environment: Mapping[str, str]) -> None:
    # Byte code is made when a module is first imported: compiling all of aws-cdk-lib ahead of
    # time takes longer than the installation itself, and 300 MB.
    command = [python, "-m", "pip", "install", *QUIET, "--no-compile", "-r", str(ROOT / lock)]
    returncode, output = _watched(command, environment, _show_pip(_count(lock)))
    if returncode != 0:
        raise explained(output, f"pip could not install {lock}.")


def _watched(
    command: Sequence[str], environment: Mapping[str, str], show: Callable[[str], None]
) -> tuple[int, str]:
    """Run an installer, show each line's meaning; its exit code and all that it printed."""
    installer = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=dict(environment),
    )
    assert installer.stdout is not None
    output = []
    try:
        for line in installer.stdout:
            output.append(line)
            show(line)
        return installer.wait(), "".join(output)
    except BaseException:
        installer.terminate()
        installer.wait()
        raise


def _show_uv(line: str) -> None:
    if re.match(r"\s*(Downloading|Building) ", line):
        tell(f"  {line.strip()}", rare=True)


def _show_pip(total: int) -> Callable[[str], None]:
    """What to show for each line that pip prints, for a lock file with so many packages."""
    packages = itertools.count(1)

    def show(line: str) -> None:
        package = re.match(r"(?:Collecting|Requirement already satisfied:) ([\w.-]+)", line)
        if package:
            count = next(packages)
            tell(f"  package {count} of {total}: {package.group(1)}", rare=count % 50 != 1)
        for sign, told in PIP_STEPS:
            if sign in line:
                tell(told)

    return show


def _count(lock: str) -> int:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return len(re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE))
