"""The commands of `python3 start.py`, one file each; `python -m workshop COMMAND` is the same.

A command module has `add_arguments(parser)` and `run(options) -> exit code`. What a person can put
right is raised as `WorkshopError`; `workshop.__main__` shows it without a traceback.
"""
