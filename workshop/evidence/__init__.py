"""What AWS shows of messages, read from its interfaces alone and made into tables.

`logs` reads CloudWatch Logs, `log_lines` takes lines apart, `attempts` makes one row per attempt.
`queues` looks into queues, `records` reads what arrives in them, `arrivals` makes one row per
message that ended there. `settings` is what a pattern is configured to do, `settings_reader` reads
it, `diagnosis` names what stands in the way. `lanes` is what a timeline draws of one message, and
`lane_making` chooses it from the tables.
"""
