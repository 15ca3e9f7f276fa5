"""Which AWS is used: the embedded one, or a real account that was named explicitly.

A real account is used only when somebody wrote down all of profile, region and account id: as
arguments, or in a target file (TOML). AWS's environment variables alone never switch the target:
a shell that happens to hold credentials must not receive a workshop's failures.

    # .workshop/target.toml
    kind = "aws"
    profile = "workshop"
    region = "eu-west-1"
    account = "123456789012"
"""

import os
import re
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from workshop.errors import TargetError

PROJECT = Path(__file__).resolve().parents[2]
# The three patterns, then what notebooks 05 and 06 need.
PATTERNS = (
    "SqsDlq",
    "LambdaDestinations",
    "LambdaDlq",
    "WholeBatches",
    "PartialBatches",
    "FifoBatches",
    "Repair",
)

# What comes after the workshop's name in names of its own, where a participant's name would stand.
_TAKEN = {name.casefold() for name in (*PATTERNS, "Temp")}

# Names the target file, so that the command line can hand its choice to the kernels it starts.
# The variable cannot choose an account by itself: the file must exist and name the account id.
TARGET_FILE_VARIABLE = "WORKSHOP_TARGET_FILE"


@dataclass(frozen=True)
class Target:
    """Where calls go.

    Attributes:
        kind: "embedded" (default) or "aws".
        profile: name of the AWS profile with the credentials; required for "aws".
        region: AWS Region; required for "aws".
        account: the 12-digit account id you expect; required for "aws", compared with the
            caller's account before the first change.
        participant: makes the stack names of one participant, default none.
        endpoint_url: an AWS-compatible endpoint instead of AWS's own, for tests of this target.
    """

    kind: Literal["embedded", "aws"] = "embedded"
    profile: str | None = None
    region: str | None = None
    account: str | None = None
    participant: str | None = None
    endpoint_url: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in ("embedded", "aws"):
            raise TargetError(f"Unknown target {self.kind!r}.", 'Use "embedded" or "aws".')
        if self.participant and self.participant.casefold() in _TAKEN:
            raise TargetError(
                f"The participant cannot be called {self.participant!r}: stacks and temporary "
                "resources of the workshop are called so.",
                "Choose another name.",
            )
        if self.participant and not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,19}", self.participant):
            raise TargetError(
                f"The participant {self.participant!r} cannot be part of a stack name.",
                "Use letters, digits and hyphens, a letter first, at most 20 characters.",
            )
        if self.kind == "aws":
            self._require_opt_in()
        elif given := self._of_an_account():
            raise TargetError(
                f"Only a real account has {', '.join(given)}, but the target is the embedded AWS.",
                'Choose one of the two: leave them out, or give kind="aws" (command line: '
                "--target aws).",
            )

    def __str__(self) -> str:
        whose = f", participant {self.participant}" if self.participant else ""
        if self.is_embedded:
            return f"the embedded AWS on this machine{whose}"
        at = f" at {self.endpoint_url}" if self.endpoint_url else ""
        account = masked(self.account or "")
        return f"account {account} in {self.region}{at} (profile {self.profile}{whose})"

    def _of_an_account(self) -> list[str]:
        """Which of the settings are given that only a real account has."""
        names = ("profile", "region", "account", "endpoint_url")
        return [name.replace("_", " ") for name in names if getattr(self, name)]

    def _require_opt_in(self) -> None:
        given = {"profile": self.profile, "region": self.region, "account": self.account}
        missing = [name for name, value in given.items() if not value]
        if missing:
            raise TargetError(
                f'The target "aws" was chosen without {", ".join(missing)}.',
                "Name profile, region and account id (command line: --target aws --profile P "
                "--region R --account ID): a real account is never picked up from the environment.",
            )
        if not re.fullmatch(r"\d{12}", self.account or ""):
            raise TargetError(
                "The account id is not a number of 12 digits.",
                "Copy it from `aws sts get-caller-identity --profile ...`.",
            )

    @property
    def is_embedded(self) -> bool:
        """Whether calls stay on this machine."""
        return self.kind == "embedded"

    def stack_name(self, pattern: str) -> str:
        """The CloudFormation stack of a pattern ("SqsDlq", "LambdaDestinations", ...)."""
        if pattern not in PATTERNS:
            raise TargetError(f"Unknown pattern {pattern!r}.", f"Use one of {', '.join(PATTERNS)}.")
        middle = f"{self.participant}-" if self.participant else ""
        return f"FailureWorkshop-{middle}{pattern}"

    def save(self, path: Path) -> None:
        """Write a target file."""
        given = {name: value for name, value in asdict(self).items() if value is not None}
        path.parent.mkdir(parents=True, exist_ok=True)
        # Here, because `--help` must work where no package is installed yet.
        import tomli_w

        path.write_text(tomli_w.dumps(given), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Target":
        """Read a target file.

        Raises:
            TargetError: the file is not TOML or holds unknown keys.
        """
        try:
            return cls(**tomllib.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise TargetError(f"There is no target file {path}.", "Check the path.") from None
        except (tomllib.TOMLDecodeError, TypeError) as error:
            raise TargetError(
                f"The target file {path} cannot be used: {error}.",
                "It may hold kind, profile, region, account, participant and endpoint_url.",
            ) from None

    @classmethod
    def chosen(cls, project: Path = PROJECT) -> "Target":
        """The target of this project: its target file when there is one, else embedded."""
        named = os.environ.get(TARGET_FILE_VARIABLE)
        path = Path(named) if named else project / ".workshop" / "target.toml"
        return cls.load(path) if named or path.exists() else cls()


def masked(account: str) -> str:
    """An account id that may be shown: the last four digits only."""
    return f"********{account[-4:]}"
