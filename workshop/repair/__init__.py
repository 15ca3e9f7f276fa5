"""Dead letters: look, find the cause, send again.

`expectations` says what the handler wants (the handler's own code), `dead_letters` is the viewer,
`resending` knows how each kind of dead letter goes back, `redrive` is the one call.
"""
