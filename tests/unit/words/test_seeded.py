"""Seeded ids are the same in each run, and one place's number of ids changes no other place's."""

import uuid
from collections.abc import Callable

import pytest

from localaws.door import endpoint
from localaws.words.seeded import letters, seed_ids


@pytest.fixture(autouse=True)
def _keep_uuid4(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uuid, "uuid4", uuid.uuid4)


def message_id() -> uuid.UUID:
    return uuid.uuid4()


def request_id() -> uuid.UUID:
    return uuid.uuid4()


def drawn(seed: str, *draws: Callable[[], uuid.UUID]) -> list[uuid.UUID]:
    seed_ids(seed)
    return [draw() for draw in draws]


def test_the_same_seed_gives_the_same_ids_and_another_one_others() -> None:
    ids = drawn("1", message_id, message_id)
    assert drawn("1", message_id, message_id) == ids
    assert not set(drawn("2", message_id, message_id)) & set(ids)
    assert len(set(ids)) == 2
    assert all(one.version == 4 for one in ids)


def test_places_do_not_disturb_each_other() -> None:
    first, second = drawn("1", message_id, message_id)
    assert drawn("1", request_id, message_id, request_id, message_id)[1::2] == [first, second]


def test_letters_follow_and_are_of_their_alphabet() -> None:
    seed_ids("1")
    found = letters(20, "ABC")
    seed_ids("1")
    assert letters(20, "ABC") == found
    assert set(found) == set("ABC")
    assert letters(20, "ABC") != found


def test_other_requests_change_no_invocation_s_id() -> None:
    invoke = "/2015-03-31/functions/orders/invocations"

    def ids(*paths: str) -> list[str]:
        seed_ids("1")
        return [endpoint.request_id(path) for path in paths]

    first, second = ids(invoke, invoke)
    assert first != second
    assert ids("/", invoke, "/", "/", invoke)[1::3] == [first, second]
