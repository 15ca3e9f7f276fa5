"""Tools that people come with, each through a failing message into a dead-letter queue.

`installed` puts them beside `.venv`, `programs` runs them with nothing but the embedded AWS in
reach.
"""
