"""What a session must not give away: its account, profile, caller and keys, for a mask."""

from collections.abc import Collection

from workshop.masking import known
from workshop.masking.known import Known
from workshop.masking.mask import Mask
from workshop.target.environment import KEYS
from workshop.target.session import Session
from workshop.target.target import PROJECT


def own_mask(session: Session) -> Mask:
    """Replaces them in what a room sees; names that lessons use as words stay words."""
    words = known.words_of_notebooks((PROJECT / "notebooks").glob("*.ipynb"))
    return Mask(own_values(session, words))


def own_values(session: Session, words: Collection[str] = ()) -> list[Known]:
    """All of them, and those of this machine.

    Args:
        session: the calls to one target.
        words: those that texts use in another sense; a name that is one of them is told by what
            stands around it only.
    """
    target, environment = session.target, session.environment()
    access_key, secret_key, token = (environment.get(name, "") for name in KEYS)
    found = known.of_keys(access_key=access_key, secret_key=secret_key, token=token)
    found += known.of_endpoint(environment.get("AWS_ENDPOINT_URL", ""))
    if not target.is_embedded:
        keys = session.credentials()
        if keys is not None and keys.access_key != access_key:
            found += known.of_keys(
                access_key=keys.access_key, secret_key=keys.secret_key, token=keys.token
            )
        caller = session.client("sts").get_caller_identity()
        found += known.of_account(caller["Account"])
        found += known.of_profile(target.profile or "", words)
        found += known.of_caller(caller["Arn"], words)
    return found + known.of_machine(PROJECT, words)
