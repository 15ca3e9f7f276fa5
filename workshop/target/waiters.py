"""boto3's own waiters, on a real account: they wait without a word, for minutes if need be."""

from datetime import UTC, datetime, timedelta
from typing import Any

from workshop.progress import ProgressLine
from workshop.target import telling
from workshop.target.telling import Expected

_EACH_CALL = "before-parameter-build"


def told(client: Any) -> Any:
    """The same client, whose waiters show a line when they take more than two seconds."""
    make = client.get_waiter

    def get_waiter(waiter_name: str) -> Any:
        waiter = make(waiter_name)
        wait = waiter.wait

        def wait_with_line(**parameters: Any) -> None:
            config = {
                "Delay": waiter.config.delay,
                "MaxAttempts": waiter.config.max_attempts,
                **parameters.get("WaiterConfig", {}),
            }
            line = _Line(waiter_name, config["Delay"], config["MaxAttempts"])
            # The waiter asks AWS now and then: each time the line is written anew.
            client.meta.events.register(_EACH_CALL, line.update)
            try:
                with line.progress.ended():
                    wait(**parameters)
            finally:
                client.meta.events.unregister(_EACH_CALL, line.update)
            line.finish()

        waiter.wait = wait_with_line
        return waiter

    client.get_waiter = get_waiter
    return client


class _Line:
    """The line of one wait.

    Args:
        name: the waiter's, such as "function_updated_v2".
        every_s: seconds between two questions.
        most: how many questions it asks before it gives up.
    """

    def __init__(self, name: str, every_s: float, most: int) -> None:
        words = [word for word in name.split("_") if word[:1] != "v" or not word[1:].isdigit()]
        self._what = " ".join(words)
        self._cause = f"boto3's waiter {name} asks AWS every {every_s:g} s"
        self._began_at = _now()
        self._latest = self._began_at + timedelta(seconds=every_s * most)
        self._is_shown = False
        self.progress = ProgressLine()

    def update(self, **_: Any) -> None:
        """Say what is waited for, once it takes long enough for anybody to read it."""
        if self._waited_s() > telling.SILENT_S:
            self._is_shown = True
            self.progress.update(
                telling.waiting(self._what, self._cause, _now(), self._latest, Expected())
            )

    def finish(self) -> None:
        """Say how long it took, where there was a line."""
        if self._is_shown:
            self.progress.finish(f"{self._what}: after {self._waited_s():.0f} s ({self._cause})")

    def _waited_s(self) -> float:
        return (_now() - self._began_at).total_seconds()


def _now() -> datetime:
    return datetime.now(UTC)
