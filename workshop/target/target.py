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

import difflib
import os
import re
import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from workshop.errors import TargetValueError
from workshop.masking.known import abbreviated
from workshop.target.folders import PROJECT as PROJECT
from workshop.target.folders import STATE, home_of, shared_as

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

# Which Regions there are, only AWS knows: new ones come. How they are called does not change.
# https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
_REGION = re.compile("[a-z]{2,5}(-[a-z]+){1,3}-[0-9]{1,2}")

# Names the target file, so that the command line can hand its choice to the kernels it starts.
# The variable cannot choose an account by itself: the file must exist and name the account id.
TARGET_FILE_VARIABLE = "WORKSHOP_TARGET_FILE"

# The target of commands without arguments, in a person's own folder, which is the project's if
# that is theirs.
TARGET_FILE = Path(STATE, "target.toml")


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
        self._expect_text()
        if self.kind not in ("embedded", "aws"):
            raise TargetValueError(f"Unknown target {self.kind!r}.", 'Use "embedded" or "aws".')
        if self.participant and self.participant.casefold() in _TAKEN:
            raise TargetValueError(
                f"The participant cannot be called {self.participant!r}: stacks and temporary "
                "resources of the workshop are called so.",
                "Choose another name.",
            )
        if self.participant and not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,19}", self.participant):
            raise TargetValueError(
                f"The participant {self.participant!r} cannot be part of a stack name.",
                "Use letters, digits and hyphens, a letter first, at most 20 characters.",
            )
        if self.kind == "aws":
            self._require_opt_in()
        elif given := self._of_an_account():
            raise TargetValueError(
                f"Only a real account has {', '.join(given)}, but the target is the embedded AWS.",
                'Choose one of the two: leave them out, or give kind="aws" (command line: '
                "--target aws).",
            )

    def _expect_text(self) -> None:
        """A number in a target file is no text, and an id that begins with 0 is no number."""
        for name, value in asdict(self).items():
            if value is not None and not isinstance(value, str):
                raise TargetValueError(
                    f"The target's {name} is {value!r}, which is no text.",
                    f'Put it in quotes: {name} = "{value}".',
                )

    def __str__(self) -> str:
        whose = f", participant {self.participant}" if self.participant else ""
        if self.is_embedded:
            shared = f", shared as {shared_as()!r}" if shared_as() else ""
            return f"the embedded AWS on this machine{shared}{whose}"
        at = f" at {self.endpoint_url}" if self.endpoint_url else ""
        account = abbreviated(self.account or "")
        return f"account {account} in {self.region}{at} (profile {self.profile}{whose})"

    def _of_an_account(self) -> list[str]:
        """Which of the settings are given that only a real account has."""
        names = ("profile", "region", "account", "endpoint_url")
        return [name.replace("_", " ") for name in names if getattr(self, name)]

    def _require_opt_in(self) -> None:
        given = {"profile": self.profile, "region": self.region, "account": self.account}
        missing = [name for name, value in given.items() if not value]
        if missing:
            raise TargetValueError(
                f'The target "aws" was chosen without {", ".join(missing)}.',
                "Name profile, region and account id (command line: --target aws --profile P "
                "--region R --account ID): a real account is never picked up from the environment.",
            )
        if not re.fullmatch("[0-9]{12}", self.account or ""):
            raise TargetValueError(
                f"The account id {self.account!r} is not a number of 12 digits.",
                "Copy it from `aws sts get-caller-identity --profile ...`.",
            )
        if not _REGION.fullmatch(self.region or ""):
            raise TargetValueError(
                f"{self.region!r} is no Region of AWS: those are called like eu-west-1.",
                "Give the code of a Region, as the console shows it at the top right.",
            )
        self._expect_url()

    def _expect_url(self) -> None:
        """An endpoint is an address that a browser would take, too."""
        if self.endpoint_url is None:
            return
        try:
            parts = urlsplit(self.endpoint_url)
            is_usable = parts.scheme in ("http", "https") and bool(parts.hostname)
            _ = parts.port  # a number that is none, or too great, is noticed here only
        except ValueError:
            is_usable = False
        if not is_usable or re.search(r"\s", self.endpoint_url):
            raise TargetValueError(
                f"The endpoint {self.endpoint_url!r} is no URL.",
                "Write it with its scheme, such as http://127.0.0.1:4566.",
            )

    @property
    def is_embedded(self) -> bool:
        """Whether calls stay on this machine."""
        return self.kind == "embedded"

    @property
    def is_aws(self) -> bool:
        """Whether calls go to AWS itself, which charges for them."""
        return not self.is_embedded and not self.endpoint_url

    @property
    def what(self) -> str:
        """What kind of target it is, in words."""
        if self.is_embedded:
            return "the embedded AWS"
        return "a real AWS account" if self.is_aws else "an endpoint that is used as an account"

    def stack_name(self, pattern: str) -> str:
        """The CloudFormation stack of a pattern ("SqsDlq", "LambdaDestinations", ...)."""
        if pattern not in PATTERNS:
            raise TargetValueError(
                f"Unknown pattern {pattern!r}.", f"Use one of {', '.join(PATTERNS)}."
            )
        middle = f"{self.participant}-" if self.participant else ""
        return f"FailureWorkshop-{middle}{pattern}"

    def given(self) -> dict[str, str]:
        """What a target file says of it."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def save(self, path: Path) -> None:
        """Write a target file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        # Here, because `--help` must work where no package is installed yet.
        import tomli_w

        path.write_text(tomli_w.dumps(self.given()), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Target":
        """Read a target file.

        Raises:
            TargetValueError: the file is not TOML or holds unknown keys.
        """
        names = [field.name for field in fields(cls)]
        try:
            said = tomllib.loads(path.read_text(encoding="utf-8"))
            if unknown := [name for name in said if name not in names]:
                close = difflib.get_close_matches(unknown[0], names, n=1)
                raise TargetValueError(
                    f"The target file {path} says {unknown[0]!r}, which no target has"
                    f"{f' (did you mean {close[0]}?)' if close else ''}.",
                    f"It may hold {', '.join(names)}.",
                )
            return cls(**said)
        except FileNotFoundError:
            raise TargetValueError(f"There is no target file {path}.", "Check the path.") from None
        except OSError as error:
            raise TargetValueError(
                f"The target file {path} cannot be read: {error.strerror}.", "Check the path."
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise TargetValueError(
                f"The target file {path} cannot be used: {error}.",
                f"It may hold {', '.join(names)}.",
            ) from None

    @classmethod
    def chosen(cls, project: Path = PROJECT) -> "Target":
        """The target of this project: its target file when there is one, else embedded."""
        named = os.environ.get(TARGET_FILE_VARIABLE)
        path = Path(named) if named else home_of(project) / TARGET_FILE
        return cls.load(path) if named or path.exists() else cls()
