"""What the stage says where there is no run to tell of: before it, after it, and when it fails."""

from collections.abc import Sequence

from botocore.exceptions import ConnectionError as NoConnection
from botocore.exceptions import HTTPClientError

from workshop.errors import EndpointError, WorkshopError
from workshop.stage.scripts import Script, scripts

CLEARING = "The stage is being emptied."
_ON = "Press R to empty the stage and go on."
_AGAIN = (
    "End the stage (Ctrl-C in its terminal, or the notebook's kernel) and start it again; what "
    "lay in its queues is gone."
)
_LATER = "When AWS answers again, press R to empty the stage and go on."


def setting(is_virtual: bool) -> str:
    """Until there is something to see of a scene."""
    told = "The scene is being set: what it changes is changed, then its orders are sent."
    return told if is_virtual else f"{told} On an account it takes its time."


def at_end(
    following: Script, told: Sequence[str] = (), *, is_stopped: bool, given_up: int = 0
) -> str:
    """When a scene is over: what stays to be talked about, then which one the space bar begins.

    Args:
        following: that one.
        told: what the scene has set, and its answer; where it was stopped, it has none.
        is_stopped: whether somebody has stopped the scene.
        given_up: how many messages are under way, of which nothing is heard any more.
    """
    parts = ["Stopped.", *told[:1]] if is_stopped else [*told]
    if given_up and not is_stopped:
        parts.insert(
            0, f"Still under way: {given_up}. Nothing has happened for long: no longer waited for."
        )
    return " ".join([*filter(None, parts), f"Space: {following.title}."])


def before_end(told: Sequence[str], *, is_stopped: bool) -> str:
    """When a scene is over and somebody has gone back, or not yet seen all: what it has set."""
    return " ".join(filter(None, ["Stopped." if is_stopped else "", *told[:1]]))


def refused(asked: str, name: str, phase: str) -> str:
    """Why a scene cannot be begun now; "" where there is none of it, or it goes on already.

    Args:
        asked: the name of the scene that somebody wants.
        name: of the one that goes on; "": the stage is being emptied.
        phase: of the director.
    """
    if asked not in scripts() or asked == name:
        return ""
    if not name:
        return f"{CLEARING} Then press the key again."
    key = scripts()[name].key.upper()
    if phase == "stopping":
        return f"Scene {key} is being stopped. Then press the key again."
    return f"Scene {key} is running: S stops it."


def of_error(error: Exception, is_virtual: bool) -> str:
    """What went wrong, and the way back."""
    if isinstance(error, EndpointError | NoConnection | HTTPClientError):
        return gone(is_virtual)
    if isinstance(error, WorkshopError):
        return f"{error.happened} {error.remedy}".strip()
    return f"{type(error).__name__}: {error}. {_ON}"


def gone(is_virtual: bool) -> str:
    """Nobody answers: an embedded AWS has ended with all that was in it, an account comes back."""
    return f"AWS does not answer any more. {_AGAIN if is_virtual else _LATER}"
