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
    buttons instead of code           send_panel(lab, pattern)
    what went wrong                   WorkshopError and its children, each with the remedy

Layers, a file imports only lower ones: 0 `errors`, `target`, `settings`; 1 `clock_client`,
`session` (calls and time of one target); 2 `waiting`, `logs`, `queues`; 3 pure tables: `attempts`,
`arrivals`, `records`, `predictions`, and `drawing/`; 4 `lab` composes these; 5 `deployment`,
`checks`, `panels`; 6 `embedded`, `connection`, the only files that know how each target is
reached. Names load when first used, so that the command line does not wait for matplotlib.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workshop import checks as checks
    from workshop.attempts import attempts_table as attempts_table
    from workshop.connection import connect as connect
    from workshop.drawing.timeline import Timeline as Timeline
    from workshop.drawing.timeline import timeline as timeline
    from workshop.errors import WorkshopError as WorkshopError
    from workshop.lab import Lab as Lab
    from workshop.panels import send_panel as send_panel
    from workshop.predictions import compare as compare
    from workshop.records import explain as explain
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
    "checks": "workshop.checks",
    "send_panel": "workshop.panels",
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
    "compare",
    "checks",
    "send_panel",
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
