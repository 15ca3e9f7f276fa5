"""Asynchronous invocation: the event queue, its retries, and where events end."""
