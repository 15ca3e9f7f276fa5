"""What a function may be called: a name, a partial ARN or an ARN, with or without a qualifier."""

import re
from dataclasses import dataclass
from typing import Any

from localaws.lambda_.errors import (
    AccessDeniedException,
    InvalidParameterValueException,
    ResourceNotFoundException,
    ValidationException,
)
from localaws.lambda_.limits import MAX_FUNCTION_NAME_LENGTH
from localaws.lambda_.model import LATEST
from localaws.words.identity import Identity

_PREFIX = (
    r"(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?"
    r"(\d{12}:)?(function:)?"
)
# Both as AWS prints them; every operation but those on $LATEST itself uses the wider one.
FUNCTION_NAME_PATTERN = _PREFIX + r"([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?"
NAMESPACED_PATTERN = _PREFIX + r"([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?"
_REGION, _ACCOUNT, _NAME, _QUALIFIER = 3, 9, 11, 13


@dataclass(frozen=True)
class FunctionReference:
    """A function as a caller named it.

    Attributes:
        arn: the function's ARN without qualifier.
        qualifier: `$LATEST`, a version number, an alias, or None where none was given.
    """

    name: str
    arn: str
    qualifier: str | None = None

    @property
    def invoked_arn(self) -> str:
        """The ARN with the qualifier that the caller gave, if any."""
        return f"{self.arn}:{self.qualifier}" if self.qualifier else self.arn

    @property
    def qualified_arn(self) -> str:
        """The ARN with its qualifier, `$LATEST` where none was given."""
        return f"{self.arn}:{self.qualifier or LATEST}"


class FunctionNames:
    """Reads and makes the names of this account's functions."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    def arn(self, name: str) -> str:
        """The ARN of a function, without qualifier."""
        return self._identity.arn("lambda", f"function:{name}")

    def read(
        self, name_or_arn: str, qualifier: str | None = None, pattern: str = NAMESPACED_PATTERN
    ) -> FunctionReference:
        """Parse what a caller gave as FunctionName and Qualifier, with AWS's checks and texts."""
        match = re.fullmatch(pattern, name_or_arn)
        if not match:
            raise ValidationException(
                f"Value '{name_or_arn}' at 'functionName' failed to satisfy constraint: "
                f"Member must satisfy regular expression pattern: {pattern}"
            )
        named = match[_QUALIFIER]
        if named and qualifier and named != qualifier:
            raise InvalidParameterValueException(
                "The derived qualifier from the function name does not match the specified "
                "qualifier."
            )
        self._check_ownership(match)
        return FunctionReference(match[_NAME], self.arn(match[_NAME]), named or qualifier)

    def latest(self, name_or_arn: str) -> FunctionReference:
        """Parse the name of a function whose $LATEST is to be changed.

        The refusal's first sentence is in https://github.com/appleboy/lambda-action/issues/6.
        """
        reference = self.read(name_or_arn)
        if reference.qualifier not in (None, LATEST):
            raise InvalidParameterValueException(
                "Current operation does not support versions other than $LATEST. Please set the "
                "version to $LATEST or do not set a version in your request."
            )
        return reference

    def request(self, params: dict[str, Any]) -> FunctionReference:
        """The function that an operation's FunctionName and Qualifier name."""
        return self.read(params["FunctionName"], params.get("Qualifier"))

    def for_creation(self, name_or_arn: str) -> FunctionReference:
        """Parse the name of a function to be created."""
        reference = self.read(name_or_arn, pattern=FUNCTION_NAME_PATTERN)
        if len(reference.name) > MAX_FUNCTION_NAME_LENGTH:
            raise InvalidParameterValueException(
                f"1 validation error detected: Value '{reference.name}' at 'functionName' failed "
                "to satisfy constraint: Member must have length less than or equal to "
                f"{MAX_FUNCTION_NAME_LENGTH}"
            )
        return reference

    def _check_ownership(self, match: re.Match[str]) -> None:
        region = (match[_REGION] or "").removesuffix(":")
        if region and region != self._identity.region:
            raise ResourceNotFoundException(
                f"Functions from '{region}' are not reachable in this region "
                f"('{self._identity.region}')"
            )
        account = (match[_ACCOUNT] or "").removesuffix(":")
        if account and account != self._identity.account_id:
            raise AccessDeniedException


def is_alias_name(qualifier: str) -> bool:
    """Whether a qualifier could be the name of an alias."""
    return not qualifier.isdecimal() and re.fullmatch(r"[a-zA-Z0-9-_]+", qualifier) is not None
