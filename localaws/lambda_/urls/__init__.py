"""Function URLs: their configuration, the event that a request becomes, and serving it."""
