"""The process that holds the embedded AWS; `main` has its arguments.

A module of its own, as every start of the embedded AWS waits for what it imports: nothing that
notebooks alone need.
"""

import sys
from dataclasses import asdict
from pathlib import Path

import localaws
from workshop.errors import WorkshopError
from workshop.target import keeper
from workshop.target.run_state import RunState


def main(project: str, port: str, lateness: str, start_s: str, owner: str = "") -> int:
    """Hold the embedded AWS of a project; see `workshop.target.embedded`, which starts this.

    Args:
        project: the folder that it belongs to.
        port: TCP port; 0 takes a free one.
        lateness: the seed with which it is late, or "".
        start_s: virtual time at its beginning, or "".
        owner: the process with which it ends, or "".

    Returns:
        The exit code.
    """
    state = RunState(Path(project))

    def launch() -> tuple[localaws.RunningEndpoint, dict[str, str]]:
        running = localaws.launch(
            int(port),
            log=state.log_file,
            lateness=int(lateness) if lateness else None,
            start_s=float(start_s) if start_s else None,
        )
        return running, asdict(running.info)

    try:
        return keeper.keep(state, launch, owner=int(owner) if owner else None)
    except (localaws.LaunchError, WorkshopError) as error:
        told = str(error)
    except OSError as error:  # a full disk, or one that cannot be written to
        told = f"{error.filename or 'a file of it'} cannot be written ({error.strerror})"
    # Its first line, which whoever starts this passes on.
    sys.stdout.write(" ".join(told.split()).removesuffix(".") + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
