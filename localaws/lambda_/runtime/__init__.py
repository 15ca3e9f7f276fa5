"""Execution environments: child processes that run handlers under AWS's own runtime client."""

from .environments import ExecutionEnvironments
from .runtime_api import RUNTIME_PATH

__all__ = ["RUNTIME_PATH", "ExecutionEnvironments"]
