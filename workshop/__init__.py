"""What the notebooks import: connect to AWS (embedded or real), wait, read, draw, check.

A notebook needs one line, then plain boto3 for everything one would do at work:

    lab = workshop.connect()                      # the embedded AWS, unless a target says otherwise
    sqs, out = lab.client("sqs"), lab.outputs("SqsDlq")
    sqs.send_message(QueueUrl=out.SourceQueueUrl, MessageBody='{"order_id": "A-1", "pass": false}')

The rest of the package does what boto3 does not. By question:

    where am I, what is deployed      connect, Target, Lab (client, outputs, clock)
    what is configured                Lab.settings -> RetrySettings
    is it done yet                    Lab.wait_until -> Waited
    what happened, attempt by attempt Lab.logs -> attempts_table (or Lab.attempts in one step)
    where did the message end         Lab.arrivals, Lab.messages, Lab.queue_counts
    what does this message tell       explain(message)
    show it                           timeline(attempts, arrivals, settings=...) -> Timeline
    was I right                       compare(prediction, observed, what), checks (a module)
    how do several patterns compare   timelines({name: (attempts, arrivals, settings)})
    where is every order, is one lost ledger(lab, pattern, order_ids) -> orders, summary, counts
    what happened to this one id      trace(lab, some_id) -> sentences, lines, query
    what lies in the DLQs, and why    dead_letters(lab, pattern or queue_url) -> table, groups
    send it again, safely             redrive(lab, pattern, dry_run=True, where=...) -> came_back()
    show it on the diagram            flow(lab, pattern) -> counters and moving messages
    what have I solved                lesson(name, checks) -> check(...) with help; series()
    buttons instead of code           send_panel(lab, pattern), instructor_panel(lab)
    what went wrong                   WorkshopError and its children, each with the remedy

Modules of single notebooks, imported as `from workshop import gallery`:

    break something of my own         bench.Bench(lab, name) makes temporary things, clear() them
    every failure, one card each      gallery: send, look, card, summary
    six faults to repair              clinic
    what is there, what does it cost  cleanup: inventory, used, tear_down; cost

Layers, a file imports only lower ones: 0 `errors`, `target`, `settings`, `file_lock`; 1
`clock_client`, `session` (calls and time of one target); 2 `waiting`, `logs`, `queues`; 3 pure
tables: `attempts`, `arrivals`, `records`, `predictions`, and `drawing/`; 4 `lab` composes these; 5
`deployment` with `cloud_assembly` and `node` below it, `checks`, `panels`, and the tools on a lab:
`evidence/`, `repair/`, `bench/`, `lessons/`, `message_flow/`, above them `gallery/`, `clinic/`,
`cleanup`, `instructor`; 6 `embedded`, `connection`, the only files that know how each target is
reached; 7 `cli/` and the `guides/` that it writes, which nothing below knows. Names load when first
used, so that the command line does not wait for matplotlib.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workshop import checks as checks
    from workshop.attempts import attempts_table as attempts_table
    from workshop.connection import connect as connect
    from workshop.drawing.comparison import timelines as timelines
    from workshop.drawing.timeline import Timeline as Timeline
    from workshop.drawing.timeline import timeline as timeline
    from workshop.errors import WorkshopError as WorkshopError
    from workshop.evidence.ledger import ledger as ledger
    from workshop.evidence.trace import trace as trace
    from workshop.instructor import instructor_panel as instructor_panel
    from workshop.lab import Lab as Lab
    from workshop.lessons.lesson import lesson as lesson
    from workshop.lessons.series import series as series
    from workshop.message_flow.picture import flow as flow
    from workshop.panels import send_panel as send_panel
    from workshop.predictions import compare as compare
    from workshop.records import explain as explain
    from workshop.repair.dead_letters import dead_letters as dead_letters
    from workshop.repair.redrive import redrive as redrive
    from workshop.settings import RetrySettings as RetrySettings
    from workshop.target import Target as Target
    from workshop.waiting import Waited as Waited

_HOME = {
    "connect": "workshop.connection",
    "Lab": "workshop.lab",
    "Target": "workshop.target",
    "RetrySettings": "workshop.settings",
    "Waited": "workshop.waiting",
    "attempts_table": "workshop.attempts",
    "explain": "workshop.records",
    "timeline": "workshop.drawing.timeline",
    "Timeline": "workshop.drawing.timeline",
    "compare": "workshop.predictions",
    "timelines": "workshop.drawing.comparison",
    "ledger": "workshop.evidence.ledger",
    "trace": "workshop.evidence.trace",
    "dead_letters": "workshop.repair.dead_letters",
    "redrive": "workshop.repair.redrive",
    "flow": "workshop.message_flow.picture",
    "checks": "workshop.checks",
    "lesson": "workshop.lessons.lesson",
    "series": "workshop.lessons.series",
    "send_panel": "workshop.panels",
    "instructor_panel": "workshop.instructor",
    "WorkshopError": "workshop.errors",
}

__all__ = (  # noqa: RUF022 - listed by question, as in the table above
    "connect",
    "Lab",
    "Target",
    "RetrySettings",
    "Waited",
    "attempts_table",
    "explain",
    "timeline",
    "Timeline",
    "timelines",
    "ledger",
    "trace",
    "dead_letters",
    "redrive",
    "flow",
    "compare",
    "checks",
    "lesson",
    "series",
    "send_panel",
    "instructor_panel",
    "WorkshopError",
)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'workshop' has no attribute {name!r}; it has {list(_HOME)}")
    module = importlib.import_module(_HOME[name])
    value = module if _HOME[name] == f"{__name__}.{name}" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
