"""Recall questions: asked while nobody answered, and each wrong answer has its own sentence."""

from pathlib import Path
from typing import Any

import pytest

from workshop.errors import DataError
from workshop.lessons import checks
from workshop.lessons.lesson import Blank, Lesson, lesson
from workshop.lessons.predictions import Judged
from workshop.lessons.recall import CASES, FOLDER, Recall, RecallQuestion, recall, recall_questions

NOTEBOOKS = sorted(path.stem for path in FOLDER.glob("*.toml"))
QUESTIONS = [
    pytest.param(asked, id=f"{path.parent.name}-{path.stem}-{number}")
    for folder in (FOLDER, CASES)
    for path in sorted(folder.glob("*.toml"))
    for number, asked in enumerate(recall_questions(path.stem, folder), start=1)
]
CHOICE = RecallQuestion("Who?", "SQS", "It counts.", {"Lambda": "It does not.", "you": "No."})
NUMBER = RecallQuestion("How many?", 3, "One and two.", {"2": "Retries only."})


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_there_are_five_of_a_notebook(notebook: str) -> None:
    assert len({asked.ask for asked in recall_questions(notebook)}) == 5


@pytest.mark.parametrize("asked", QUESTIONS)
def test_each_wrong_answer_is_wrong_with_a_sentence_of_its_own(asked: RecallQuestion) -> None:
    assert len(asked.wrong) >= 2
    told = {asked.why, *asked.wrong.values()}
    assert len(told) == len(asked.wrong) + 1
    assert all(sentence.endswith((".", "?")) for sentence in told)
    for wrong, meaning in asked.wrong.items():
        said: Any = wrong if asked.choices else float(wrong)
        assert asked.judge(said) == (Judged.WRONG, meaning)


@pytest.mark.parametrize("asked", QUESTIONS)
def test_the_right_answer_is_right(asked: RecallQuestion) -> None:
    assert asked.judge(asked.right) == (Judged.RIGHT, asked.why)
    if asked.choices:
        assert len(asked.choices) == len(asked.wrong) + 1
        letter, _, _ = asked.answer.partition(",")
        assert asked.judge(f" {letter.upper()}) ") == (Judged.RIGHT, asked.why)


@pytest.mark.parametrize("asked", [one for one in QUESTIONS if one.values[0].choices])
def test_an_answer_may_be_the_printed_line_or_its_letter(asked: RecallQuestion) -> None:
    for letter, words in asked.choices.items():
        verdict = asked.judge(words)
        said = [f"{letter}: {words}", f"({letter})", f"{letter})", f"({letter}) {words}"]
        for one in [*said, f"{letter}, {words}", f"{letter}: {words[:12]}…", f"{letter}, …"]:
            assert asked.judge(one) == verdict, one
            assert asked.judge(one.upper()) == verdict, one


def test_a_letter_with_the_words_of_another_choice_is_no_answer() -> None:
    assert CHOICE.choices == {"a": "Lambda", "b": "SQS", "c": "you"}
    for odd in ("a: SQS", "(b) you", "d: SQS", "(d)", "a topic", "b SNS"):
        assert CHOICE.judge(odd)[0] is Judged.MISFIT, odd


@pytest.mark.parametrize("said", ["b", "(b)", "b: SQS", "sqs", "SQS"])
def test_a_right_answer_says_what_it_was(said: str) -> None:
    told = Recall([CHOICE], [said])
    for text in (str(told), told._repr_html_()):
        assert "You said b: SQS. It counts." in text


def survival_questions() -> list[RecallQuestion]:
    return [one.values[0] for one in QUESTIONS if "of outage does a message" in one.values[0].ask]


def test_one_rule_tells_how_long_an_outage_is_survived() -> None:
    found = survival_questions()
    assert [asked.right for asked in found] == [60, 240]
    for asked in found:
        limit = int(asked.right)
        for said in (limit, limit - 1):
            verdict, told = asked.judge(said)
            assert verdict is Judged.RIGHT
            assert f"An outage of less than {limit} s is survived" in told
        for said in (limit - 2, limit + 1):
            assert asked.judge(said)[0] is Judged.WRONG
        assert asked.answer == str(limit)


def test_who_has_a_visibility_timeout_longer_than_the_outage_is_not_told_otherwise() -> None:
    # With a longer one the poller goes on trying on the same receive: the question names it
    [asked] = [one for one in recall_questions("12") if "maxReceiveCount 1" in one.ask]
    assert "visibility timeout of 20 s" in asked.ask
    assert "reserved concurrency of its function is 0" in asked.ask


def test_publish_is_answered_before_anything_is_delivered() -> None:
    [asked] = [one for one in recall_questions("04") if one.ask.startswith("All four")]
    assert "later" not in asked.wrong["1"]


@pytest.mark.parametrize("asked", [CHOICE, NUMBER], ids=["choice", "number"])
@pytest.mark.parametrize("odd", ["zz", [1], {}, True, float("nan"), print, "x" * 500], ids=repr)
def test_an_answer_of_another_kind_is_told_kindly(asked: RecallQuestion, odd: Any) -> None:
    verdict, told = asked.judge(odd)
    assert verdict is Judged.MISFIT
    assert "cannot be judged here" in told
    assert len(told) < 150


def test_a_number_in_quotes_is_shown_with_them_and_once() -> None:
    told = str(Recall([NUMBER], ["3"]))
    assert '"3" cannot be judged here. Write a number, without quotes.' in told
    assert "You said" not in told


def test_another_number_is_wrong_and_not_explained() -> None:
    assert NUMBER.judge(7) == (Judged.WRONG, "Not so. Think again, or unfold the answer.")


