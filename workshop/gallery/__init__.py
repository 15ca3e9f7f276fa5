"""The failure gallery: cause a failure, collect the evidence that AWS keeps, show one card each.

    sent = {"timeout": [gallery.send(lab, rig, {"order_id": "T-1", "fault": {"kind": "timeout"}})]}
    cases = gallery.look(lab, sent)          # after the waits: everything AWS tells, per failure
    gallery.card(cases["timeout"])           # one card, a column for each way it was caused
    gallery.summary(cases)                   # one table of all of them

Sending is in `send`, reserving concurrency in `room`, rules are in `case` (pure), reading in
`look`, drawing in `cards`, and what can be watched of a failure in `replay` (pure).
"""

from workshop.gallery.cards import card, summary
from workshop.gallery.case import Case, Refused
from workshop.gallery.look import deployed, look, refused
from workshop.gallery.room import reserve
from workshop.gallery.send import Sent, send

__all__ = [
    "Case",
    "Refused",
    "Sent",
    "card",
    "deployed",
    "look",
    "refused",
    "reserve",
    "send",
    "summary",
]
