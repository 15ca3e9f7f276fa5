"""CloudWatch's metrics: statistics of data points, metric math, what is asked of both. All pure.

In reading order: `points`, `statistics`, `series` (values by period), `syntax` and `parsing`
(expressions), `arithmetic`, `functions`, `conditions`, `arrays`, `evaluation` (one expression),
`periods`, `labels`, `queries` (a list of metrics and expressions), `data` (GetMetricData),
`summaries` (GetMetricStatistics), `listing` (ListMetrics).
"""
