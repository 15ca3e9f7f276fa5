"""The public repositories that show what others saw of AWS, at the commits that were read here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Repository:
    """A repository on GitHub at one commit.

    Attributes:
        name: owner and name.
        commit: all 40 digits, so that a link shows the same text for ever.
        licence: None where the repository states none. It may be linked to, not copied.
    """

    name: str
    commit: str
    licence: str | None

    @property
    def address(self) -> str:
        """Where to clone it from."""
        return f"https://github.com/{self.name}"

    def tree(self) -> str:
        """The address of its files at that commit."""
        return f"{self.address}/tree/{self.commit}"

    def blob(self, path: str) -> str:
        """The address of one file at that commit."""
        return f"{self.address}/blob/{self.commit}/{path}"


# Its tests run against AWS, and the answers are kept beside them. The last state of an archive.
LOCALSTACK = Repository(
    "localstack/localstack", "8b9a79f05846835cf4dff63ab7eefdde9df83783", "Apache License 2.0"
)
# Records of requests to AWS, made to build another emulator.
STACKD = Repository("radkawar/stackd", "9dc356f5e5cc49d2d334178a09c1398dd1c62617", None)

# Short names of LocalStack's test files, below `tests/aws/services/`.
AREAS = {
    "cloudwatch_metrics": "cloudwatch/test_cloudwatch_metrics",
    "lambda": "lambda_/test_lambda",
    "lambda_api": "lambda_/test_lambda_api",
    "lambda_common": "lambda_/test_lambda_common",
    "lambda_destinations": "lambda_/test_lambda_destinations",
    "lambda_integration_sqs": "lambda_/event_source_mapping/test_lambda_integration_sqs",
    "lambda_runtimes": "lambda_/test_lambda_runtimes",
    "logs_events": "logs/test_logs_events",
    "logs_filter_events": "logs/test_logs_filter_events",
    "logs_groups": "logs/test_logs_groups",
    "logs_queries": "logs/test_logs_queries",
    "logs_streams": "logs/test_logs_streams",
    "sns": "sns/test_sns",
    "sqs": "sqs/test_sqs",
    "sqs_move_task": "sqs/test_sqs_move_task",
}


def code_file(area: str) -> str:
    """The path of an area's tests in LocalStack's repository."""
    return f"tests/aws/services/{AREAS[area]}.py"


def snapshot_file(area: str) -> str:
    """The path of the answers that AWS gave to an area's tests."""
    return f"tests/aws/services/{AREAS[area]}.snapshot.json"
