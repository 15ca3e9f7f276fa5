"""Quotas of CloudWatch Logs, each with the page that states it.

The names are pages of https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/ or,
in lower case, of the user guide.
"""

MIB = 1_048_576
DAY_MS = 86_400_000
HOUR_MS = 3_600_000

# API_PutLogEvents
MAX_PUT_BYTES = MIB
EVENT_OVERHEAD_BYTES = 26
MAX_PUT_SPAN_MS = DAY_MS
MAX_EVENT_AGE_MS = 14 * DAY_MS
MAX_EVENT_LEAD_MS = 2 * HOUR_MS

# API_GetLogEvents, API_FilterLogEvents
MAX_PAGE_EVENTS = 10_000
MAX_PAGE_BYTES = MIB
TOKEN_VALID_MS = DAY_MS
# A page of FilterLogEvents may end early, even empty. The number is ours: it keeps a search
# through a million events from holding up everybody else.
MAX_PAGE_SCANNED = 50_000

# API_CreateLogGroup, API_CreateLogStream
MAX_NAME_LENGTH = 512

# API_DescribeLogGroups and its like
MAX_LISTED = 50
MAX_LISTED_GROUPS = 1_000

# API_PutRetentionPolicy
RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
)  # fmt: skip

# cloudwatch_limits_cwl
MAX_TAGS = 50
MAX_RESOURCE_POLICIES = 10
MAX_METRIC_FILTERS = 100
MAX_METRIC_DIMENSIONS = 3
MAX_SUBSCRIPTION_FILTERS = 2

# SubscriptionFilters: how long CloudWatch Logs tries to deliver. The delays are ours.
SUBSCRIPTION_RETRIES_S = 24 * 3600.0
SUBSCRIPTION_DELAY_S = 1.0
SUBSCRIPTION_MAX_BACKOFF_S = 300.0
# A batch for Lambda stays below its asynchronous payload limit even where it hardly shrinks.
MAX_SUBSCRIPTION_BYTES = 512 * 1024

# API_StartQuery, API_GetQueryResults
MAX_QUERIED_GROUPS = 50
DEFAULT_QUERY_LIMIT = 10_000
MAX_QUERY_LIMIT = 100_000
MAX_QUERY_PAGE = 10_000
# CWL_AnalyzeLogData-discoverable-fields: how many fields of a JSON event are found.
MAX_DISCOVERED_FIELDS = 200
