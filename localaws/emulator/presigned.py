"""How long a presigned address of S3 is good: by the clock of whoever made it.

Callers outside sign with real time, handlers with virtual time, which may be hours ahead or behind:
an address has ended when it has by both.
"""

from datetime import UTC, datetime
from types import ModuleType

from localaws.emulator.seams import replace
from localaws.time.clock import Clock


def expire_by_both_clocks(s3: ModuleType, clock: Clock) -> None:
    """Let an address end when neither clock takes it for good any more."""
    theirs = s3.presigned_request_is_expired

    def is_expired(signed_at: str, lasts_s: str) -> bool:
        moments = [datetime.fromtimestamp(at_s, UTC) for at_s in (clock.now_s(), clock.real_s())]
        # By a clock that is behind the signature nobody signed.
        signers = [moment for moment in moments if theirs(signed_at, "0", now=moment)]
        return bool(signers) and all(theirs(signed_at, lasts_s, now=one) for one in signers)

    replace(s3, "presigned_request_is_expired", is_expired)
