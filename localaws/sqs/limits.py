"""Quotas of Amazon SQS, each with the page that states it.

The names are pages of https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/
or of the API reference.
"""

MIB = 1_048_576

# quotas-messages: one message, and the sum of a batch's messages (1 MiB since August 2025).
MAX_MESSAGE_BYTES = MIB
MAX_BATCH_BYTES = MIB
MAX_BATCH_ENTRIES = 10
MAX_BATCH_ENTRY_ID_LENGTH = 80
MAX_MESSAGE_ATTRIBUTES = 10
MAX_MESSAGE_ATTRIBUTE_NAME_BYTES = 256
MAX_MESSAGE_ATTRIBUTE_TYPE_BYTES = 256

# API_ReceiveMessage
MAX_RECEIVED_MESSAGES = 10
MAX_WAIT_TIME_S = 20
MAX_VISIBILITY_TIMEOUT_S = 43_200
# quotas-messages: a standard queue answers OverLimit to a short poll beyond this.
MAX_IN_FLIGHT = 120_000

# API_SendMessage
MAX_DELAY_S = 900

# FIFO-queues-exactly-once-processing: how long a deduplication id, and how long a receive request
# attempt id, is remembered.
DEDUPLICATION_INTERVAL_S = 300.0

# sqs-configure-dead-letter-queue
MAX_RECEIVE_COUNT = 1_000
MAX_REDRIVE_ALLOW_SOURCES = 10

# API_StartMessageMoveTask, API_ListMessageMoveTasks
MAX_MOVES_PER_S = 500
MAX_LISTED_MOVE_TASKS = 10

# API_PurgeQueue, API_CreateQueue
PURGE_INTERVAL_S = 60.0
RECREATE_AFTER_S = 60.0

# API_ListQueues
MAX_LISTED_QUEUES = 1_000

# quotas-queues, quotas-policies
MAX_TAGS = 50
MAX_TAG_KEY_LENGTH = 128
MAX_TAG_VALUE_LENGTH = 256
MAX_POLICY_ACTIONS = 7

# API_AddPermission
MAX_LABEL_LENGTH = 80

# sqs-monitoring-using-cloudwatch: a queue counts as active for six hours after its last use.
METRICS_ACTIVE_S = 6 * 3600.0
METRICS_PERIOD_S = 60.0
# sqs-available-cloudwatch-metrics: such a poison pill no longer is "the oldest message".
POISON_PILL_RECEIVES = 3
