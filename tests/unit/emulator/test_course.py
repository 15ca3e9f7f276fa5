"""What needs nothing begins at once, and what needs another thing when that has ended."""

from collections.abc import Collection, Mapping

from localaws.emulator.stacks.course import Course, Turn


def steps(needs: Mapping[str, Collection[str]], **takes: int) -> list[str]:
    """All of them, where a thing ends so many moments after its call; never below 0."""
    course, told = Course(needs), []
    while found := course.next():
        step, name = found
        told.append(f"{step.name.lower()} {name}")
        if step is Turn.BEGIN:
            course.follow(name, Turn.CALL)
        elif step is Turn.CALL and (moments := takes.get(name, 1)) >= 0:
            course.follow(name, Turn.END, moments)
    return told


def test_all_that_can_begins_before_any_is_called() -> None:
    assert steps({"B": [], "A": []}) == [
        *("begin A", "begin B", "call A", "call B"),
        *("end A", "end B"),
    ]


def test_what_needs_others_begins_when_the_last_of_them_has_ended() -> None:
    told = steps({"It": ["Quick", "Slow"], "Quick": [], "Slow": []}, Slow=5)
    assert told[-4:] == ["end Slow", "begin It", "call It", "end It"]


def test_what_needs_one_that_never_ends_never_begins() -> None:
    assert "begin It" not in steps({"It": ["Stuck"], "Stuck": [], "Else": []}, Stuck=-1)


def test_what_is_not_among_them_keeps_nothing_back() -> None:
    assert steps({"It": ["It", "Elsewhere"]}) == ["begin It", "call It", "end It"]


def test_the_order_does_not_hang_on_that_of_the_names_given() -> None:
    needs = {"A": ["C"], "B": [], "C": []}
    assert steps(needs) == steps(dict(reversed(needs.items())))
