"""Dead letters: look, find the cause, send again.

`payloads` takes out of a dead letter what it carries (pure), `expectations` says what the handler
wants (the handler's own code), `dead_letters` is the viewer, `choosing` says which of them are
meant, `resending` how each kind goes back. `redrive` is the one call, `job` does its work,
`returning` tells what became of what was sent again.
"""
