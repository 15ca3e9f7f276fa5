"""The facts of `facts.toml`, and which of them a scenario says that it shows."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("facts.toml")

_DOCS = "https://docs.aws.amazon.com"
_GUIDES = {
    "dg": (f"{_DOCS}/lambda/latest/dg", "Lambda"),
    "sqsdg": (f"{_DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide", "SQS"),
    "sqsapi": (f"{_DOCS}/AWSSimpleQueueService/latest/APIReference", "SQS API"),
    "snsdg": (f"{_DOCS}/sns/latest/dg", "SNS"),
    "snsapi": (f"{_DOCS}/sns/latest/api", "SNS API"),
    "cwl": (f"{_DOCS}/AmazonCloudWatch/latest/logs", "Logs"),
}

# The whole first paragraph of a scenario's docstring: "A1, B2, J55a."
_ID = r"[A-FJ]\d+[a-d]?"
_IDS = re.compile(rf"{_ID}(-{_ID})?(, {_ID}(-{_ID})?)*\.")


@dataclass(frozen=True)
class Fact:
    """One rule of AWS's behaviour.

    Attributes:
        mechanism: the part of AWS that it is about.
        sources: in Markdown.
        not_shown: why no scenario can show it; None where some must.
    """

    id: str
    mechanism: str
    rule: str
    sources: str
    not_shown: str | None = None


def load() -> dict[str, Fact]:
    """Every fact by its id, in the order of the file."""
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        fact_id: Fact(fact_id, mechanism, values[0], _spelled_out(values[1]), *values[2:])
        for mechanism, facts in content.items()
        for fact_id, values in facts.items()
    }


def shown_by(docstring: str | None) -> list[str]:
    """The ids that a scenario's docstring lists."""
    paragraph = (docstring or "").strip().split("\n\n")[0]
    if not _IDS.fullmatch(paragraph):
        return []
    return [fact_id for part in paragraph.rstrip(".").split(", ") for fact_id in _range(part)]


def _range(part: str) -> list[str]:
    first, _, last = part.partition("-")
    if not last:
        return [first]
    return [f"{first[0]}{number}" for number in range(int(first[1:]), int(last[1:]) + 1)]


def _spelled_out(sources: str) -> str:
    return "; ".join(_source(source) for source in sources.split("; "))


def _source(source: str) -> str:
    kind, _, rest = source.partition(" ")
    guide, _, page = source.partition("/")
    match kind:
        case "recorded":
            return f"recorded on AWS, {rest}"
        case "capture":
            return f"third-party capture{f', {rest}' if rest else ''}"
        case "model":
            return "AWS's service model"
        case "derived":
            return f"follows from {', '.join(rest.split())}"
        case "runtime":
            return "AWS's runtime client"
        case "issue":
            return f"[public issue]({rest})"
    base, name = _GUIDES[guide]
    return f"[{name}: {page.removeprefix('API_')}]({base}/{page}.html)"
