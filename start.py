"""Sets up the workshop beside this file and runs one of its commands.

    python3 start.py [command] [arguments]

    lab        (default) open the workshop in JupyterLab
    stage      the instructor's stage: one screen for a room
    guides     run all notebooks and write them as HTML pages
    test       run all tests
    local      the embedded AWS in the foreground, for a shell or another program
    shell      your shell, with the AWS CLI, SDKs and the CDK on the chosen target
    bootstrap  prepare a Region of an account for the CDK, once
    deploy     create the stacks of the workshop on the chosen target
    destroy    remove them
    prepare    download, build and compile now what a start would need
    doctor     what was found and what is missing

`python3 start.py COMMAND --help` explains one command. The first start installs the locked
packages into .venv, which takes about a minute; later starts find them there. With what the
commands make when they are first used, the folder grows by about 0.9 GB.
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

import os
import signal
import subprocess

# PYTHONSAFEPATH keeps Python from doing so.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from setting_up.foreign import foreign_module

try:
    from setting_up.telling import SetupError
    from setting_up.venv import PYTHON, ROOT, VENV, environment, set_up
except Exception:
    if not foreign_module():
        raise
    print("start.py: %s" % foreign_module(), file=sys.stderr)
    sys.exit(1)

COMMANDS = (
    "lab",
    "stage",
    "guides",
    "test",
    "local",
    "shell",
    "bootstrap",
    "deploy",
    "destroy",
    "prepare",
    "doctor",
)
LOCK, TEST_LOCK = "requirements.txt", "requirements-dev.txt"


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
        locks = [LOCK, TEST_LOCK] if arguments[0] == "test" else [LOCK]
        set_up(locks, again=arguments[0] == "prepare")
    except SetupError as error:
        print("start.py: %s" % error, file=sys.stderr)
        return 1
    return run([PYTHON, "-P", "-m", "workshop"] + arguments)


def run(command):
    """Run a command in the folder the person is in; pass on its exit code and signals."""
    if foreign_module():
        print("start.py: %s" % foreign_module(), file=sys.stderr)
        return 1
    keep = environment()
    # Everything that the command starts (notebook kernels, the CDK app) finds the project.
    paths = [str(ROOT)] + [path for path in [keep.get("PYTHONPATH")] if path]
    keep["PYTHONPATH"] = os.pathsep.join(paths)
    keep["VIRTUAL_ENV"] = str(VENV)
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
