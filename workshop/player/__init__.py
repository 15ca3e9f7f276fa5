"""The player: a recorded run, replayed in a notebook, in a guide, on a stage.

`facts` makes one JSON document of a run (`docs/player.md`): `places` are the cards of its picture,
`journey` says where each message is and how many are in each place, `waits` what one waits for,
`sequence` behind whom of its message group,
`telling` has the log lines, `parcels` what arrived, `questions` are what is asked on the way.
The modules of `js/` show the facts, and `player.css` says how that looks; `look` has both as they
are put into a page, `widget` is the player of a notebook.
"""
