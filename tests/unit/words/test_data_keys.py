"""When a service asks KMS for a data key."""

from typing import Any

import pytest

from localaws.words.data_keys import DataKeys, KeyFault, every_key
from localaws.words.errors import AwsError

FAULT = KeyFault("DisabledException", "It is disabled.")


class Kms:
    """Says of each key what it is told to; remembers who asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fault: KeyFault | None = None

    def __call__(self, key_id: str) -> KeyFault | None:
        self.asked.append(key_id)
        return self.fault


def refusal(fault: KeyFault) -> AwsError:
    return AwsError(fault.told(), code=fault.code)


def test_a_data_key_is_reused_by_its_principal_for_a_while() -> None:
    kms = Kms()
    keys = DataKeys(kms, refusal)
    for now_s in (0.0, 10.0, 299.0):
        keys.need("one", "ann", now_s)
    assert kms.asked == ["one"]
    # Another principal, another key, and the end of the period ask anew
    keys.need("one", "bob", 10.0)
    keys.need("two", "ann", 10.0)
    keys.need("one", "ann", 300.0)
    keys.need("one", "ann", 359.0, reuse_s=60.0)
    assert kms.asked == ["one", "one", "two", "one"]


def test_what_kms_refuses_is_noticed_when_it_is_asked_again() -> None:
    kms = Kms()
    keys = DataKeys(kms, refusal)
    keys.need("one", "ann", 0.0)
    kms.fault = FAULT
    keys.need("one", "ann", 299.0)
    for now_s in (300.0, 301.0):
        with pytest.raises(AwsError, match=r"It is disabled. \(Service: AWSKMS; Status Code: 400"):
            keys.need("one", "ann", now_s)
    kms.fault = None
    keys.need("one", "ann", 302.0)


@pytest.mark.parametrize("key_id", [None, ""])
def test_without_a_key_nobody_asks(key_id: Any) -> None:
    DataKeys(Kms(), refusal).need(key_id, "ann", 0.0)
    assert every_key("any") is None
