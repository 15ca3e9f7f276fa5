"""What an outage does to messages that wait: notebooks 08 and 09.

`sending` sends many orders, `crowd` draws how many attempts begin together, `own_waits` judges the
exercise of notebook 08.
"""

from workshop.outage.crowd import crowd
from workshop.outage.own_waits import judged_waits
from workshop.outage.sending import send_all

__all__ = ["crowd", "judged_waits", "send_all"]