@pytest.mark.parametrize(
    ("said", "is_right"),
    [(108, True), (125, True), (132, True), (107, False), (133, False), (60, False), (180, False)],
)
def test_what_is_asked_for_about_is_right_when_it_is_near(said: int, is_right: bool) -> None:
    [asked] = [one for one in recall_questions("02") if one.ask.endswith(", about?")]
    assert (asked.judge(said)[0] is Judged.RIGHT) == is_right
    assert asked.answer == "about 120"


@pytest.mark.parametrize("asked", QUESTIONS)
def test_a_number_that_is_asked_for_about_has_room_and_no_other_has(asked: RecallQuestion) -> None:
    assert bool(asked.near) == asked.ask.endswith(", about?")
    # And no common mistake is near enough to be right: each is told what it means
    if asked.near:
        assert all(asked.judge(float(one))[0] is Judged.WRONG for one in asked.wrong)


@pytest.mark.parametrize("answers", [[], [...] * 5, [None] * 5], ids=repr)
def test_who_said_nothing_is_asked_and_the_answers_are_folded(answers: list[Any]) -> None:
    told = recall("08", answers)
    page = told._repr_html_()
    assert told.verdicts == [Judged.UNSET] * 5
    assert page.count("<details>") == 5
    visible = "".join(part.rpartition("</details>")[2] for part in page.split("<details>"))
    for asked in recall_questions("08"):
        assert asked.ask in visible
        assert asked.why not in visible
        assert asked.why in page.replace("&#39;", "'")
    for text in (page, str(told)):
        assert "You said" not in text
        assert "Write your answers where the dots are" in text


def test_a_right_answer_is_explained_and_a_wrong_one_asked_again() -> None:
    asked = recall_questions("08")
    [wrong, meaning], *_ = asked[2].wrong.items()
    told = recall("08", [..., 310, wrong])
    assert told.verdicts[:3] == [Judged.UNSET, Judged.RIGHT, Judged.WRONG]
    assert meaning in str(told)
    assert "1 of 5 right" in str(told)
    # The choices of the wrong one are there again, those of the right one are not needed
    page = told._repr_html_()
    assert page.count("<details>") == 4
    assert f"You said {wrong}" in page


def test_too_many_answers_and_unknown_notebooks_are_refused() -> None:
    with pytest.raises(DataError, match="6 answers to 5 questions"):
        recall("08", ["a"] * 6)
    with pytest.raises(DataError, match="no recall questions of notebook '99'"):
        recall("99", [])


@pytest.fixture
def made(tmp_path: Any) -> Lesson:
    return lesson("08-backing-off", ["own"], file=tmp_path / "progress.json")


def test_a_lesson_asks_its_own_questions_and_records_nothing(made: Lesson) -> None:
    assert made.recall(["a"]).questions == recall_questions("08")
    assert str(made).endswith("1 was not made yet")


def test_a_lesson_asks_for_decisions(tmp_path: Any) -> None:
    designing = lesson("11-when-not", [], file=tmp_path / "progress.json")
    cases = recall_questions("11", CASES)
    [wrong, meaning], *_ = cases[0].wrong.items()
    told = designing.decide([wrong])
    assert told.questions == cases
    assert meaning in str(told)
    assert designing.decide([case.right for case in cases]).verdicts == [Judged.RIGHT] * len(cases)


def refusing(answer: Any) -> checks.Check:
    raise DataError(f"{answer!r} is no plan.", "Write one.")


def test_a_blank_exercise_is_asked_and_then_judged(made: Lesson) -> None:
    def judge(answer: Any) -> checks.Check:
        return checks.equal("it is 3", expected=3, seen=answer() + 0, evidence="cell")

    task = "Write a function that answers 3."
    blank = made.exercise("own", ..., judge, task=task)
    assert isinstance(blank, Blank)
    assert not blank
    assert task in blank._repr_html_()
    assert str(made).endswith("1 was not made yet")
    # Nor is None an answer
    assert isinstance(made.exercise("own", None, judge, task=task), Blank)
    assert str(made).endswith("1 was not made yet")
    # When it is wrong, or fails, then it did not pass; and help grows as with every check
    failing = made.exercise("own", lambda: "x", judge, task=task, nudge="numbers")
    assert "TypeError" in str(failing)
    assert "nudge: numbers" in str(failing)
    # An error that says what to do needs no name of its kind
    told = made.exercise("own", "x", refusing, task=task)
    assert "seen 'x' is no plan. Write one." in str(told)
    assert made.exercise("own", lambda: 3, judge, task=task)
    assert "its one check passes" in str(made)


@pytest.mark.parametrize("answers", [5, 2.5, None, ..., {"a": 1}, {"b"}, b"abc"], ids=repr)
def test_what_is_no_list_of_answers_is_told_with_one_that_is(answers: Any) -> None:
    told = r"(?s)is no list of answers.*in square brackets: \[.*\.\.\.\]"
    with pytest.raises(DataError, match=told):
        recall("01", answers)


def test_letters_in_one_word_are_told_with_the_list_that_they_should_be() -> None:
    with pytest.raises(DataError) as told:
        recall("01", "abcda")
    assert str(told.value) == (
        "abcda is no list of answers.\nWrite one answer for each question, in square brackets: "
        '["a", "b", "c", "d", "a"].'
    )


def test_a_lesson_that_is_asked_without_answers_says_how_they_are_written(tmp_path: Path) -> None:
    made = lesson("08-backing-off", [], file=tmp_path / "progress.json")
    with pytest.raises(DataError, match=r"There is no list of answers(?s:.*)\[\.\.\., \.\.\."):
        made.recall()
    made = lesson("11-when-not-lambdas-retries", [], file=tmp_path / "progress.json")
    with pytest.raises(DataError, match=r"There is no list of answers"):
        made.decide()
