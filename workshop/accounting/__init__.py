"""What became of messages, told from evidence alone: every message that was sent is accounted for.

`gathering` reads once what AWS shows of a pattern, `evidence` holds it and tells what its rows say
(pure), `fates` decides for each order where it is (pure), `patience` says how long evidence can
still come (pure), `ledger` adds up, `passages` counts how many went which way (pure), `story` puts
the events of one message in order (pure), `trace` tells it, `insights` asks CloudWatch Logs
Insights.
"""
