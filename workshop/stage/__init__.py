"""What is operated and shown live: panels with buttons, the living diagram, the stage.

`controls` are buttons and their rows, `send_panel` sends orders. `flow` is the architecture diagram
with counters and moving messages, which `diagram` writes into the drawings of `images/` (pure).

The stage is one screen for a room ([docs/stage.md]). `scripts` has its scenes in words, `acts` what
each sets and sends, `answers` what it measures, `moving_back` the redrive. A `performance` is one
scene on AWS: what it sent, and what AWS shows of that, which `live` makes facts of the player from,
with `receives` that left no log line; `moments` cuts them at one of their moments, and a
`recording` keeps which of them is shown (these four are pure); `on_stage` has it with what the
scene set and called. The `theatre` is what the `director` knows of AWS, which keeps to its `pace`
and has its `remarks`; `clearing` and `emptying` make the next scene's room. `page` and `server`
bring it into a browser, `opening` puts all of it together.
"""
