"""Whether what a wait looks at is still there: another terminal may have removed it.

A log that is gone stays silent, a queue may answer for a minute after its deletion, and before an
attempt can be there nothing is read at all. But a function is gone at once, so it is asked for.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html
"""

from botocore.exceptions import BotoCoreError, ClientError

from workshop.target.gone import is_gone
from workshop.target.session import Session


class StillThere:
    """Asks for the functions behind what somebody looks at while waiting.

    Args:
        session: the target; its `waits` know which functions those are.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        # A lesson may wait for what comes of a function that it has removed itself.
        self._were_there: set[str] = set()

    def __call__(self) -> None:
        """Look once.

        Raises:
            ClientError: a function that was there is gone: AWS's own answer.
        """
        for function in sorted(self._session.waits.looked_at):
            try:
                # Of all calls about functions this one has by far the highest quota.
                self._session.client("lambda").get_function(FunctionName=function)
            except (BotoCoreError, ClientError) as error:
                # Whoever may not ask, asks too often or has no network waits as before.
                if is_gone(error) and function in self._were_there:
                    raise
            else:
                self._were_there.add(function)
