"""`prepare`: everything that a participant's start would otherwise download, build or compile."""

import argparse
import compileall
import json
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from workshop.cli.progress import Progress
from workshop.errors import WorkshopError
from workshop.target.folders import APPLICATION, PROJECT
from workshop.target.target import Target

Say = Callable[[str], None]

# What a lesson imports first, and what matplotlib makes of it: a list of the machine's fonts.
_IMPORTS = "import workshop.connection, workshop.drawing.timeline, localaws.server"
# Most of the modules, and nobody imports them who does not change the CDK app; and no tests.
_LEFT_OUT = r".*[/\\](aws_cdk|jsii|tests?)[/\\]"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument(
        "--kernel",
        action="store_true",
        help='let all your Jupyters, and VS Code, list the kernel "Lambda failure workshop"',
    )
    parser.add_argument(
        "--offline",
        metavar="DIR",
        type=Path,
        help="also make a folder to carry: the project with all its packages, from which another "
        "machine of the same kind sets up without a network",
    )
    parser.add_argument(
        "--cdk",
        action="store_true",
        help="also bring Node.js and the CDK CLI (90 MB), for stacks on an account and those of a "
        "--participant need",
    )
    parser.add_argument(
        "--notebooks",
        action="store_true",
        help="only bring your working copies of the notebooks, as `lab` does: what a hub does "
        "before it starts a person's JupyterLab",
    )
    parser.add_argument(
        "--assembly",
        action="store_true",
        help="only write infra/assembly anew, after a change of the CDK app: with it, a start runs "
        "no CDK app, and needs no Node.js",
    )
    parser.epilog = "What is there already is left as it is; the packages are start.py's business."


def run(options: argparse.Namespace) -> int:
    """Prepare, tell what was done, and what comes next."""
    # Imported late: `--help` must work where no package is installed yet.
    from workshop.stacks import cloud_assembly, node

    if options.assembly:
        write_assembly(PROJECT, print)
        return 0
    if options.notebooks:
        bring_notebooks(print)
        return 0
    progress = Progress()
    progress.step("preparing")
    assembly = cloud_assembly.synthesized(Target(), PROJECT, progress.note)
    compile_modules(progress.note)
    _import_once(progress.note)
    if options.cdk:
        node.ensure_cdk(progress.note)
    progress.done()
    if options.kernel:
        print(f"Your Jupyters find the kernel by {register(kernel_spec(), _data_folder())}")
    if options.offline:
        # Imported late: only who carries something needs it.
        from workshop.cli.carried import carry

        carry(options.offline, assembly, PROJECT, print)
    print("Prepared: a start downloads and builds nothing.")
    return 0


def write_assembly(project: Path, say: Say) -> None:
    """Write the cloud assembly that the project brings along, of what its CDK app makes now."""
    from workshop.stacks import cloud_assembly, shipped_assembly

    with TemporaryDirectory() as folder:
        made = cloud_assembly.made_by_app(Path(folder, "cdk.out"), project, say)
        shipped_assembly.pack(made, project)
    say(f"Written: {shipped_assembly.FOLDER}, which belongs into the same commit as the change.")


def bring_notebooks(say: Say) -> None:
    """Make the working copies of this person that are missing; say what changed, and where."""
    from workshop.lessons.working_copies import WorkingCopies

    copies = WorkingCopies()
    for told in copies.bring():
        say(told)
    say(f"Your notebooks are in {copies.folder}")


def compile_modules(say: Say, folders: tuple[Path, ...] = ()) -> None:
    """Make the byte code of whatever a start imports, where it may be written."""
    packages = Path(sysconfig.get_path("purelib"))
    for folder in folders or (packages, *(PROJECT / name for name in ("workshop", "localaws"))):
        if os.access(folder, os.W_OK):
            say(f"compiling {folder.name}")
            # In the folder, not on the way to it.
            left_out = re.compile(re.escape(str(folder)) + _LEFT_OUT)
            compileall.compile_dir(folder, quiet=2, workers=0, rx=left_out)


def _import_once(say: Say) -> None:
    from workshop.cli.jupyter import jupyter_environment, python_command

    say("importing what lessons import")
    command = python_command("-c", _IMPORTS)
    done = subprocess.run(command, capture_output=True, text=True, env=jupyter_environment())
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise WorkshopError(
            f"What lessons import cannot be imported: {last}",
            "Remove .venv, and run this again.",
        )


def kernel_spec(prefix: Path = Path(sys.prefix)) -> Path:
    """The kernel spec of this environment.

    Raises:
        WorkshopError: it has none: the project is not installed in it.
    """
    file = prefix / "share" / "jupyter" / "kernels" / APPLICATION / "kernel.json"
    if not file.exists():
        raise WorkshopError(
            f"This environment, {prefix}, has no kernel of the workshop.",
            "Install the project into it, with `pip install --no-deps -e .`, and run this again.",
        )
    return file


def register(spec: Path, data: Path) -> Path:
    """Copy a kernel spec to where all Jupyters of this user look; it names this Python by path."""
    told = json.loads(spec.read_text(encoding="utf-8"))
    told["argv"][0] = sys.executable
    file = data / "kernels" / APPLICATION / "kernel.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(told, indent=1), encoding="utf-8")
    return file


def _data_folder() -> Path:
    from jupyter_core.paths import jupyter_data_dir

    return Path(jupyter_data_dir())
