"""What the notebooks import: connect to AWS (embedded or real), wait, read, draw, check.

A notebook needs one line, then plain boto3 for everything one would do at work:

    lab = workshop.connect()                      # the embedded AWS, unless a target says otherwise
    sqs, out = lab.client("sqs"), lab.outputs("SqsDlq")
    sqs.send_message(QueueUrl=out.SourceQueueUrl, MessageBody='{"order_id": "A-1", "pass": false}')

The rest of the package does what boto3 does not. By question:

    where am I, what is deployed      connect, Target, Lab (client, outputs, clock)
    an id for what I send             Lab.new_id
    what is configured                Lab.settings -> RetrySettings
    did a lesson leave it changed     Lab.changed, Lab.put_back
    is it done yet                    Lab.wait_for_end, Lab.wait_until -> Waited; Lab.waits
    what happened, attempt by attempt Lab.logs -> attempts_table (or Lab.attempts in one step)
    where did the message end         Lab.arrivals, Lab.messages, Lab.message_of, Lab.queue_counts
    what does this message tell       explain(message)
    show it                           timeline(attempts, arrivals, settings=...) -> Timeline
    was I right                       compare(prediction, observed, question), checks
    how do several patterns compare   timelines({name: (attempts, arrivals, settings)})
    where is every order, is one lost ledger(lab, pattern, order_ids) -> orders, summary, counts
    what happened to this one id      trace(lab, some_id) -> sentences, lines, query
    what lies in the DLQs, and why    dead_letters(lab, pattern or queue_url) -> table, groups
    send it again, safely             redrive(lab, pattern, dry_run=True, where=...) -> came_back()
    show it on the diagram            flow(lab, pattern) -> counters and moving messages
    what have I solved                lesson(name, checks) -> check(...), check_all; series()
    a notebook as it was at first     series().fresh("01")
    how far is everybody who says so  series().share(folder, name), .room(folder)
    an exercise, and what I remember  lesson(...).exercise(...), lesson(...).recall(answers)
    buttons instead of code           send_panel(lab, pattern)
    one screen for a room             open_stage(lab); without a notebook: start.py stage
    what went wrong                   WorkshopError and its children, each with the remedy

Modules of single notebooks, imported as `from workshop import gallery`:

    how the handlers are written      handlers: source("orders/batches.py")
    break something of my own         bench.Bench(lab, name) makes temporary things, clear() them
    every failure, one card each      gallery: send, look, card, summary
    attempts of a crowd, an outage    outage: crowd
    six faults to repair              clinic
    what is there, what does it cost  cleanup: inventory, used, polling, tear_down; cost

The rooms in reading order, lowest first: a file imports its own room and rooms above it in this
list, never one below. `tests/test_layering.py` reads the list and holds it.

    errors, prices      what can go wrong, what AWS charges
    counting            numbers with their nouns
    palette, html       every colour, and every tag that is shown
    progress            how far something is
    masking             what nobody gives away: found, replaced, looked for again
    target              which AWS is used, how it is reached, its time
    handlers            the functions' code, as it lies in `lambda/`
    stacks              stacks come and go: templates, deployment, sweep
    evidence            what AWS shows of messages, as tables
    drift               what is no longer as the stacks say, and how it is put back
    lab                 one target with its stacks, as a notebook sees it
    sending             an order on its way in, as a call that is shown and made
    player              a recorded run, replayed: facts in, moving picture out
    drawing             from tables to the retry timeline
    accounting          what became of every message: ledger, trace
    lessons             exercises: checks, predictions, progress, index
    repair              what lies in the DLQs, and how it is sent again
    workbench           temporary resources of an experiment (`bench` in notebooks)
    gallery, clinic     the failures of notebook 07, the exercises of 12
    stage               panels, the living diagram, the instructor's stage
    cleanup             what there is, what it cost, how it goes away
    keeping             the process that holds the embedded AWS
    connection          the only file that knows how each target is reached
    outage              what an outage does to messages that wait: notebooks 08 and 09
    guides              notebooks as pages
    cli                 the commands, which nothing else knows

Names load when first used, so that the command line does not wait for matplotlib.
"""

import importlib
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workshop import workbench as bench
    from workshop.accounting.ledger import ledger as ledger
    from workshop.accounting.trace import trace as trace
    from workshop.cleanup import cost as cost
    from workshop.connection import connect as connect
    from workshop.drawing.comparison import timelines as timelines
    from workshop.drawing.timeline import Timeline as Timeline
    from workshop.drawing.timeline import timeline as timeline
    from workshop.errors import WorkshopError as WorkshopError
    from workshop.evidence.attempts import attempts_table as attempts_table
    from workshop.evidence.records import explain as explain
    from workshop.evidence.retry_settings import RetrySettings as RetrySettings
    from workshop.lab import Lab as Lab
    from workshop.lessons import checks as checks
    from workshop.lessons.lesson import lesson as lesson
    from workshop.lessons.predictions import compare as compare
    from workshop.lessons.series import series as series
    from workshop.repair.dead_letters import dead_letters as dead_letters
    from workshop.repair.redrive import redrive as redrive
    from workshop.stage.flow import flow as flow
    from workshop.stage.opening import open_stage as open_stage
    from workshop.stage.send_panel import send_panel as send_panel
    from workshop.target.target import Target as Target
    from workshop.target.waiting import Waited as Waited

_HOME = {
    "connect": "workshop.connection",
    "Lab": "workshop.lab",
    "Target": "workshop.target.target",
    "RetrySettings": "workshop.evidence.retry_settings",
    "Waited": "workshop.target.waiting",
    "attempts_table": "workshop.evidence.attempts",
    "explain": "workshop.evidence.records",
    "timeline": "workshop.drawing.timeline",
    "Timeline": "workshop.drawing.timeline",
    "compare": "workshop.lessons.predictions",
    "timelines": "workshop.drawing.comparison",
    "ledger": "workshop.accounting.ledger",
    "trace": "workshop.accounting.trace",
    "dead_letters": "workshop.repair.dead_letters",
    "redrive": "workshop.repair.redrive",
    "flow": "workshop.stage.flow",
    "lesson": "workshop.lessons.lesson",
    "series": "workshop.lessons.series",
    "send_panel": "workshop.stage.send_panel",
    "open_stage": "workshop.stage.opening",
    "WorkshopError": "workshop.errors",
}

# Modules that are imported by a name of their own: `from workshop import bench`.
_MODULES = {
    "bench": "workshop.workbench",
    "checks": "workshop.lessons.checks",
    "cost": "workshop.cleanup.cost",
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
    "bench",
    "cost",
    "lesson",
    "series",
    "send_panel",
    "open_stage",
    "WorkshopError",
)


def __getattr__(name: str) -> Any:
    home = _MODULES.get(name) or _HOME.get(name)
    if home is None and not name.startswith("_") and find_spec(f"workshop.{name}"):
        home = f"workshop.{name}"
    if home is None:
        raise AttributeError(f"module 'workshop' has no attribute {name!r}; it has {__all__}")
    try:
        module = importlib.import_module(home)
    except ModuleNotFoundError as error:
        from workshop.errors import MissingPackageError

        raise MissingPackageError(error.name or str(error)) from None
    value: Any = getattr(module, name) if name in _HOME else module
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
