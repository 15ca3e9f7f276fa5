"""An embedded AWS that plays somebody's account."""

from localaws import RunningEndpoint, launch


def other_account(account_id: str, lateness: int | None = None) -> RunningEndpoint:
    """Start one that is reached as AWS is: nobody asks for time, which passes by itself.

    Args:
        account_id: whose it is.
        lateness: the seed with which it is late; None: it is punctual.
    """
    return launch(account_id=account_id, time="flow", lateness=lateness)
