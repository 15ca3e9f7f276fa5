"""What a patient of the clinic was answered, and how each answer was judged."""

from dataclasses import dataclass, field

from workshop.lessons.checks import Check

PASSED, NOT_YET, DANGEROUS = "passed", "not yet", "dangerous"
_LEAST = 8


@dataclass
class Answers:
    """Collects the answers to one patient; each is judged as it comes."""

    judged: dict[str, str] = field(default_factory=dict)

    def judge(self, answer: str, check: Check, grade: str, *words: str) -> Check:
        """The check of an answer has this grade, and says these words.

        What passes is told no hint: it would be false. What does not pass is helped.
        """
        told = str(check)
        assert told.partition(":")[0] == grade, f"{answer}: {told}"
        for word in words:
            assert word in f"{told}\n{check.remark}\n{check.hint}\n{check.seen}", (
                f"{answer}: {told}"
            )
        assert ("Hint: " in told) is (grade != PASSED), f"{answer}: {told}"
        assert bool(check.hint) is (grade != PASSED), f"{answer}: {check.hint}"
        assert answer not in self.judged, f"{answer} was tried before"
        self.judged[answer] = grade
        return check

    def are_enough(self) -> None:
        """Eight different ones at least, and right, wrong and dangerous ones among them."""
        assert len(self.judged) >= _LEAST, sorted(self.judged)
        assert set(self.judged.values()) == {PASSED, NOT_YET, DANGEROUS}
