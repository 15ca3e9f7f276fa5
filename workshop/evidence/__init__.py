"""What AWS shows of messages, read from its interfaces alone and made into tables.

`logs` reads CloudWatch Logs, `log_lines` takes lines apart, `joining` gives each line its attempt,
`attempts` makes one row per attempt, `believing` says which of these are known to be good, and
`endings` whether they tell the stories of orders to their end. `receiving` takes messages out of a
queue and puts them back, `fifo` knows what FIFO queues do otherwise, `queues` looks and counts
(`look_line` says how long that takes), `records` reads what arrives in queues, `arrivals` makes one
row per message that ended there. `metrics` adds
up what CloudWatch counted, `throttles` what left no line in any log, `alarms` says when an alarm
should ring. `found` takes the first of what may be gone by now.
`retry_settings` is what a pattern is configured to do, `settings_reader` reads it, `diagnosis`
names what stands in the way. `expected` says when AWS will be done with an order, and `watching`
what became of it, by its id and without a receive; `late_logs` reads again what is seen late, and
`awaiting` waits for orders and alarms, as long as what they need is `there`. `lanes` is what a
timeline draws of one message, `lane_making` chooses it from the tables, with the `untold_receives`
and what was `predicted`, `lane_waits` names what it waited for, `whereabouts` says where it is in
the end. `behind` is what a table was made from, for whoever shows it.
"""
