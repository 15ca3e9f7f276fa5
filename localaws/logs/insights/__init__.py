"""CloudWatch Logs Insights: queries over log groups.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
"""

from localaws.logs.insights.pipeline import Pipeline
from localaws.logs.insights.query_parser import parse_query

__all__ = ["Pipeline", "parse_query"]
