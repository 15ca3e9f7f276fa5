"""What each notebook's rehearsal has beside what all have: its exercises, done well and badly."""

import re

import nbformat

from tests.notebooks.rehearsal import Plan, Try
from workshop.target.target import PROJECT

NAMES = sorted(path.stem for path in (PROJECT / "notebooks").glob("[0-9]*.ipynb"))

CLINIC = "12-misconfiguration-clinic"
EXERCISES = range(1, 7)
# The value to write, the word that the result begins with, and what it says.
NO_CURES = (
    ("visibility_timeout_s = 99999", "not yet", "AWS refused the change"),
    ('max_receive_count = "many"', "not yet", "AWS refused the change"),
    (
        'policy = {"deadLetterTargetArn": third.dlq.arn, "maxReceiveCount": 1}',
        "dangerous",
        "What is wrong: with one receive",
    ),
    ('principal = "*"', "dangerous", "everybody"),
    ("qualifier = None", "not yet", "boto3 did not send the change"),
    ("maximum_event_age_s = None", "not yet", "boto3 did not send the change"),
)
# What is written as a Retry, and what its check has seen.
NO_RETRIERS = {
    "rate": (
        'own_retrier = {"interval_s": 900, "attempts": 4, "rate": 1}',
        "'outlasts 3600 s': False",
    ),
    "many": ('own_retrier = {"interval_s": 60, "attempts": 20}', "'at most 10 retries': False"),
    "longest": ('own_retrier = {"interval_s": 900, "attempts": 5}', "'longest': False"),
    "unknown": ('own_retrier = {"seconds": 60}', "TypeError"),
    "number": ("own_retrier = 3600", "TypeError"),
}


def solutions() -> dict[str, str]:
    """Cell id -> the line that the clinic's folded solution gives."""
    notebook = nbformat.read(PROJECT / "notebooks" / f"{CLINIC}.ipynb", as_version=4)
    folded = {cell.id: cell.source for cell in notebook.cells if cell.id.startswith("solution-")}
    code = {cell_id: re.findall(r"```python\n(.*?)\n```", text) for cell_id, text in folded.items()}
    return {cell_id.replace("solution", "change"): line for cell_id, [line] in code.items()}


def plan_of(name: str) -> Plan:
    """The plan of one of `NAMES`."""
    return PLANS.get(name, Plan())


_OWN = ("own", "own-check")
_TWEAK = ("tweak-predict", "tweak-receives", "tweak-set", "tweak-run", "tweak-compare")
_CHANGES = tuple(f"change-{number}" for number in EXERCISES)
_LATER = ("later-run", "later-runs", "later-compare")

PLANS = {
    "01-sqs-dead-letter-queue": Plan(runs=2),
    "04-compare-the-patterns": Plan(
        runs=2, tries={"solved": Try({"tweak-predict": "receives_guess = 8"}, _TWEAK)}
    ),
    "05-partial-batches": Plan(runs=2),
    "07-failure-gallery": Plan(runs=2),
    # Their checks look at what is left: they are seen twice when it is cleared away twice.
    "08-backing-off": Plan(runs=3),
    "09-designing-it": Plan(
        runs=3,
        tries={
            "solved": Try(
                {"own": "own_plan = outage.Plan(visibility_s=200, receives=8, outage_s=1200)"}, _OWN
            )
        },
    ),
    "10-order-and-idempotency": Plan(
        runs=2,
        changes={"own": 'own_switches = {"PAYMENT_ID": "order"}'},
        tries={"longer": Try({"own": 'own_switches = {"EXPIRES_AFTER_S": "3600"}'}, _OWN)},
    ),
    "11-when-not-lambdas-retries": Plan(
        runs=2,
        changes={
            "own": 'own_retrier = {"interval_s": 60, "attempts": 8, "rate": 2.0, "most_s": 900}'
        },
        tries={name: Try({"own": line}, _OWN) for name, (line, _) in NO_RETRIERS.items()},
    ),
    CLINIC: Plan(
        runs=2,
        tries={
            "wrong": Try(
                dict(zip(_CHANGES, (line for line, _, _ in NO_CURES), strict=True)),
                (*_CHANGES, "check"),
            ),
            "solved": Try(
                solutions() | {"later-run": "lowered_to_s = 120"}, (*_CHANGES, *_LATER, "check")
            ),
        },
        for_ever=True,
    ),
    "14-clean-up": Plan(runs=2),
}
