"""Which services a trust policy may name.

AWS publishes no list of service principals. The services that its SDK knows have one nearly all,
under the name of their endpoint; the others are added here.
"""

import re
from functools import cache

from localaws.wire.models import endpoint_names

# Without looking into the SDK, whose list takes a moment to read.
_USUAL = frozenset(
    {
        "apigateway",
        "cloudformation",
        "ec2",
        "events",
        "lambda",
        "logs",
        "s3",
        "sns",
        "sqs",
        "states",
    }
)
# Principals that no endpoint is named after.
_MORE = frozenset(
    {
        "agentless",
        "appsync",
        "billingconsole",
        "cloudwatch",
        "credentials",
        "ecs-tasks",
        "edgelambda",
        "eks-fargate-pods",
        "eks-nodegroup",
        "elasticmapreduce",
        "httpsapi",
        "imagebuilder",
        "maintenance",
        "opensearchservice",
        "pods",
        "s3files",
        "spotfleet",
        "trustedadvisor",
        "vpc-flow-logs",
    }
)
_PRINCIPAL = re.compile(r"([a-z0-9.-]+)\.(amazonaws\.com|amazon\.com|aws\.internal)", re.IGNORECASE)
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")


def is_service(principal: str) -> bool:
    """Whether `lambda.amazonaws.com` is a service, as far as that is known."""
    found = _PRINCIPAL.fullmatch(principal)
    if not found:
        return False
    # What is before the service's name is a part of it, what is behind it a Region.
    labels = [label for label in found[1].lower().split(".") if not _REGION.fullmatch(label)]
    return bool(labels) and (labels[-1] in _USUAL or labels[-1] in _known())


@cache
def _known() -> frozenset[str]:
    return _MORE | endpoint_names()
