"""`test`: style, types, and all tests; everything after the command goes to pytest."""

import os
import signal
import subprocess
from collections.abc import Sequence

from workshop import node
from workshop.cli.jupyter import python_command
from workshop.target import PROJECT

STOP_LIMIT_S = 60
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
)


def run(arguments: Sequence[str]) -> int:
    """Run the checks and pytest; with pytest arguments only pytest.

    Returns:
        The first exit code that is not 0.
    """
    # The infrastructure tests synthesize the CDK app in this process, which needs a `node`.
    node.ensure_cdk()
    environment = node.cdk_environment()
    results = []
    if not arguments:
        for check in CHECKS:
            print(f"== {' '.join(check)}", flush=True)
            results.append(_run(check, environment))
    print("== pytest", flush=True)
    results.append(_run(("pytest", *arguments), environment))
    return next((code for code in results if code), 0)


def _run(check: Sequence[str], environment: dict[str, str]) -> int:
    # With the project on the path, as start.py sets it, and in its folder, where the settings are.
    environment = {**environment, "PYTHONPATH": os.fspath(PROJECT)}
    with subprocess.Popen(python_command("-m", *check), cwd=PROJECT, env=environment) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # A terminal's Ctrl-C has reached it as well, `kill` has not; either way it gets the
            # time to end what its tests started.
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.wait(timeout=STOP_LIMIT_S)
            raise
