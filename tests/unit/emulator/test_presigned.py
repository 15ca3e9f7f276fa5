"""A presigned address is good by the clock of whoever made it."""

from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest

from localaws.emulator.presigned import expire_by_both_clocks
from localaws.time.clock import Clock

HOUR_S = 3600


def expired(signed_at: str, lasts_s: str, *, now: datetime) -> bool:
    begin = datetime.strptime(signed_at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return now > begin + timedelta(seconds=int(lasts_s))


@pytest.mark.parametrize(
    ("virtual_h", "signed_h", "is_good"),
    [
        # Signed by somebody outside, at hour 0, while the endpoint's clock is ahead, or far behind
        (8, 0, True),
        (-8, 0, True),
        # Signed by a handler, just now and long ago
        (8, 8, True),
        (8, 6, False),
        (8, -2, False),
    ],
)
def test_it_has_ended_when_it_has_by_both_clocks(
    virtual_h: int, signed_h: int, is_good: bool
) -> None:
    clock = Clock(real_s=lambda: 0.0)
    real_s = clock.real_s()
    clock._at_s += virtual_h * HOUR_S
    s3 = ModuleType("s3")
    vars(s3)["presigned_request_is_expired"] = expired
    expire_by_both_clocks(s3, clock)
    signed_at = f"{datetime.fromtimestamp(real_s + signed_h * HOUR_S, UTC):%Y%m%dT%H%M%SZ}"
    assert s3.presigned_request_is_expired(signed_at, str(HOUR_S)) is not is_good
