"""Events of stacks at moments of their own.

Clients sort events by their times (the CDK CLI does), so no two of them may have the same one,
however fast a stack is made and even while time stands.
"""

from datetime import UTC, datetime, timedelta
from types import ModuleType

from localaws.emulator.seams import replace

_APART = timedelta(milliseconds=1)


def tell_in_order(stacks: ModuleType) -> None:
    """Give each event of a stack a time after that of the one before."""
    theirs = stacks.now_iso
    last = datetime.fromtimestamp(0, UTC)

    def now_iso() -> str:
        nonlocal last
        now = datetime.fromisoformat(theirs())
        # Ahead of the clock by no more than there are events; a clock that was set back counts.
        is_ahead = timedelta() <= last - now < timedelta(seconds=60)
        last = last + _APART if is_ahead else now
        return (
            last.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{last.microsecond // 1000:03}Z"
        )

    replace(stacks, "now_iso", now_iso)
