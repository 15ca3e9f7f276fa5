"""What an outage does to messages that wait: notebooks 08 and 09.

`crowd` draws how many attempts begin together.
"""

from workshop.outage.crowd import crowd

__all__ = ["crowd"]
