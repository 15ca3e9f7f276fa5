"""Answers recorded from real AWS, and how ours compare with them.

They come in one of two forms: a folder with one file per area, or a checkout of the repository
that publishes them, where they are kept beside the tests that asked for them.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

from tests.public_sources import code_file, snapshot_file

# Names the folder for every process of a run; `--recordings` sets it.
VARIABLE = "FAILURE_WORKSHOP_RECORDINGS"
BESIDE_THE_PROJECT = Path(__file__).parents[3] / "shared" / "aws-recordings"

# What the tests here replay.
AREAS = (
    "lambda",
    "lambda_api",
    "lambda_destinations",
    "lambda_integration_sqs",
    "logs_events",
    "logs_filter_events",
    "logs_groups",
    "logs_streams",
    "sns",
    "sqs",
    "sqs_move_task",
)

# What a placeholder may stand for, by the word before its number.
_SHAPES = {"uuid": r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"}


def folder() -> Path:
    """Where the recordings are, or would be."""
    return Path(os.environ.get(VARIABLE) or BESIDE_THE_PROJECT)


def load(area: str) -> dict[str, Any]:
    """What AWS answered in each test of one area; nothing where there are no recordings."""
    return {name: content for name, (content, _) in read(area).items()}


def read(area: str) -> dict[str, tuple[Any, str]]:
    """What AWS answered in each test of one area, and when, as `DD-MM-YYYY, HH:MM:SS`."""
    kept, published = folder() / f"{area}.json", folder() / snapshot_file(area)
    if kept.exists():
        return {name: (one["content"], one["recorded"]) for name, one in _json(kept).items()}
    if not published.exists():
        return {}
    # Files also keep recordings of tests that were elsewhere before.
    prefix = f"{code_file(area)}::"
    return {
        name.removeprefix(prefix): (one["recorded-content"], one["recorded-date"])
        for name, one in _json(published).items()
        if name.startswith(prefix)
    }


def missing() -> list[str]:
    """The areas without recordings."""
    return [area for area in AREAS if not read(area)]


def _json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


class Comparison:
    """Compares answers with recorded ones.

    A numbered placeholder such as `<uuid:1>` stands for one value throughout; one without number,
    and `date`, `datetime` and `timestamp`, for any.

    Args:
        values: what placeholders stand for, where that is known before.
    """

    def __init__(self, **values: str) -> None:
        self._values = {"partition": "aws", "region": "us-east-1", **values}

    def check(self, recorded: Any, answer: Any, where: str = "answer") -> None:
        """Fail unless the answer has the recorded keys, types and literal strings."""
        if isinstance(recorded, dict):
            assert isinstance(answer, dict), f"{where}: {answer!r} instead of {recorded!r}"
            expected = {key for key in recorded if not self._ignored(key, recorded)}
            found = {key for key in answer if not self._ignored(key, recorded)}
            assert found == expected, (
                f"{where}: missing {sorted(expected - found)}, too many {sorted(found - expected)}"
            )
            for key in expected:
                self.check(recorded[key], answer[key], f"{where}.{key}")
        elif isinstance(recorded, list):
            assert isinstance(answer, list), f"{where}: {answer!r} instead of {recorded!r}"
            assert len(answer) == len(recorded), f"{where}: {answer!r} instead of {recorded!r}"
            for index, (theirs, ours) in enumerate(zip(recorded, answer, strict=True)):
                self.check(theirs, ours, f"{where}[{index}]")
        elif isinstance(recorded, str):
            self._check_text(recorded, answer, where)
        else:
            assert answer == recorded, f"{where}: {answer!r} instead of {recorded!r}"

    def _ignored(self, key: str, recorded: dict[str, Any]) -> bool:
        # Headers are compared where they matter; recordings of parts have no metadata.
        return key in ("HTTPHeaders", "RequestId", "RetryAttempts", "HostId") or (
            key == "ResponseMetadata" and key not in recorded
        )

    def _check_text(self, recorded: str, answer: Any, where: str) -> None:
        if recorded in ("date", "datetime", "timestamp", "<code-size>", "code-sha256"):
            assert answer, f"{where}: nothing instead of {recorded}"
            return
        assert isinstance(answer, str), f"{where}: {answer!r} instead of {recorded!r}"
        names: list[str] = []
        match = re.fullmatch(self._pattern(recorded, names), answer, re.DOTALL)
        assert match, f"{where}: {answer!r} instead of {recorded!r}"
        for name, value in zip(names, match.groups(), strict=True):
            self._bind(name, value, where)

    def _pattern(self, recorded: str, names: list[str]) -> str:
        pattern = ""
        for part in re.split(r"(<[\w-]+(?::\w+)?>|<\w+:len\(\d+\)>)", recorded):
            if repeated := re.fullmatch(r"<(\w+):len\((\d+)\)>", part):
                pattern += repeated[1] * int(repeated[2])
            elif part.startswith("<") and part.endswith(">"):
                names.append(part[1:-1])
                pattern += f"({_SHAPES.get(part[1:-1].partition(':')[0], '.+?')})"
            else:
                pattern += re.escape(part)
        return pattern

    def _bind(self, name: str, value: str, where: str) -> None:
        if ":" not in name and name not in self._values:
            return
        known = self._values.setdefault(name, value)
        assert value == known, f"{where}: {value!r}, but <{name}> was {known!r} before"
        if name.startswith("uuid"):
            others = [n for n, v in self._values.items() if v == value and n != name]
            assert not others, f"{where}: <{name}> is the same as <{others[0]}>: {value}"
