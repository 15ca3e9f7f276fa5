"""What happens and who is told: EventBridge, S3's notifications, CloudWatch's metrics and alarms.

`deliveries` is the way out to our services, in texts as `json_texts` writes them. `event_entries`,
`rule_requests`, `rule_limits` and `target_limits` are what EventBridge refuses, `bus_names` how its
buses are named, `notifications` what S3 does, `alarm_limits` what CloudWatch does. `alarms` are
evaluated, `alarm_histories` told, and `metric_queries` answered as AWS does.
"""
