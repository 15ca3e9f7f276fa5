"""Variables of a person's own shell: what they say is meant for another AWS, or is nonsense."""

from pathlib import Path

import pytest

from workshop import connection
from workshop.target import embedded
from workshop.target.target import Target

# What botocore reads, and refuses or follows where the workshop must not.
NONSENSE = (
    "AWS_ACCOUNT_ID_ENDPOINT_MODE",
    "AWS_CA_BUNDLE",
    "AWS_CONFIG_FILE",
    "AWS_DEFAULTS_MODE",
    "AWS_DEFAULT_REGION",
    "AWS_DISABLE_REQUEST_COMPRESSION",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_SQS",
    "AWS_MAX_ATTEMPTS",
    "AWS_PROFILE",
    "AWS_REQUEST_CHECKSUM_CALCULATION",
    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES",
    "AWS_RESPONSE_CHECKSUM_VALIDATION",
    "AWS_RETRY_MODE",
    "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT",
    "AWS_S3_USE_ARN_REGION",
    "AWS_SDK_UA_APP_ID",
    "AWS_STS_REGIONAL_ENDPOINTS",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
    "BOTO_CONFIG",
    "HTTPS_PROXY",
    "HTTP_PROXY",
)


def test_nonsense_in_them_reaches_no_client_of_the_embedded_aws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PROJECT", tmp_path)
    with embedded.own(tmp_path):
        for name in NONSENSE:
            monkeypatch.setenv(name, "nonsense")

        session = connection.open_lab(Target()).session

        assert session.client("sqs").list_queues().get("QueueUrls", []) == []
        assert session.client("s3").list_buckets()["Buckets"] == []
        assert session.client("sts").get_caller_identity()["Account"]
        assert session.region == "us-east-1"
