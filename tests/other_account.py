"""An embedded AWS that plays somebody's account."""

from localaws import RunningEndpoint, launch


def other_account(account_id: str) -> RunningEndpoint:
    """Start one that is reached as AWS is: nobody asks for time, which passes by itself."""
    return launch(account_id=account_id, time="flow")
