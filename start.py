"""Sets up the workshop beside this file and runs one of its commands.

    python3 start.py [command] [arguments]

    lab        (default) open the workshop in JupyterLab
    guides     run all notebooks and write them as HTML pages
    test       run all tests
    local      the embedded AWS in the foreground, for a shell or another program
    shell      your shell, with the AWS CLI, SDKs and the CDK on the chosen target
    bootstrap  prepare a Region of an account for the CDK, once
    deploy     create the stacks of the workshop on the chosen target
    destroy    remove them
    doctor     what was found and what is missing

`python3 start.py COMMAND --help` explains one command. The first start installs the locked
packages into .venv, which takes a minute or two; later starts find them there. With what the
commands make when they are first used, the folder grows by about 1.2 GB.
"""

# This file is read by whatever Python a person has, and must itself say when that one is too old:
# so it stays within what Python 2.7 can read (no annotations, no f-strings), uses the standard
# library only, and looks at the version before it imports anything that might be missing.
from __future__ import print_function

import sys

MINIMUM = (3, 11)
if sys.version_info < MINIMUM:
    print(
        "start.py: this is Python %d.%d, the workshop needs Python %d.%d or newer.\n"
        "Install a newer Python (python.org, your package manager, or conda), and run this file "
        "with it, for example: python3.13 start.py" % (sys.version_info[:2] + MINIMUM),
        file=sys.stderr,
    )
    sys.exit(1)

import contextlib
import errno
import hashlib
import os
import re
import shutil
import signal
import subprocess
import time

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV, STATE = os.path.join(ROOT, ".venv"), os.path.join(ROOT, ".workshop")
PYTHON = os.path.join(VENV, *(["Scripts", "python.exe"] if os.name == "nt" else ["bin", "python"]))
# Exists while pip works: one that is left over tells of an interrupted installation.
UNFINISHED = os.path.join(VENV, "installing")
COMMANDS = ("lab", "guides", "test", "local", "shell", "bootstrap", "deploy", "destroy", "doctor")
LOCK, TEST_LOCK = "requirements.txt", "requirements-dev.txt"
# Packages 710, then what the first `lab` or `guides` makes: jsii's copy of the CDK 220, the CDK CLI
# 30, and Node.js 220 where there is none.
NEEDED_MB = 1200

# What pip prints -> what to show meanwhile.
PIP_STEPS = (
    ("Retrying", "  the package registry does not answer, trying again"),
    ("Installing collected packages", "  unpacking (half a minute at the first start)"),
)
# What pip prints -> what happened, what to do. The first that fits is told.
PIP_FAILURES = (
    (
        r"No space left on device|Errno 28|WinError 112|Disk quota exceeded",
        "The disk is full.\nFree about %d MB and start again." % NEEDED_MB,
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
        "Python may not write into %s.\nCopy the project into a folder of your own and start it "
        "there." % VENV,
    ),
    (
        r"No matching distribution|metadata-generation-failed|Failed building|Failed to build",
        "A package cannot be installed on this system.\nUse Python 3.11 or newer in its 64-bit "
        "CPython build; the details name the package.",
    ),
)


class SetupError(Exception):
    """What happened, and what to do about it."""


def main(arguments):
    """Set up what the command needs, run it, return its exit code."""
    if arguments[:1] and arguments[0] in ("-h", "--help", "help"):
        print(__doc__.strip())
        return 0
    if not arguments or arguments[0].startswith("-"):
        arguments = ["lab"] + arguments
    if arguments[0] not in COMMANDS:
        print(
            "start.py: there is no command %r. There are: %s."
            % (arguments[0], ", ".join(COMMANDS)),
            file=sys.stderr,
        )
        return 2
    if any(argument in ("-h", "--help") for argument in arguments):
        # What a command says of itself needs no package.
        return run([sys.executable, "-P", "-m", "workshop"] + arguments)
    try:
        set_up([LOCK, TEST_LOCK] if arguments[0] == "test" else [LOCK])
    except SetupError as error:
        print("start.py: %s" % error, file=sys.stderr)
        return 1
    return run([PYTHON, "-P", "-m", "workshop"] + arguments)


def set_up(locks):
    """Make .venv hold what the lock files say; nothing to do when their stamps are right."""
    version = venv_version()
    if version and all(stamp_is_right(lock, version) for lock in locks):
        return
    with one_at_a_time():
        version = venv_version()
        if version is None or os.path.exists(UNFINISHED):
            make_venv()
            version = venv_version()
        for lock in locks:
            if not stamp_is_right(lock, version):
                install(lock)
                write(stamp_path(lock), stamp(lock, version))


def venv_version():
    """The Python version in .venv, "3.12"; None when there is none that works."""
    probe = "import pip, sys; print('%d.%d' % sys.version_info[:2])"
    try:
        found = subprocess.check_output(
            [PYTHON, "-I", "-c", probe], stderr=subprocess.DEVNULL, universal_newlines=True
        ).strip()
    except (OSError, subprocess.CalledProcessError):
        return None
    return found if tuple(int(part) for part in found.split(".")) >= MINIMUM else None


def stamp_path(lock):
    return os.path.join(VENV, "installed-%s" % lock)


def stamp(lock, version):
    """What was installed: another lock, another Python or a moved folder make another stamp."""
    with open(os.path.join(ROOT, lock), "rb") as file:
        return "%s Python %s in %s\n" % (hashlib.sha256(file.read()).hexdigest(), version, VENV)


def stamp_is_right(lock, version):
    try:
        with open(stamp_path(lock), encoding="utf-8") as file:
            return file.read() == stamp(lock, version)
    except (OSError, UnicodeDecodeError):
        return False


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


