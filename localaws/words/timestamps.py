"""Moments as text."""

from datetime import UTC, datetime


def iso_ms(at_s: float, zone: str = "Z") -> str:
    """Epoch seconds as ISO 8601 in UTC, cut to milliseconds: `2025-11-25T22:18:16.568Z`.

    Args:
        zone: how the service at hand writes UTC: `Z` or `+0000`.
    """
    text = datetime.fromtimestamp(at_s, UTC).isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + zone
