"""Execution environments: child processes that run handlers under AWS's own runtime client."""

from localaws.lambda_.runtime.environments import ExecutionEnvironments
from localaws.lambda_.runtime.interpreters import HANDLERS_DIR, Interpreters
from localaws.lambda_.runtime.runtime_api import RUNTIME_PATH

__all__ = ["HANDLERS_DIR", "RUNTIME_PATH", "ExecutionEnvironments", "Interpreters"]
