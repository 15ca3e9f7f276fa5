"""Which AWS is used, how it is reached, and its time.

`target` is the choice, `session` hands out clients, `clock` is AWS's time; `waiting` lets it pass
until a fact holds, `outputs` reads what a stack says of itself. `embedded` finds or starts the
embedded AWS, which `keeper` holds in a process of its own; `local_http` speaks to it.
"""
