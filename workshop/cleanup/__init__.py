"""What the workshop has made in the target, what it used and costs, and how it goes away again.

`resources` finds what there is, `usage` asks CloudWatch what was used, `cost` prices it (pure),
`polling` switches event source mappings off between two lessons, `removal` tears down.
"""

from workshop.cleanup.polling import polling
from workshop.cleanup.removal import Report, tear_down
from workshop.cleanup.resources import (
    enabled_mappings,
    found,
    inventory,
    look,
    prefixes,
    set_enabled,
)
from workshop.cleanup.usage import used

__all__ = [
    "Report",
    "enabled_mappings",
    "found",
    "inventory",
    "look",
    "polling",
    "prefixes",
    "set_enabled",
    "tear_down",
    "used",
]
