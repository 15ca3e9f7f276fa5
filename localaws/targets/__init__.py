"""What EventBridge's rules, CloudWatch's alarms and S3's buckets reach of our services.

`reach` hands something to a function, queue or topic on behalf of one of them; `rules` gives an
event of a rule a second chance, and a DLQ in the end, as `retry_policy` decides.
"""

from localaws.targets.reach import OnBehalf, Reach
from localaws.targets.rules import RuleDeliveries, RuleDelivery

__all__ = ["OnBehalf", "Reach", "RuleDeliveries", "RuleDelivery"]
