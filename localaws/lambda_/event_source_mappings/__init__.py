"""Event source mappings: pollers that read a queue and invoke the function with batches."""
