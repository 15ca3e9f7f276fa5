"""What to do when the credentials of a profile do not work (any more), by the profile's kind.

Somebody with long-lived keys has nothing to log in to, and a role's end is that of what it is
assumed with.
https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
"""

from collections.abc import Mapping
from typing import Any

import botocore.session

from workshop.target.environment import ENVIRONMENT, KEYS

_AGAIN = "then run this once more."
_SSO = ("sso_session", "sso_start_url")


def renewal(profile: str) -> str:
    """The remedy, one sentence.

    Args:
        profile: the profile, or `ENVIRONMENT`.
    """
    if profile == ENVIRONMENT:
        return (
            f"A running program keeps its environment: set {', '.join(KEYS)} in your shell, and "
            "start this again from there."
        )
    profiles: Mapping[str, Any] = botocore.session.Session().full_config.get("profiles", {})
    return (
        f"{_step(profile, profiles, set())}, see that `aws sts get-caller-identity --profile "
        f"{profile}` works, {_AGAIN}"
    )


def _step(profile: str, profiles: Mapping[str, Any], seen: set[str]) -> str:
    """What gives this profile new credentials, as the beginning of a sentence."""
    given = profiles.get(profile, {})
    if any(key in given for key in _SSO):
        return f"Log in again: `aws sso login --profile {profile}`"
    # https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html
    if "login_session" in given:
        return f"Log in again: `aws login --profile {profile}`"
    if "role_arn" in given:
        return _step_of_role(profile, given, profiles, seen | {profile})
    if "credential_process" in given:
        return f"See that the credential_process of the profile {profile!r} gives credentials"
    if "aws_session_token" in given:
        return f"Put new temporary keys, all three lines, into the profile {profile!r}"
    return f"Put keys that work into the profile {profile!r} (`aws configure --profile {profile}`)"


def _step_of_role(
    profile: str, given: Mapping[str, Any], profiles: Mapping[str, Any], seen: set[str]
) -> str:
    source = given.get("source_profile")
    # A profile can be its own source: it has the keys, too.
    if source and source not in seen:
        return _step(str(source), profiles, seen)
    if source:
        return f"Put keys that work into the profile {source!r}"
    if "web_identity_token_file" in given:
        return f"Renew the token in {given['web_identity_token_file']}"
    where = given.get("credential_source", "its source")
    return f"See that there are credentials for the profile {profile!r} in {where}"
