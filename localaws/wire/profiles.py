"""Where the services differ: who answers a request that breaks the model, and in which words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from localaws.wire.constraints import Problem
from localaws.words.errors import AwsError
from localaws.words.lambda_runtimes import CREATABLE, names


@dataclass(frozen=True)
class Profile:
    """The habits of one service.

    Attributes:
        namespace: what its JSON error types start with.
        constrains: whether lengths, ranges, patterns and enums are checked before the operation.
        lenient: shapes whose constraints the operation itself checks, in words of its own.
        listed: for lists whose elements must be in a set of its own, in the order in which AWS
            names it.
        invalid: the answer to a request that breaks the model.
        spelled: shapes whose pattern alone the operation checks, in words of its own.
        within: whether what a request's members hold is checked before the operation, too.
    """

    namespace: str
    constrains: bool
    invalid: Callable[[Sequence[Problem]], AwsError]
    lenient: frozenset[str] = frozenset()
    listed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    spelled: frozenset[str] = frozenset()
    within: bool = True


def profile_of(service: str) -> Profile:
    """The profile of a service; one that is not listed behaves as AWS's framework does."""
    return _PROFILES.get(service) or Profile(f"com.amazonaws.{service}", True, _detected)


def _detected(problems: Sequence[Problem], code: str = "ValidationException") -> AwsError:
    noun = "error" if len(problems) == 1 else "errors"
    listed = "; ".join(str(problem) for problem in problems)
    return AwsError(f"{len(problems)} validation {noun} detected: {listed}", code=code)


def _detected_without_values(problems: Sequence[Problem]) -> AwsError:
    """As recorded of IAM, which names no value: `Value at 'tags' failed ...`."""
    return _detected_by_query(
        [one if one.value is None else replace(one, value="", sensitive=True) for one in problems]
    )


def _detected_by_query(problems: Sequence[Problem]) -> AwsError:
    return _detected(problems, code="ValidationError")


def _invalid_parameter(problems: Sequence[Problem]) -> AwsError:
    """CloudWatch Logs repeats no name of a filter.

    pf-logs-filter-name-charset of https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/logs.
    """
    told = [
        replace(one, sensitive=True) if one.path.startswith("filterName") else one
        for one in problems
    ]
    return _detected(told, code="InvalidParameterException")


def _missing_parameter(problems: Sequence[Problem]) -> AwsError:
    return AwsError(
        f"The request must contain the parameter {problems[0].name}.",
        code="MissingRequiredParameterException",
        query_code="MissingParameter",
    )


_PROFILES: Mapping[str, Profile] = {
    "cloudformation": Profile("com.amazonaws.cloudformation", True, _detected_by_query),
    "cloudwatch": Profile("com.amazonaws.cloudwatch", True, _detected_by_query),
    "iam": Profile(
        "com.amazonaws.iam",
        True,
        _detected_without_values,
        # Names, paths and ARNs that are not allowed are refused in words of its own.
        spelled=frozenset(
            {
                "arnType",
                "existingUserNameType",
                "groupNameType",
                "instanceProfileNameType",
                "pathType",
                "policyNameType",
                "policyPathType",
                "roleNameType",
                "userNameType",
            }
        ),
    ),
    "lambda": Profile(
        "com.amazonaws.lambda",
        True,
        _detected,
        # An unknown runtime is refused by CreateFunction with another code and text.
        lenient=frozenset({"Runtime"}),
        listed={"CompatibleRuntimes": names(CREATABLE)},
    ),
    "logs": Profile(
        "com.amazonaws.logs",
        True,
        _invalid_parameter,
        # Names are checked where things are made: too long a name has a text of its own.
        lenient=frozenset({"LogGroupName", "LogStreamName"}),
    ),
    "sns": Profile("com.amazonaws.sns", True, _detected_by_query),
    # What an entry of a batch or a message attribute lacks, the operation tells in its own words.
    "sqs": Profile("com.amazonaws.sqs", False, _missing_parameter, within=False),
    "sts": Profile("com.amazonaws.sts", True, _detected_by_query),
}
