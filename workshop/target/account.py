"""A real account: with whose credentials it is called, and what happens when they end.

Credentials of a session live for an hour or so, lessons for two. A call after their end fails with
one sentence, and once somebody has logged in again the same cell works: clients that exist already
get the new credentials too.
"""

import difflib
import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import (
    CredentialProvider,
    CredentialResolver,
    Credentials,
    ReadOnlyCredentials,
)
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, ProfileNotFound

from workshop.errors import TargetError
from workshop.target.clock import RealClock
from workshop.target.environment import ENVIRONMENT, KEYS, of_profile
from workshop.target.key_hints import REFUSED, hint, missing
from workshop.target.lateness import LATE
from workshop.target.renewal import renewal
from workshop.target.session import Session
from workshop.target.target import Target
from workshop.target.waiters import told
from workshop.target.waits import Waits

# How services say that a session is over.
# https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
# And that a key is none, or none any more: its session was ended, or it was deleted.
_UNKNOWN = frozenset({"InvalidClientTokenId", "UnrecognizedClientException"})

# The published type hints lack some of its arguments.
_CONFIG: Any = Config


def open_session(target: Target) -> Session:
    """The session of a target that names an account, once the account was compared.

    Raises:
        TargetError: there are no usable credentials, or they are another account's.
    """
    assert target.profile is not None
    assert target.region is not None
    profile, region = target.profile, target.region
    try:
        credentials = _Renewable(profile)
        boto = _boto_session(profile, credentials, region)
        # An endpoint in the environment would silently turn the account check into a farce.
        config = _CONFIG(ignore_configured_endpoint_urls=True)
        waits = Waits()

        def make_client(service: str) -> Any:
            client = boto.client(service, endpoint_url=target.endpoint_url, config=config)
            client.meta.events.register("after-call", credentials.notice_their_end)
            return told(waits.requests.watched(client))

        session = Session(
            target,
            make_client,
            RealClock(slept=waits.slept),
            environment=lambda: of_profile(profile, region, target.endpoint_url, os.environ),
            credentials=credentials.get_frozen_credentials,
            expires_at=credentials.expires_at,
            lateness=LATE,
            waits=waits,
        )
        session.account()
    except EndpointConnectionError as error:
        where = "the endpoint that was given answers"
        if not target.endpoint_url:
            where = f"you are online, and that {_region_in_words(region)}"
        raise TargetError(
            f"AWS cannot be reached: {error}", f"See that {where}, then run this once more."
        ) from None
    except ProfileNotFound:
        raise TargetError(
            f"There is no profile {profile!r} in your AWS configuration.",
            f"`aws configure list-profiles` shows those that there are, `aws configure --profile "
            f"{profile}` makes one.",
        ) from None
    except (BotoCoreError, ClientError) as error:
        raise TargetError(
            f"The credentials of {_named(profile)} cannot be used: {error}",
            _hint(profile, error) or renewal(profile),
        ) from None
    return session


def _hint(profile: str, error: Exception) -> str:
    """What the refused keys tell of themselves; "" where it is nothing."""
    if not isinstance(error, ClientError) or error.response["Error"]["Code"] not in REFUSED:
        return ""
    keys = _look_up(profile).get_frozen_credentials()
    return hint(profile, keys.access_key, keys.token, error.response["Error"]["Code"])


class _Renewable(Credentials):
    """Credentials of a profile that are looked up again after their end."""

    def __init__(self, profile: str) -> None:
        self._profile = profile
        self._current = _look_up(profile)
        self._have_ended = self._have_worked = False
        frozen = self._current.get_frozen_credentials()
        super().__init__(frozen.access_key, frozen.secret_key, frozen.token, method="workshop")

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        try:
            if self._have_ended:
                # Not at their end, but now: new ones may have been put into the profile meanwhile.
                self._current, self._have_ended = _look_up(self._profile), False
            frozen: ReadOnlyCredentials = self._current.get_frozen_credentials()
            return frozen
        except BotoCoreError as error:
            self._current = _look_up(self._profile)
            raise TargetError(
                f"The credentials of {_named(self._profile)} have to be renewed: {error}",
                renewal(self._profile),
            ) from None

    def expires_at(self) -> datetime | None:
        """When they end, where botocore knows it: of roles and of IAM Identity Center."""
        self.get_frozen_credentials()
        return getattr(self._current, "_expiry_time", None)

    def notice_their_end(self, parsed: Mapping[str, Any], **_: Any) -> None:
        """Have credentials looked up again once AWS says that they have ended (`after-call`).

        Raises:
            TargetError: they have.
        """
        code = parsed.get("Error", {}).get("Code")
        if code not in _EXPIRED | _UNKNOWN:
            self._have_worked = True
            return
        self._have_ended = True
        if code in _EXPIRED:
            told = f"The session of {_named(self._profile)} is over."
        elif self._have_worked:
            told = f"AWS takes the credentials of {_named(self._profile)} no more ({code})."
        else:
            return  # they never were any: whoever opens the session says so
        raise TargetError(f"{told} This call did nothing.", renewal(self._profile))


class _Provider(CredentialProvider):
    """Hands the same credentials to every client."""

    METHOD = "workshop"

    def __init__(self, credentials: Credentials) -> None:
        super().__init__()
        self._credentials = credentials

    def load(self) -> Credentials:
        return self._credentials


def _boto_session(profile: str, credentials: Credentials, region: str) -> Any:
    if profile == ENVIRONMENT:
        # Whatever profile the environment names besides: it is not the one that is meant.
        core = botocore.session.Session(session_vars={"profile": (None, None, None, None)})
    else:
        core = botocore.session.Session(profile=profile)
    core.register_component("credential_provider", CredentialResolver([_Provider(credentials)]))
    return boto3.Session(botocore_session=core, region_name=region)


def _look_up(profile: str) -> Any:
    """The credentials that a profile has now.

    Raises:
        TargetError: it has none.
        BotoCoreError: it does not exist, or cannot be used.
    """
    if profile == ENVIRONMENT:
        if lacking := missing(os.environ):
            raise TargetError(
                f"{lacking} is missing in the environment: a key is of two parts.",
                f"Set {lacking} in your shell, beside the other, and start this again from there.",
            )
        access_key, secret_key, token = (os.environ.get(name, "") for name in KEYS)
        found: Any = Credentials(access_key, secret_key, token or None) if access_key else None
    else:
        found = boto3.Session(profile_name=profile).get_credentials()
    if found is None:
        raise TargetError(f"There are no credentials in {_named(profile)}.", renewal(profile))
    return found


def _region_in_words(region: str) -> str:
    """What there is to see to about a Region; a new one may not be known here yet."""
    session = botocore.session.Session()
    known = [
        name
        for partition in session.get_available_partitions()
        for name in session.get_available_regions("sts", partition)
    ]
    if region in known:
        return f"{region} is enabled in this account"
    close = difflib.get_close_matches(region, known, n=1)
    return f"AWS has a Region {region!r}{f' (did you mean {close[0]}?)' if close else ''}"


def _named(profile: str) -> str:
    return "the environment" if profile == ENVIRONMENT else f"the profile {profile!r}"
