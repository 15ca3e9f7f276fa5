"""Virtual time: one clock, what is scheduled on it, what holds it up, and who lets it pass.

Read `clock` and `scheduler` first, then `timekeeper`. Nobody else in `localaws` reads the time or
sleeps: services are handed a `Time`.
"""
