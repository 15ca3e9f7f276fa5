"""The numbers that the lessons teach, each with its reason and AWS's own page about it."""

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

# --- Functions --------------------------------------------------------------------------------

# The newest runtimes live longest; 3.13 is supported until June 2029.
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
RUNTIME = lambda_.Runtime.PYTHON_3_13

# Long enough for the handler (milliseconds), short enough that a timeout is seen soon. AWS's
# default is 3 s; 5 s makes the visibility timeout below a round number.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
FUNCTION_TIMEOUT_S = 5

# The smallest size: the handler only reads a message and writes a line.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
MEMORY_MB = 128

# Logs outlive the invocations that wrote them; a week is longer than any workshop.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html
LOG_RETENTION = logs.RetentionDays.ONE_WEEK

# --- Pattern 1: SQS with a dead-letter queue ----------------------------------------------------

# AWS advises six times the function timeout, so that Lambda has time to retry an invocation that
# was throttled while the message stays hidden from other receivers.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
VISIBILITY_TIMEOUT_S = 6 * FUNCTION_TIMEOUT_S

# Three receives, to compare with the three attempts of the asynchronous patterns. In production
# take at least 5: a throttled function uses up receives too, without running once.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
MAX_RECEIVE_COUNT = 3

# One message per invocation, so that one failing message fails nothing else. AWS's default is 10.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
BATCH_SIZE = 1

# Ten is AWS's default and, without a batching window, its maximum.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
LARGE_BATCH_SIZE = 10

# How long Lambda gathers messages for a batch. Two seconds are enough for messages that are sent
# together to arrive together.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
BATCHING_WINDOW_S = 2

# Four days is SQS's default.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-timeouts.html
QUEUE_RETENTION_DAYS = 4

# SQS's maximum. It must be longer than the source queue's: in a standard queue the clock of a
# message keeps running from its first send, the move to the DLQ does not restart it.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html
DLQ_RETENTION_DAYS = 14

# SQS reports to CloudWatch once a minute, so a shorter period would see nothing new.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
ALARM_PERIOD_S = 60

# --- Patterns 2 and 3: asynchronous invocation --------------------------------------------------

# Two retries are three attempts: at once, about 1 minute after the first failure, about 2 minutes
# after the second. It is AWS's default and maximum, written out because the lessons are about it.
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
MAXIMUM_RETRY_ATTEMPTS = 2

# How long an event may wait in Lambda's event queue. AWS's default and maximum is 6 hours; an hour
# leaves room for both retries and drops orders that are too old to be of use.
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html
MAXIMUM_EVENT_AGE_S = 3600
