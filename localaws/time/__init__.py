"""Virtual time: one clock, what is scheduled on it, what holds it up, and who lets it pass.

Read `clock`, `mode` and `scheduler` first, then `timekeeper`; `computing` is what handlers' work is
charged. Nobody else in `localaws` reads the time or
sleeps: services are handed a `Time`.
"""
