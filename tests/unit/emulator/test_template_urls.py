"""Every form of S3's addresses leads to the object."""

import pytest

from localaws.emulator.stacks.template_urls import place_of


@pytest.mark.parametrize(
    "host",
    [
        "shop.s3.amazonaws.com/",
        "shop.s3.us-east-1.amazonaws.com/",
        "shop.s3-eu-west-1.amazonaws.com/",
        "shop.s3.dualstack.us-gov-west-1.amazonaws.com/",
        "s3.amazonaws.com/shop/",
        "s3.us-east-1.amazonaws.com/shop/",
        "s3-us-west-2.amazonaws.com/shop/",
        "127.0.0.1:4566/shop/",
        "localhost:4566/shop/",
    ],
)
def test_an_address_names_bucket_and_key(host: str) -> None:
    assert place_of(f"https://{host}a/b%20c.yaml") == ("shop", "a/b c.yaml")


def test_a_bucket_may_have_dots() -> None:
    address = "https://my.shop.s3.us-east-1.amazonaws.com/queue.yaml"
    assert place_of(address) == ("my.shop", "queue.yaml")


@pytest.mark.parametrize(
    "address",
    [
        "s3://shop/queue.yaml",
        "https://example.com/shop/queue.yaml",
        "https://shop.s3.amazonaws.com.example.com/queue.yaml",
        "https://shop.s3.amazonaws.com/",
        "https://s3.amazonaws.com/shop",
        "queue.yaml",
        "",
    ],
)
def test_other_addresses_name_nothing(address: str) -> None:
    assert place_of(address) is None
