"""Draws the architecture diagrams into `images/`: `python -m diagrams.draw`."""

from collections.abc import Callable
from pathlib import Path

from diagrams.async_patterns import lambda_destinations, lambda_dlq
from diagrams.clean_up import clean_up
from diagrams.failure_places import failure_places
from diagrams.four_paths import four_paths
from diagrams.message_groups import message_groups
from diagrams.moving import moving
from diagrams.narrow import narrow
from diagrams.outages import growing_waits, three_ways
from diagrams.queue_patterns import batches, repair
from diagrams.retry_spans import retry_spans
from diagrams.shapes import Picture
from diagrams.sqs_pattern import sqs_dlq
from diagrams.svg import svg
from infra.template import Template, synthesized

FOLDER = Path(__file__).resolve().parent.parent / "images"
Templates = dict[str, Template]


def _of(pattern: str, draw: Callable[[Template], Picture]) -> Callable[[Templates], Picture]:
    return lambda templates: draw(templates[pattern])


DIAGRAMS: dict[str, Callable[[Templates], Picture]] = {
    "sqs-dlq": _of("SqsDlq", sqs_dlq),
    "lambda-dest": _of("LambdaDestinations", lambda_destinations),
    "lambda-dlq": _of("LambdaDlq", lambda_dlq),
    "four-paths": four_paths,
    "batches": _of("PartialBatches", batches),
    "repair": _of("Repair", repair),
    # About all patterns at once: their words are in no template.
    "failure-places": failure_places,
    "growing-waits": growing_waits,
    "three-ways": three_ways,
    "order": message_groups,
    "retry-spans": retry_spans,
    "clean-up": clean_up,
}


# For the README alone.
MOVING: dict[str, Callable[[Templates], Picture]] = {"moving": _of("SqsDlq", moving)}

# Those whose drawing for a phone is another one than its cards below each other.
NARROW: dict[str, Callable[[Templates], Picture]] = {
    "order": lambda _: narrow(message_groups(_, is_narrow=True)),
    "retry-spans": lambda _: retry_spans(_, is_narrow=True),
}


def pictures(templates: Templates) -> dict[str, Picture]:
    """The pictures by file name without suffix."""
    return {name: draw(templates) for name, draw in DIAGRAMS.items()}


def narrow_pictures(templates: Templates) -> dict[str, Picture]:
    """The same for a phone."""
    drawn = {
        name: narrow(picture) for name, picture in pictures(templates).items() if name not in NARROW
    }
    return drawn | {name: draw(templates) for name, draw in NARROW.items()}


def main() -> None:
    """Write every diagram."""
    templates = synthesized()
    for folder, drawn in (
        (FOLDER, pictures(templates) | {name: draw(templates) for name, draw in MOVING.items()}),
        (FOLDER / "narrow", narrow_pictures(templates)),
    ):
        folder.mkdir(exist_ok=True)
        for name, picture in drawn.items():
            (folder / f"{name}.svg").write_text(svg(picture), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
