"""Draws the architecture diagrams beside this file: `python -m images.draw`."""

from collections.abc import Callable
from pathlib import Path

from images.async_patterns import lambda_destinations, lambda_dlq
from images.failure_places import failure_places
from images.png import png
from images.shapes import Picture
from images.sqs_pattern import sqs_dlq
from images.svg import svg
from infra.template import Template, synthesized

FOLDER = Path(__file__).resolve().parent
DIAGRAMS: dict[str, tuple[str, Callable[[Template], Picture]]] = {
    "sqs-dlq": ("SqsDlq", sqs_dlq),
    "lambda-dest": ("LambdaDestinations", lambda_destinations),
    "lambda-dlq": ("LambdaDlq", lambda_dlq),
    "failure-places": ("SqsDlq", failure_places),
}


def pictures(templates: dict[str, Template]) -> dict[str, Picture]:
    """The pictures by file name without suffix."""
    return {name: draw(templates[pattern]) for name, (pattern, draw) in DIAGRAMS.items()}


def main() -> None:
    """Write every diagram as SVG and PNG."""
    for name, picture in pictures(synthesized()).items():
        (FOLDER / f"{name}.svg").write_text(svg(picture), "utf-8", newline="\n")
        (FOLDER / f"{name}.png").write_bytes(png(picture))


if __name__ == "__main__":
    main()
