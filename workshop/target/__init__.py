"""Which AWS is used, how it is reached, and its time.

`folders` are where the code is, and what is a person's own. `target` is the choice, which
`announcement` binds to a process tree, and `environment` hands to programs; `commands` names the
commands of `start.py` that lead to it, and `making` those that make its stacks. `session` has the
clients; `clock` is AWS's time, of which `lengths` may pass, which a cell's `time.sleep` follows by
`cell_sleep`, `lateness` what it shows later than it happens, `waiting` lets time pass until a fact
holds, with a line that `telling` words, or until what it needs is `gone`; boto3's own `waiters` get
such a line too; `waits` adds up the waits of a session and `requests` what it sent. `outputs` reads
what a stack says of itself, `own_values` what must not be given away; `new_ids` are for what is
sent; in `repeatable` kernels no real second is told.
`embedded` finds or starts the embedded AWS, which `keeper` holds in a process of its own, through
the files of `run_state` and their `locks`; `health` tells how it fares; `local_http` speaks to it,
clients say by `unanswered` when it is gone, and on a `lifeline` what was started ends with whoever
started it. `account` opens
a session of a real account, `key_hints` says what is wrong with its keys, `renewal` how they are
renewed, and `confirmation` asks before something is changed there.
"""
