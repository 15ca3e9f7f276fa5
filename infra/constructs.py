"""The parts that the patterns share: a queue, and a function with its log group and role."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import CfnOutput, Duration, Environment, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import settings

# From this file's own place, so that synthesis works from any working directory.
HANDLERS = Path(__file__).resolve().parent.parent / "lambda"


class WorkshopStack(Stack):
    """A stack for any account and Region, or for those that the context names.

    `cdk deploy -c account=ID -c region=R` makes stacks that the CDK CLI refuses to deploy anywhere
    else: so a profile or variable that it finds somewhere cannot lead them astray.
    """

    def __init__(self, scope: Construct, construct_id: str, *, about: str) -> None:
        """Create the stack.

        Args:
            scope: the app.
            construct_id: the stack's name.
            about: what it shows, in a few words.
        """
        context = scope.node.try_get_context
        super().__init__(
            scope,
            construct_id,
            description=f"Lambda failure workshop: {about}",
            env=Environment(account=context("account"), region=context("region")),
        )


class WorkshopQueue(sqs.Queue):
    """A queue that is encrypted and disappears with its stack.

    It has no policy that demands TLS (`enforce_ssl`): a queue's policy says who may send to it, and
    holds what the lesson is about alone. On AWS the SDKs use https anyway; add `enforce_ssl=True`
    to queues of your own.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        retention_days: int,
        visibility_timeout_s: int | None = None,
        dead_letter_queue: sqs.DeadLetterQueue | None = None,
        fifo: bool = False,
    ) -> None:
        """Create the queue.

        Args:
            scope: the stack.
            construct_id: the queue's id within the stack.
            retention_days: how long SQS keeps a message, counted from its first send.
            visibility_timeout_s: how long a received message stays hidden; None is SQS's 30 s.
            dead_letter_queue: the redrive policy, if messages may be given up.
            fifo: whether messages of a group keep their order. The DLQ of such a queue is FIFO too.
        """
        super().__init__(
            scope,
            construct_id,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            retention_period=Duration.days(retention_days),
            visibility_timeout=(
                None if visibility_timeout_s is None else Duration.seconds(visibility_timeout_s)
            ),
            dead_letter_queue=dead_letter_queue,
            # A standard queue has no such property; false is not allowed.
            fifo=True if fifo else None,
            removal_policy=RemovalPolicy.DESTROY,
        )


class WorkshopFunction(lambda_.Function):
    """A function of `lambda/`, with a log group and a role of its own.

    The role starts with one right: to write into this log group. Patterns add what they need; no
    managed policy, because those grant log access to every log group of the account.

    The log group is a resource of the stack. The one that Lambda would make by itself stays behind
    when the stack is deleted, and keeps its logs (and their price) for ever.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        description: str,
        folder: str = "orders",
        handler: str = "handler.handler",
        layers: Sequence[lambda_.ILayerVersion] = (),
        environment: Mapping[str, str] | None = None,
        retry_attempts: int | None = None,
        max_event_age_s: int | None = None,
        on_success: lambda_.IDestination | None = None,
        on_failure: lambda_.IDestination | None = None,
        dead_letter_queue: sqs.IQueue | None = None,
    ) -> None:
        """Create the function; `retry_attempts` and all below it concern asynchronous events.

        Args:
            scope: the stack.
            construct_id: the function's id within the stack.
            description: shown in the Lambda console.
            folder: of `lambda/`, with the code.
            handler: file and function in it.
            layers: what the code imports and Lambda's runtime does not have.
            environment: variables that the code reads.
            retry_attempts: 0 to 2; attempts = retries + 1.
            max_event_age_s: how long an event may wait in Lambda's event queue.
            on_success: where a record of each processed event goes.
            on_failure: where a record of each event that was given up goes.
            dead_letter_queue: where the event itself goes when it was given up.
        """
        log_group = logs.LogGroup(
            scope,
            f"{construct_id}Logs",
            retention=settings.LOG_RETENTION,
            removal_policy=RemovalPolicy.DESTROY,
        )
        role = iam.Role(
            scope,
            f"{construct_id}Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        )
        log_group.grant_write(role)
        super().__init__(
            scope,
            construct_id,
            description=description,
            code=lambda_.Code.from_asset(str(HANDLERS / folder), exclude=["__pycache__", "*.pyc"]),
            handler=handler,
            layers=list(layers),
            environment=environment,
            runtime=settings.RUNTIME,
            timeout=Duration.seconds(settings.FUNCTION_TIMEOUT_S),
            memory_size=settings.MEMORY_MB,
            role=role,
            log_group=log_group,
            retry_attempts=retry_attempts,
            max_event_age=None if max_event_age_s is None else Duration.seconds(max_event_age_s),
            on_success=on_success,
            on_failure=on_failure,
            dead_letter_queue=dead_letter_queue,
        )


def add_outputs(stack: Stack, **values: str) -> None:
    """Make stack outputs: the names that a notebook reads, since no physical name is fixed."""
    for key, value in values.items():
        CfnOutput(stack, key, value=value)
