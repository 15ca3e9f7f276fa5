"""Stack outputs: the only place where a notebook gets its names from."""

from collections.abc import Iterator, Mapping

from botocore.exceptions import ClientError

from workshop.errors import NotDeployedError
from workshop.target.making import making
from workshop.target.session import Session

# Output key of each queue in which a message can end -> its name in AWS's words.
END_QUEUES = {
    "SourceQueueDlqUrl": "source queue's DLQ",
    "OnSuccessQueueUrl": "on-success destination",
    "OnFailureQueueUrl": "on-failure destination",
    "FunctionDlqUrl": "function's DLQ",
    "SubscriptionDlqUrl": "subscription's DLQ",
}


class Outputs(Mapping[str, str]):
    """The outputs of one stack; keys also read as attributes."""

    def __init__(self, stack_name: str, values: Mapping[str, str]) -> None:
        self._stack_name = stack_name
        self._values = dict(values)

    @property
    def stack_name(self) -> str:
        """Of the stack, or of what else they are the outputs of."""
        return self._stack_name

    def __getitem__(self, key: str) -> str:
        return self._values[key]

    def __getattr__(self, key: str) -> str:
        # Private names are asked for by copy, pickle and IPython; they are never outputs.
        values = {} if key.startswith("_") else self._values
        if key not in values:
            raise AttributeError(
                f"The stack {self._stack_name} has no output {key!r}; it has {', '.join(values)}."
            )
        return values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._values]

    def __repr__(self) -> str:
        lines = [f"  {key}: {value}" for key, value in self._values.items()]
        return "\n".join([f"Outputs of {self._stack_name}", *lines])

    @property
    def end_queues(self) -> dict[str, str]:
        """Where messages of this pattern can end: target name -> queue URL."""
        return {END_QUEUES[key]: url for key, url in self._values.items() if key in END_QUEUES}

    @property
    def failure_queues(self) -> dict[str, str]:
        """Those of `end_queues` where failed messages lie."""
        on_success = END_QUEUES["OnSuccessQueueUrl"]
        return {place: url for place, url in self.end_queues.items() if place != on_success}

    @property
    def looked_at(self) -> list[str]:
        """Where it is seen what became of its messages: queues, and the function's log group."""
        keys = ("SourceQueueUrl", "LogGroupName", *END_QUEUES)
        return [self._values[key] for key in keys if key in self._values]

    @property
    def source(self) -> str:
        """Where messages of this pattern enter: its source queue's URL, or its topic's ARN."""
        return self._values.get("SourceQueueUrl") or self._values["TopicArn"]


def read_outputs(session: Session, pattern: str) -> Outputs:
    """The outputs of a pattern's stack, read from CloudFormation.

    Raises:
        NotDeployedError: the stack does not exist on this target, or is still being made.
    """
    found, name = find_outputs(session, pattern), session.target.stack_name(pattern)
    if isinstance(found, Outputs):
        return found
    if not found:
        raise NotDeployedError(
            f"The stack {name} does not exist on {session.target}.", _remedy(session)
        )
    raise NotDeployedError(
        f"The stack {name} is {found} and has no outputs.",
        f"Wait until it is complete. Where nobody is at it: {_remedy(session)}",
    )


def find_outputs(session: Session, pattern: str) -> Outputs | str:
    """The outputs of a pattern's stack, or the status of one that has none; "" without a stack."""
    name = session.target.stack_name(pattern)
    try:
        stack = session.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" not in error.response["Error"]["Message"]:
            raise
        return ""
    values = {row["OutputKey"]: row["OutputValue"] for row in stack.get("Outputs", [])}
    if not values:
        return str(stack["StackStatus"])
    found = Outputs(name, values)
    if function := values.get("FunctionName"):
        session.waits.belong(function, found.looked_at)
    return found


def _remedy(session: Session) -> str:
    """What makes the stacks of this very target."""
    if session.target.is_embedded:
        return "Run workshop.connect(deploy=True): it makes what is missing."
    return f"Run {making(session)} in a terminal, then this once more."
