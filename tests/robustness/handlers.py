"""Functions for robustness: an account on a target of this folder's kind."""

import boto3

from tests.robustness.client import Target
from tests.scenarios.account import Account
from tests.scenarios.timing import Time


def account_of(target: Target) -> Account:
    """The account behind a target, as scenarios use it."""
    info = target.info
    session = boto3.Session(
        aws_access_key_id=info.aws_access_key_id,
        aws_secret_access_key=info.aws_secret_access_key,
        region_name=info.region,
    )
    return Account(session, info.endpoint_url, Time(info.clock_url, info.aws_secret_access_key))
