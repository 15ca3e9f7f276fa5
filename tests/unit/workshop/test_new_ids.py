"""Ids of runs: new however fast one follows the other, readable, and the same in a guide."""

import re
import uuid
from datetime import UTC, datetime

import pytest

from localaws.words.seeded import seed_ids
from tests.unit.workshop.fake_aws import fake_lab
from workshop.lab import Lab


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A lab whose time stands, in a process that draws by a seed, as guides are made."""
    monkeypatch.setattr(uuid, "uuid4", uuid.uuid4)
    seed_ids("guides")
    lab = fake_lab()
    at = datetime(2026, 1, 5, 9, 30, 5, tzinfo=UTC)
    monkeypatch.setattr(type(lab.clock), "now", lambda self: at)
    return lab


def test_ids_of_one_second_are_all_different(lab: Lab) -> None:
    assert len({lab.new_id() for _ in range(50)}) == 50


def test_an_id_begins_with_awss_time_and_is_made_for_reading(lab: Lab) -> None:
    assert re.fullmatch(r"093005-[b-df-hj-kmnp-tv-xz]{4}", lab.new_id())


def test_guides_have_the_same_ids_in_each_export(lab: Lab) -> None:
    first = [lab.new_id() for _ in range(3)]
    seed_ids("guides")
    assert [lab.new_id() for _ in range(3)] == first
