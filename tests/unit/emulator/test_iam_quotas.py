"""How much IAM takes."""

from localaws.emulator.iam.quotas import (
    mistake_in_attached,
    mistake_in_inline_sizes,
    mistake_in_size,
    size_of,
)


def test_white_space_does_not_count() -> None:
    assert size_of('{ "a" :\n\t"b" }') == size_of({"a": "b"}) == 9


def test_a_policy_is_as_long_as_its_kind_may_be() -> None:
    assert mistake_in_size("managed", "x" * 6_144 + " ") is None
    assert mistake_in_size("managed", "x" * 6_145) == "Cannot exceed quota for PolicySize: 6144"
    assert mistake_in_size("trust", "x" * 2_049) == "Cannot exceed quota for ACLSizePerRole: 2048"
    assert mistake_in_size("inline", "x" * 10_000) is None


def test_inline_policies_are_counted_together() -> None:
    assert mistake_in_inline_sizes("role", "r", ["x" * 10_000, "x" * 240]) is None
    for entity, most in (("role", 10_240), ("user", 2_048), ("group", 5_120)):
        assert mistake_in_inline_sizes(entity, "n", ["x" * most, "x"]) == (
            f"Maximum policy size of {most} bytes exceeded for {entity} n"
        )


def test_ten_managed_policies_are_attached() -> None:
    assert mistake_in_attached("role", 10) is None
    assert mistake_in_attached("role", 11) == "Cannot exceed quota for PoliciesPerRole: 10"
    assert mistake_in_attached("user", 11) == "Cannot exceed quota for PoliciesPerUser: 10"
