"""The facts of `facts.toml`, and which of them a scenario says that it shows."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.public_sources import AREAS, LOCALSTACK, STACKD, code_file, snapshot_file

FILE = Path(__file__).with_name("facts.toml")

_DOCS = "https://docs.aws.amazon.com"
_GUIDES = {
    "dg": (f"{_DOCS}/lambda/latest/dg", "Lambda"),
    "sqsdg": (f"{_DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide", "SQS"),
    "sqsapi": (f"{_DOCS}/AWSSimpleQueueService/latest/APIReference", "SQS API"),
    "snsdg": (f"{_DOCS}/sns/latest/dg", "SNS"),
    "snsapi": (f"{_DOCS}/sns/latest/api", "SNS API"),
    "cwl": (f"{_DOCS}/AmazonCloudWatch/latest/logs", "Logs"),
    "cw": (f"{_DOCS}/AmazonCloudWatch/latest/monitoring", "CloudWatch"),
    "eb": (f"{_DOCS}/eventbridge/latest/userguide", "EventBridge"),
    "s3ug": (f"{_DOCS}/AmazonS3/latest/userguide", "S3"),
}

# The whole first paragraph of a scenario's docstring: "A1, B2, J55a."
_ID = r"[A-GJ]\d+[a-d]?"
_IDS = re.compile(rf"{_ID}(-{_ID})?(, {_ID}(-{_ID})?)*\.")

_TEST = re.compile(r"(recorded|asserted) (\w+)::(test_\w+(?:\[[^]]+\])?) (\d{4}-\d\d-\d\d)")
_PATH = re.compile(r"(capture|code) ((?:[\w-]+/)+[\w-]+\.\w+)(?: (\d{4}-\d\d-\d\d))?")


@dataclass(frozen=True)
class Fact:
    """One rule of AWS's behaviour.

    Attributes:
        mechanism: the part of AWS that it is about.
        sources: as the file has them.
        not_shown: why no scenario can show it; None where some must.
    """

    id: str
    mechanism: str
    rule: str
    sources: tuple[str, ...]
    not_shown: str | None = None

    def sources_in_markdown(self) -> str:
        """The sources as a reader of the report gets them; its end has the `links`."""
        return "; ".join(_spelled_out(source) for source in self.sources)


@dataclass(frozen=True)
class RunOnAws:
    """A test of LocalStack's and the day when it ran against AWS, as a fact cites them.

    Attributes:
        is_recorded: AWS's answers are kept and show the fact; otherwise the test itself demands it.
        area: the short name of its file.
        name: of the test, with its parameters where the fact is about those.
        day: as `YYYY-MM-DD`.
    """

    is_recorded: bool
    area: str
    name: str
    day: str

    @property
    def file(self) -> str:
        """The path of the file that shows the fact."""
        return snapshot_file(self.area) if self.is_recorded else code_file(self.area)

    @property
    def label(self) -> str:
        """What the report's link to that file is called."""
        return Path(self.file).name

    def is_called(self, recording: str) -> bool:
        """Whether a recording is of this test; without parameters every one of its runs is."""
        path, bracket, parameters = recording.partition("[")
        name = path.rpartition("::")[2]
        return self.name in (name, f"{name}{bracket}{parameters}")


def load() -> dict[str, Fact]:
    """Every fact by its id, in the order of the file."""
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        fact_id: Fact(fact_id, mechanism, values[0], tuple(values[1].split("; ")), *values[2:])
        for mechanism, facts in content.items()
        for fact_id, values in facts.items()
    }


def links() -> dict[str, str]:
    """What the facts' Markdown refers to: label -> address of a file, in order of the labels."""
    sources = {source for fact in load().values() for source in fact.sources}
    runs = filter(None, map(run_on_aws, sources))
    files = {run.label: LOCALSTACK.blob(run.file) for run in runs}
    paths = {match[2]: STACKD.blob(match[2]) for match in map(_PATH.fullmatch, sources) if match}
    return dict(sorted({**files, **paths}.items()))


def run_on_aws(source: str) -> RunOnAws | None:
    """The run that a source cites; None if it is of another kind.

    Raises:
        ValueError: file, test or day is missing, or the area is not known.
    """
    if not source.startswith(("recorded", "asserted")):
        return None
    match = _TEST.fullmatch(source)
    if match is None or match[2] not in AREAS:
        raise ValueError(
            f"{source!r} has to be `recorded AREA::TEST YYYY-MM-DD`, with an area of "
            f"tests/public_sources.py: {', '.join(AREAS)}"
        )
    return RunOnAws(match[1] == "recorded", match[2], match[3], match[4])


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


def _spelled_out(source: str) -> str:
    kind, _, rest = source.partition(" ")
    guide, _, page = source.partition("/")
    match kind:
        case "recorded" | "asserted":
            return _cited_test(source)
        case "capture" | "code":
            return _cited_path(source)
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


def _cited_test(source: str) -> str:
    run = run_on_aws(source)
    assert run is not None
    name = run.name.replace("[", "\\[").replace("]", "\\]")
    how = "recorded" if run.is_recorded else "asserted"
    return f"{how} on AWS, {run.day}: [{name}][{run.label}]"


def _cited_path(source: str) -> str:
    match = _PATH.fullmatch(source)
    if match is None:
        raise ValueError(f"{source!r} has to be `capture FOLDER/FILE [YYYY-MM-DD]`, or `code ...`")
    kind = "third-party capture" if match[1] == "capture" else "another emulator's code"
    day = f", {match[3]}" if match[3] else ""
    return f"{kind}{day}: [{Path(match[2]).stem}][{match[2]}]"
