"""The environment of a program that is to reach one target and no other. Pure.

A person's shell, profiles and configuration files can each point an AWS SDK or the CDK CLI at
another account than the one that was chosen. What is started here gets none of them: only what
leads to its target.
"""

import os
from collections.abc import Collection, Mapping

# botocore and the CDK CLI take settings from any variable that begins like this.
# https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html
# https://docs.aws.amazon.com/cdk/v2/guide/configure-env.html
_REDIRECTING = ("AWS_", "BOTO", "CDK_")

# Says how HTTPS is verified on this network, not whose account it is.
_HARMLESS = frozenset({"AWS_CA_BUNDLE"})

# The name by which somebody says that the keys in the environment are meant, and those keys.
ENVIRONMENT = "environment"
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")

# Where a person's profiles are, for those who are to use one of them.
_PROFILES = frozenset({"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"})


def neutral(base: Mapping[str, str], *, keep: Collection[str] = ()) -> dict[str, str]:
    """An environment without anything that leads to an account."""
    return {
        name: value
        for name, value in base.items()
        if not name.upper().startswith(_REDIRECTING) or name in _HARMLESS or name in keep
    }


def without_accounts(base: Mapping[str, str]) -> dict[str, str]:
    """The same, and an AWS SDK that runs with it finds no account anywhere else either."""
    return neutral(base) | {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        # On a machine in AWS the instance's own role would answer.
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def connection(info: Mapping[str, str]) -> dict[str, str]:
    """The variables with which an AWS SDK or CLI reaches the embedded AWS.

    Args:
        info: its connection details, as `workshop.target.embedded` gives them.
    """
    return {
        "AWS_ENDPOINT_URL": info["endpoint_url"],
        "AWS_ACCESS_KEY_ID": info["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": info["aws_secret_access_key"],
        "AWS_DEFAULT_REGION": info["region"],
        "AWS_REGION": info["region"],
        # Before the name of a few operations' host stands a word of their own; 127.0.0.1 has no
        # such relatives, and what is not here is to be refused by us, not by the name service.
        # https://docs.aws.amazon.com/sdkref/latest/guide/feature-host-prefix.html
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
    }


def direct(base: Mapping[str, str]) -> dict[str, str]:
    """The variables with which no proxy sees calls to this machine, besides those it has anyway."""
    found = [
        name for name in (base.get("NO_PROXY") or base.get("no_proxy") or "").split(",") if name
    ]
    names = ",".join(dict.fromkeys([*found, "127.0.0.1"]))
    return {"NO_PROXY": names, "no_proxy": names}


def of_embedded(info: Mapping[str, str], base: Mapping[str, str]) -> dict[str, str]:
    """For programs that are to reach the embedded AWS, whatever they find in this environment."""
    return without_accounts(base) | connection(info) | direct(base)


def of_profile(
    profile: str, region: str, endpoint_url: str | None, base: Mapping[str, str]
) -> dict[str, str]:
    """For programs that are to use one profile of the person's own, and nothing else of it.

    The profile called "environment" is no profile: it means the keys of this environment.
    """
    if profile == ENVIRONMENT:
        found = without_accounts(base) | {key: base[key] for key in KEYS if key in base}
    else:
        found = neutral(base, keep=_PROFILES) | {"AWS_PROFILE": profile}
    found |= {"AWS_DEFAULT_REGION": region, "AWS_REGION": region}
    return found | {"AWS_ENDPOINT_URL": endpoint_url} if endpoint_url else found
