"""What stands in a player's place on paper, and on a screen without JavaScript. Pure."""

from collections.abc import Mapping
from typing import Any

from bs4 import BeautifulSoup


def unplayed(facts: Mapping[str, Any], *, is_told: bool) -> str:
    """What a player would show here, what it would ask, and where the page tells the same.

    Args:
        facts: of the player, as docs/player.md tells.
        is_told: whether a figure or a table beside the player shows the same: a player that asks
            stands before it, every other one after it.
    """
    several = "these runs are played here, side by side,"
    played = several if len(facts["runs"]) > 1 else "this run is played here,"
    place = f"On a screen with JavaScript {played} step by step"
    asked = [f"“{question['text']}”" for question in facts["questions"]]
    if asked:
        answered = " The whole picture below tells the answers." if is_told else ""
        return f"{place}, and you are asked: {' '.join(asked)}{answered}"
    return f"{place}; what stands above tells the same." if is_told else f"{place}."


def say_once_on_paper(soup: BeautifulSoup) -> None:
    """Mark what stands in a player's place where an earlier place of the page says the same."""
    said: set[str] = set()
    for note in soup.select("p.unplayed"):
        text = note.get_text()
        if text in said:
            note["class"] = "unplayed said-before"
        said.add(text)
