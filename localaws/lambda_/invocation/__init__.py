"""One invocation of a function: its payload, the concurrency it takes, what it is counted as."""
