"""What S3 refuses of a bucket's policy.

What it says of principals, versions and actions was measured for
https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/s3; of what is no policy it was
recorded, in the same form:
https://github.com/localstack/localstack/tree/8b9a79f05846835cf4dff63ab7eefdde9df83783/tests/aws/services/s3
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace

_NO_JSON = "Policies must be valid JSON and the first byte must be '{'"
_VERSION = "The policy must contain a valid version string"
_FOREIGN = "Policy has invalid resource"
_VAIN = "Action does not apply to any resource(s) in statement"
_VERSIONS = frozenset({"2008-10-17", "2012-10-17"})
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
_OF_OBJECTS = re.compile(
    r"s3:((Get|Put|Delete|Restore|Replicate|ObjectOwner|Update|Initiate)Object\w*"
    r"|AbortMultipartUpload|ListMultipartUploadParts|BypassGovernanceRetention|Replicate(Delete|Tags))",
    re.IGNORECASE,
)
_OF_BUCKETS = re.compile(r"s3:(List|Get|Put|Delete)Bucket\w*", re.IGNORECASE)

Statement = Mapping[str, Any]


def mistake_in_bucket_policy(policy: Any, bucket: str) -> str | None:
    """The message of the MalformedPolicy with which PutBucketPolicy refuses it, or None.

    Args:
        policy: as JSON, or read.
        bucket: whose policy it is to be.
    """
    document = _read(policy) if isinstance(policy, str) else policy
    return next(_mistakes(document, bucket), None)


def refuse_mistaken_policies(s3: ModuleType) -> None:
    """Let S3 refuse policies as AWS's does."""
    put: Callable[[str, bytes], Any] = s3._put_bucket_policy

    def checked(bucket: str, body: bytes) -> Any:
        if bucket in s3._buckets:
            text = body.decode("utf-8", errors="replace")
            if mistake := mistake_in_bucket_policy(text, bucket):
                return s3._error("MalformedPolicy", mistake, 400)
        return put(bucket, body)

    replace(s3, "_put_bucket_policy", checked)


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _mistakes(document: Any, bucket: str) -> Iterator[str]:
    if not isinstance(document, Mapping):
        yield _NO_JSON
        return
    if document.get("Version", "2008-10-17") not in _VERSIONS:
        yield _VERSION
    if not document.get("Statement"):
        yield "Missing required field Statement"
    for statement in _listed(document.get("Statement", [])):
        if "Principal" not in statement and "NotPrincipal" not in statement:
            yield "Missing required field Principal"
        resources = _listed(statement.get("Resource", []))
        if not all(_is_of(bucket, str(resource)) for resource in resources):
            yield _FOREIGN
        actions = _listed(statement.get("Action", []))
        if resources and not all(_applies(str(action), resources) for action in actions):
            yield _VAIN


def _is_of(bucket: str, resource: str) -> bool:
    """Whether a resource is the bucket, or what is in it."""
    named = re.fullmatch(r"arn:[\w*-]+:s3:::([^/]+)(/.*)?", resource, re.DOTALL)
    return named is not None and fnmatchcase(bucket, named[1])


def _applies(action: str, resources: list[str]) -> bool:
    """Whether there is something that the action is done to; what is not known here may be."""
    if _OF_OBJECTS.fullmatch(action):
        # A wildcard at the end of a bucket's name matches its objects, too.
        return any("/" in one or one.endswith("*") for one in resources)
    return not _OF_BUCKETS.fullmatch(action) or not all("/" in one for one in resources)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
