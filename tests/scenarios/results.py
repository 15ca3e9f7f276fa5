"""What a run of scenarios found out about each fact, kept as a file beside the report.

docs/fidelity/embedded.json             the embedded AWS
docs/fidelity/account-eu-west-1.json    an account; its id is nowhere in it
docs/fidelity/endpoint-NAME.json        another endpoint that was used as an account
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

HOLDS, DIFFERS, STOPPED, NOT_SHOWN = "holds", "differs", "stopped", "not shown"
EMBEDDED, ACCOUNT, ENDPOINT = "embedded", "account", "endpoint"

_LONGEST = 160
# What would tell whose account it was, or is another one in every run.
_HIDDEN = (
    (re.compile(r"https?://[^\s'\"]+"), "URL"),
    (re.compile(r"\b\d{12}\b"), "ACCOUNT"),
    (re.compile(r"\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b"), "ID"),
    (re.compile(r"scenario-[\w-]+"), "NAME"),
    (re.compile(r"\b(?:AKIA|ASIA|AROA|AIDA)\w{8,}"), "KEY"),
    (re.compile(r" at 0x[\da-f]+"), ""),
    (re.compile(r"(?:[A-Za-z]:)?(?:[/\\][\w.-]+){2,}(?=[\s:'\"]|$)"), "PATH"),
)


@dataclass(frozen=True)
class Finding:
    """What is known of one fact on one target.

    Attributes:
        result: one of the four words.
        why: of "differs" and "stopped", what a scenario saw; of "not shown", why not.
        files: where the scenarios are that name the fact.
    """

    result: str
    why: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Effort:
    """What a run took, to tell beforehand what the next one takes.

    Attributes:
        scenarios: how many used an account.
        waited_s: the time that passed for AWS, of all of them together.
        longest_s: of the one that took longest.
        requests: that they made.
    """

    scenarios: int = 0
    waited_s: int = 0
    longest_s: int = 0
    requests: int = 0


@dataclass(frozen=True)
class Run:
    """One run on one target.

    Attributes:
        kind: EMBEDDED, ACCOUNT or ENDPOINT.
        name: in words; of an endpoint with its version.
        region: of an account.
        day: when, as `YYYY-MM-DD`; "" for the embedded AWS, whose report comes with its code.
        longest_wait_s: after which waits were given up; None: as long as scenarios say.
        findings: by the ids of the facts.
        effort: what it took.
    """

    kind: str
    name: str
    region: str = ""
    day: str = ""
    longest_wait_s: float | None = None
    findings: Mapping[str, Finding] = field(default_factory=dict)
    effort: Effort = Effort()

    @property
    def label(self) -> str:
        """Its column's head."""
        if self.kind == ACCOUNT:
            return f"account ({self.region}, {self.day})"
        return f"{self.name} ({self.day})" if self.day else self.name

    @property
    def file(self) -> str:
        """The name of its file."""
        if self.kind == EMBEDDED:
            return "embedded.json"
        of = self.region if self.kind == ACCOUNT else self.name.lower()
        return f"{self.kind}-{re.sub(r'[^a-z0-9.]+', '-', of).strip('-')}.json"

    def count(self, result: str) -> int:
        """How many facts came out so."""
        return sum(finding.result == result for finding in self.findings.values())

    def save(self, folder: Path) -> None:
        """Write its file, one fact a line."""
        head = {name: value for name, value in asdict(self).items() if name != "findings"}
        lines = ",\n".join(
            f"  {json.dumps(fact_id)}: {json.dumps([one.result, one.why, list(one.files)])}"
            for fact_id, one in self.findings.items()
        )
        text = f'{json.dumps(head)[:-1]}, "findings": {{\n{lines}\n}}}}\n'
        folder.mkdir(parents=True, exist_ok=True)
        (folder / self.file).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> "Run":
        """Read a file."""
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        findings = {
            fact_id: Finding(result, why, tuple(files))
            for fact_id, (result, why, files) in content.pop("findings").items()
        }
        return cls(**(content | {"findings": findings, "effort": Effort(**content["effort"])}))


def load_all(folder: Path) -> list[Run]:
    """Every run of a folder: the embedded AWS first, then accounts and endpoints by name."""
    order = (EMBEDDED, ACCOUNT, ENDPOINT)
    runs = [Run.load(file) for file in folder.glob("*.json")]
    return sorted(runs, key=lambda run: (order.index(run.kind), run.file))


def worst(findings: Iterable[Finding]) -> Finding:
    """What several scenarios say of one fact: one that differs is enough."""
    order = (DIFFERS, STOPPED, HOLDS, NOT_SHOWN)
    return min(findings, key=lambda one: order.index(one.result), default=Finding(NOT_SHOWN))


def failure(message: str, scenario: str) -> Finding:
    """What a scenario's failure says of its facts.

    An answer that is not the expected one differs. Where a call was refused, or nobody answered,
    the scenario was stopped before it could tell.
    """
    first = message.strip().partition("\n")[0]
    was_stopped = first.startswith(("botocore.", "boto3.", "workshop.", "ExceptionGroup"))
    result = STOPPED if was_stopped else DIFFERS
    told = re.sub(r"^(?:\w+\.)*(\w+: )", r"\1", first).removeprefix("AssertionError: ")
    return Finding(result, f"{scenario}: {shown(told)}")


def shown(text: str) -> str:
    """A line that may be published: without ids, addresses and paths, and not too long."""
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
