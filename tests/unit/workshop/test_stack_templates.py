"""What a stack's template says, beside the resources that exist."""

from workshop.drift.template import Place, read

PLACE = Place("123456789012", "us-east-1")


def test_a_stack_that_waits_for_its_first_change_set_says_nothing_yet() -> None:
    found = read({}, {}, PLACE)
    assert found.resources == ()
    assert found.outputs == {}
