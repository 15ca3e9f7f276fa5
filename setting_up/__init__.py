"""What `start.py` does before any package is there: `.venv`, and the locked packages in it.

`telling` (what went wrong, how far it is), `foreign` (modules in the place of Python's own),
`tools` (the pinned pip and uv, and what the person has set up for pip), `packages` (a lock file's
packages), `project` (the project itself, and its kernel), `handler_pythons` (other Pythons of the
machine, for functions), `venv` (when any of that is needed). Standard library only, for nothing
else is there yet.
"""