@contextlib.contextmanager
def one_at_a_time():
    """Let a second start.py wait for the first instead of writing into the same .venv."""
    try:
        os.makedirs(STATE, exist_ok=True)
        file = open(os.path.join(STATE, "setup.lock"), "a+")  # noqa: SIM115
    except OSError as error:
        raise SetupError(
            "The folder %s cannot be written to (%s).\nCopy the project into a folder of your own "
            "and start it there." % (ROOT, error.strerror)
        )
    with file:
        if not try_lock(file):
            print("Another start.py is setting up this folder; waiting for it.", flush=True)
            while not try_lock(file):
                time.sleep(0.5)
        yield


def try_lock(file):
    """Take the lock, which ends with the open file; False when another process has it."""
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK):
            return False
        raise SetupError(
            "The folder %s has no file locks (%s).\nCopy the project to a disk of this machine and "
            "start it there; some network folders lack them." % (ROOT, error.strerror)
        )
    return True


def make_venv():
    """Create .venv anew, in place of a half-made one."""
    free_mb = shutil.disk_usage(ROOT).free // 1000000
    if free_mb < NEEDED_MB:
        raise SetupError(
            "The disk has %d MB left, the workshop needs about %d MB.\n"
            "Free some space and start again." % (free_mb, NEEDED_MB)
        )
    print("Setting up .venv with Python %d.%d (only at the first start)" % sys.version_info[:2])
    sys.stdout.flush()
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        env=environment(),
    )
    if made.returncode == 0 and venv_version() is not None:
        return
    if re.search(r"ensurepip|No module named '?venv", made.stdout):
        raise SetupError(
            "This Python (%s) has no venv module, or one without pip.\n"
            "On Debian or Ubuntu: sudo apt install python3-venv. Elsewhere: use the Python of "
            "python.org or conda." % sys.executable
        )
    raise explained(made.stdout, "Python's venv module could not create %s." % VENV)


def install(lock):
    """Install a lock file's packages; every file must have one of its hashes."""
    write(UNFINISHED, lock)
    # Byte code is made when a module is first imported: compiling all of aws-cdk-lib ahead of
    # time takes longer than the installation itself, and 300 MB.
    command = [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-compile", "--no-input"]
    command += ["--disable-pip-version-check", "--no-color", "-r", os.path.join(ROOT, lock)]
    pip = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=environment(),
    )
    try:
        output = show_progress(pip.stdout, lock)
        returncode = pip.wait()
    except BaseException:
        pip.terminate()
        pip.wait()
        raise
    if returncode != 0:
        raise explained(output, "pip could not install %s." % lock)
    os.remove(UNFINISHED)


def show_progress(lines, lock):
    """Tell how far pip is while it prints `lines`; returns all that it printed."""
    with open(os.path.join(ROOT, lock), encoding="utf-8") as file:
        total = sum(1 for line in file if re.match(r"[A-Za-z0-9]", line))
    output, count = [], 0
    for line in lines:
        output.append(line)
        package = re.match(r"(?:Collecting|Requirement already satisfied:) ([\w.-]+)", line)
        if package:
            count += 1
            told = "  package %d of %d: %s" % (count, total, package.group(1))
            tell(told, rare=count % 50 != 1)
        for sign, told in PIP_STEPS:
            if sign in line:
                tell(told)
    tell("  done", rare=True)
    return "".join(output)


def tell(text, rare=False):
    """One changing line in a terminal; elsewhere lines of their own, without the `rare` ones."""
    if sys.stdout.isatty():
        print("\r" + text.ljust(70)[:70], end="\n" if text == "  done" else "", flush=True)
    elif not rare:
        print(text, flush=True)


def explained(output, what):
    """The error for a failed set-up, in one sentence and with the remedy."""
    log = os.path.join(STATE, "setup.log")
    with contextlib.suppress(OSError):
        write(log, output)
    for pattern, told in PIP_FAILURES:
        if re.search(pattern, output, re.IGNORECASE):
            return SetupError("%s (Details: %s)" % (told, log))
    errors = [line.strip() for line in output.splitlines() if "error" in line.lower()]
    reason = (errors or output.strip().splitlines() or ["no reason given"])[-1]
    return SetupError("%s Its reason: %s\nAll it said is in %s." % (what, reason, log))


def environment():
    """This process's environment without what would redirect a Python in .venv, or slow it down."""
    drop = ("PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "__PYVENV_LAUNCHER__")
    # Usual in containers, where each of the many processes would compile all that it imports anew:
    # three seconds of each start. Byte code goes beside the packages and our own modules.
    drop += ("PYTHONDONTWRITEBYTECODE",)
    kept = {name: value for name, value in os.environ.items() if name not in drop}
    return dict(kept, PIP_USER="0")


def run(command):
    """Run a command in the folder the person is in; pass on its exit code and signals."""
    keep = environment()
    # Everything that the command starts (notebook kernels, the CDK app) finds the project.
    paths = [ROOT] + [path for path in [keep.get("PYTHONPATH")] if path]
    keep["PYTHONPATH"] = os.pathsep.join(paths)
    keep["VIRTUAL_ENV"] = VENV
    keep["PATH"] = os.path.dirname(PYTHON) + os.pathsep + keep.get("PATH", os.defpath)
    if os.name != "nt":
        os.execve(command[0], command, keep)
    # Windows has no exec that keeps the process: wait, and leave Ctrl-C to the command.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.call(command, env=keep)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("\nStopped. The next start goes on from here.", file=sys.stderr)
        sys.exit(130)
