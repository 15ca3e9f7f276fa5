"""What an outage does to messages that wait: notebooks 08 and 09.

`sending` sends many orders, `counting` counts attempts in stretches of time, `bars` draws how many
begin together, `own_waits` judges the exercise of notebook 08. `plan` has settings, an outage, and
what the retry policies make of them; `measuring` makes the same outage on AWS; `words` says both,
`figure` draws both, `judging` compares them, `sliders` has the sliders, `survival` is the table for
many outages. On a narrow page `columns` is what `bars` draws, and `narrow` what `figure` draws.
"""

from workshop.outage.bars import crowd
from workshop.outage.figure import drawn
from workshop.outage.judging import agreement, differences, judged_plan, side_by_side
from workshop.outage.measuring import measured
from workshop.outage.own_waits import judged_waits
from workshop.outage.plan import Plan, foretold, longest_outages_s
from workshop.outage.sending import send_all
from workshop.outage.sliders import panel
from workshop.outage.survival import survival

__all__ = [
    "Plan",
    "agreement",
    "crowd",
    "differences",
    "drawn",
    "foretold",
    "judged_plan",
    "judged_waits",
    "longest_outages_s",
    "measured",
    "panel",
    "send_all",
    "side_by_side",
    "survival",
]
