"""An AWS endpoint on this machine whose Lambda, SQS, SNS and CloudWatch Logs behave as AWS's do.

`launch()` starts one; everything else is reached over HTTP with any AWS SDK. `outlook` starts
nothing: it says beforehand what the retry policies make of an outage. `seed_ids` lets a client draw
the same ids in each run.

The rooms in reading order, lowest first: a file imports its own room and rooms above it in this
list, never one below. `tests/test_layering.py` reads the list and holds it.

    launch          starts an endpoint in a process of its own; what programs import
    work_folder     where handlers' code is unpacked, removed at the end
    words           what all services say alike, and what they ask of each other (ports)
    time            the virtual clock, what is scheduled on it, who lets it pass
    wire            AWS's protocols, over botocore's service models
    lateness        facts that are seen late, as on AWS, when asked for
    sqs             queues: visibility, redrive to a DLQ, FIFO order, move tasks
    logs            CloudWatch Logs: groups, streams, filters, Insights
    sns             topics, subscriptions, deliveries with retries and DLQs
    lambda_         functions, invocations, the event queue, event source mappings, runtime
    outlook         what becomes of a message through an outage, by the retry policies alone
    authorization   who may call what of these services
    metrics         statistics of CloudWatch's data points, metric math, what is asked of both
    alarms          when alarms change state, and whom they tell
    cloudformation  resources of a stack, made by the services' own API calls
    targets         what EventBridge's rules, alarms and buckets reach
    door            who is let in, and which service a request is for
    emulator        every other service: ministack, and the seams that it is held by
    embedded_aws    puts all of it together, once
    server          serves it until somebody ends it
"""

from localaws import outlook
from localaws.launch import EndpointInfo, LaunchError, RunningEndpoint, launch
from localaws.words.seeded import seed_ids

__all__ = ["EndpointInfo", "LaunchError", "RunningEndpoint", "launch", "outlook", "seed_ids"]
