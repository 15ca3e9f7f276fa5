"""What has to go, and who knows of it, as a picture: the map of the clean-up."""

from diagrams.parts import Card, arrow
from diagrams.shapes import Picture
from workshop.palette import GREEN

ROWS = (34, 140, 246)


def clean_up(_: object) -> Picture:
    """Three sources of things in an account, and the sweep that finds all of them."""
    stacks = Card("stacks", "Stacks", 20, ROWS[0], ("know what they made,", "and delete it"),
                  "notebook", 236)  # fmt: skip
    temporary = Card("temporary", "Temporary", 20, ROWS[1],
                     ("made by experiments,", "known by their names"), "queue", 236)  # fmt: skip
    left = Card("left", "Left behind", 20, ROWS[2], ("e.g. logs of a function", "that is gone"),
                "dead letters", 236)  # fmt: skip
    sweep = Card("sweep", "Sweep", 396, ROWS[1], ("by name and by tag,", "deletes what it finds"),
                 "event queue", 226)  # fmt: skip
    again = Card("again", "0 left", 762, ROWS[1], ("says a second sweep",), "done", 218)
    bend = 330
    return Picture(
        "What has to go",
        "Three sources of things in an account. Stacks know what they made, and delete it. "
        "Temporary resources of experiments are known by their names. What a deleted function "
        "left behind is known to nobody. A sweep by name and by tag finds all three and deletes "
        "them; a second sweep must find nothing: 0 left.",
        width=1000,
        height=364,
        groups=(
            *(card.drawn() for card in (stacks, temporary, left, sweep, again)),
            arrow("from-stacks", stacks.right, (bend, stacks.right[1]), (bend, ROWS[1] + 24),
                  (sweep.x, ROWS[1] + 24)),
            arrow("from-temporary", temporary.right, sweep.left),
            arrow("from-left", left.right, (bend, left.right[1]), (bend, ROWS[1] + 60),
                  (sweep.x, ROWS[1] + 60)),
            arrow("proof", sweep.right, again.left, colour=GREEN),
        ),
    )  # fmt: skip
