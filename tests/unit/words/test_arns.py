"""The parts of ARNs."""

from localaws.words.arns import account_of, region_of, service_of

ARN = "arn:aws:lambda:us-east-1:123456789012:function:orders:live"


def test_the_parts_of_an_arn() -> None:
    assert (service_of(ARN), region_of(ARN), account_of(ARN)) == (
        "lambda",
        "us-east-1",
        "123456789012",
    )
    assert (region_of("arn:aws:s3:::orders"), account_of("arn:aws:s3:::orders")) == ("", "")


def test_what_is_no_arn_has_no_parts() -> None:
    for text in ("", "orders", "arn:aws:sqs", "arn:aws:sqs:us-east-1:123456789012"):
        assert (service_of(text), region_of(text), account_of(text)) == ("", "", "")
