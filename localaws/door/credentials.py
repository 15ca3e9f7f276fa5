"""The keys of this run, and whom they stand for."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from localaws.words.identity import Identity
from localaws.words.ports import TemporaryCredentials


@dataclass(frozen=True)
class Principal:
    """One set of credentials and whom they stand for."""

    arn: str
    access_key_id: str
    secret_access_key: str
    session_token: str | None = None


class Credentials:
    """The credentials of this run: the administrator's and those of assumed roles.

    Args:
        elsewhere: looks up an access key that another service issued (STS), or returns None.
        announce: told of every session that begins here: STS knows whom its key stands for.
    """

    def __init__(
        self,
        identity: Identity,
        elsewhere: Callable[[str], Principal | None] = lambda key: None,
        announce: Callable[[Principal], None] = lambda principal: None,
    ) -> None:
        self._identity = identity
        self._elsewhere = elsewhere
        self._announce = announce
        self.administrator = Principal(
            arn=identity.administrator_arn,
            access_key_id="AKIA" + secrets.token_hex(8).upper(),
            secret_access_key=secrets.token_urlsafe(30),
        )
        self._principals = {self.administrator.access_key_id: self.administrator}
        # Access key -> session token, of sessions that others issued and that called here. STS
        # forgets a session once it has ended.
        self._sessions: dict[str, str] = {}

    def assume(self, role_arn: str, session_name: str) -> TemporaryCredentials:
        """New credentials for a role's session (`ports.CredentialIssuer`)."""
        role_name = role_arn.rsplit("/", 1)[-1]
        principal = Principal(
            arn=f"arn:aws:sts::{self._identity.account_id}:assumed-role/{role_name}/{session_name}",
            access_key_id="ASIA" + secrets.token_hex(8).upper(),
            secret_access_key=secrets.token_urlsafe(30),
            session_token=secrets.token_urlsafe(60),
        )
        self._principals[principal.access_key_id] = principal
        self._announce(principal)
        assert principal.session_token is not None
        return TemporaryCredentials(
            principal.access_key_id, principal.secret_access_key, principal.session_token
        )

    def find(self, access_key_id: str) -> Principal | None:
        found = self._principals.get(access_key_id)
        if found is None and (found := self._elsewhere(access_key_id)) and found.session_token:
            self._sessions[access_key_id] = found.session_token
        return found

    def has_ended(self, access_key_id: str, session_token: str) -> bool:
        """Whether a session that called here is one no more: they only end by their time."""
        known = self._sessions.get(access_key_id)
        is_it = known is not None and equal(known, session_token)
        return is_it and self.find(access_key_id) is None


def equal(one: str, other: str) -> bool:
    """Whether two secrets are the same, in a time that does not tell how far they are."""
    return hmac.compare_digest(one.encode(), other.encode())
