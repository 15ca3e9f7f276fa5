"""Execution environments: child processes that run handlers under AWS's own runtime client."""

from .environments import ExecutionEnvironments

__all__ = ["ExecutionEnvironments"]
