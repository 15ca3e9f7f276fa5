"""What is operated and shown live: panels with buttons, the living diagram, the stage.

`controls` are buttons and their rows, `send_panel` sends orders. `flow` is the architecture diagram
with counters and moving messages, which `diagram` writes into the drawings of `images/` (pure).
`scenarios` are what an instructor shows, `emptying` clears the queues for the next one, `stage`
draws one of them, `panel` holds the controls. `live` makes facts of the player from a
scene that goes on, with `receives` that left no log line; `moments` cuts them at one of their
moments. All three are pure: what a stage shows that the player draws.
"""
