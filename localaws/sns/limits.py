"""SNS's quotas: https://docs.aws.amazon.com/general/latest/gr/sns.html and the API reference."""

MAX_MESSAGE_BYTES = 262_144  # API_Publish: 256 KB, message attributes included
# large-message-payloads: what a topic may be set to, and what one above the default may have.
MIN_LARGEST_MESSAGE_BYTES = 1_024
MAX_LARGEST_MESSAGE_BYTES = 1_048_576
MAX_SUBSCRIPTIONS_OF_LARGE_MESSAGES = 100
MAX_DISPLAY_NAME_CHARACTERS = 100  # sns-create-topic
MAX_ARCHIVED_DAYS = 365  # message-archiving-and-replay-topic-owner
MAX_SUBJECT_CHARACTERS = 100
MAX_SMS_CHARACTERS = 1_600  # API_Publish: of one text message, however many parts it is sent in
MAX_BATCH_ENTRIES = 10
MAX_ENTRY_ID_CHARACTERS = 80
MAX_TAGS = 50
PAGE_SIZE = 100  # ListTopics and ListSubscriptions answer at most so many
DEDUPLICATION_INTERVAL_S = 300  # snsdg/fifo-message-dedup
MAX_FILTER_KEYS = 5  # snsdg/subscription-filter-policy-constraints
MAX_FILTER_COMBINATIONS = 150
MAX_FILTER_NUMBER = 1_000_000_000
FILTER_NUMBER_STEPS = 1_000_000  # to one; the page promises a tenth of this accuracy
