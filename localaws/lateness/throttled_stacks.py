"""DescribeStacks that is throttled now and then."""

import random
from urllib.parse import parse_qs

from localaws.words.http import Caller, HttpRequest, HttpResponse

# AWS names neither the rate nor how often; these are choices. The SDKs try four times more, after
# up to a second of the caller's own time: so not often.
_PROBABILITY = 0.05
_MOST_IN_A_ROW = 2

_BODY = (
    '<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error>'
    "<Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error>"
    "<RequestId>{request_id}</RequestId></ErrorResponse>"
)


class ThrottledStacks:
    """Refuses some of the calls, in CloudFormation's words."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._in_a_row = 0

    def refuse(self, request: HttpRequest, service: str, caller: Caller) -> HttpResponse | None:
        """The answer to a call that is throttled, None for all others."""
        if service != "cloudformation" or _action(request) != "DescribeStacks":
            return None
        if self._in_a_row >= _MOST_IN_A_ROW or self._chance.random() >= _PROBABILITY:
            self._in_a_row = 0
            return None
        self._in_a_row += 1
        return HttpResponse(
            400,
            _BODY.format(request_id=caller.request_id).encode(),
            {"content-type": "text/xml", "x-amzn-requestid": caller.request_id},
        )


def _action(request: HttpRequest) -> str:
    given = parse_qs(request.body.decode(errors="replace"))
    return given.get("Action", [""])[0]
