"""Lines with rounded corners and arrowheads, the same for every renderer."""

import math

from diagrams.shapes import Line, Point

CORNER = 10.0
ARROW_LENGTH, ARROW_WIDTH = 11.0, 9.0


def towards(start: Point, end: Point, distance: float) -> Point:
    """The point this far from `start` on the way to `end`."""
    length = math.dist(start, end)
    share = min(distance / length, 0.5) if length else 0.0
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


def shortened(line: Line) -> tuple[Point, ...]:
    """The points of a line, which ends before its arrowhead's tip."""
    if not line.arrow:
        return line.points
    return (*line.points[:-1], towards(line.points[-1], line.points[-2], ARROW_LENGTH - 2))


def arrowhead(line: Line) -> tuple[Point, Point, Point]:
    """The corners of the arrowhead at the end of a line."""
    tip, before = line.points[-1], line.points[-2]
    base = towards(tip, before, ARROW_LENGTH)
    length = math.dist(tip, before) or 1.0
    across_x, across_y = (tip[1] - before[1]) / length, (before[0] - tip[0]) / length
    half = ARROW_WIDTH / 2
    return (
        tip,
        (base[0] + across_x * half, base[1] + across_y * half),
        (base[0] - across_x * half, base[1] - across_y * half),
    )
