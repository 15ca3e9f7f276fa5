"""The architecture diagram, alive: counters, and messages on their way, from the same facts.

`passages` counts from tables (pure), `diagram` writes numbers and dots into the drawing of
`images/` (pure), `picture` is what a notebook shows.
"""
