"""What became of messages, told from AWS's evidence alone.

`fates` decides for each order where it is (pure), `ledger` adds up, `story` puts the events of one
message in order (pure), `trace` tells it, `insights` asks CloudWatch Logs Insights.
"""
