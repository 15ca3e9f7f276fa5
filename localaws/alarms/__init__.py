"""CloudWatch alarms: when they are looked at, what they conclude, whom they tell what."""
