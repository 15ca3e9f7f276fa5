"""From tables to the retry timeline.

`lanes` says what is drawn for a message, `lane_making` makes it from the tables, `scale` is the
time axis with breaks, `moments` what of it is drawn wider so that marks have room, `letters` how
wide a text is, `marks` how each thing looks, `pen` draws one mark or text, `artist` one lane,
`waits` what lies between its marks, `failures` why its attempts failed, `endings` where it ends,
`limits` what ends it, `summary` many messages as few lanes, `groups` lanes of one or several
patterns on an Axes, `frame` what surrounds the lanes, with the `legend`. `finding` says in a
sentence what was found, `words` says it all, `vector` makes the SVG a part of a page, `picture` is
a figure with its words, `timeline` is the one call and `comparison` the one for several patterns.
For a page that is too narrow `narrow` draws the same lanes again: `upright` a few of them with time
going down, `tracks` many as lines, with marks that are `badges`.
"""
