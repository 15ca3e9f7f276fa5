"""The architecture diagram, alive: counters and messages on their way, from the same facts."""
