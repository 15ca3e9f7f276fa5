"""What the event of a failed resource tells: its service's message, in CloudFormation's frame.

https://github.com/awslabs/amazon-neptune-tools/issues/324 shows one (it has what AWS's SDK for Java
adds to a message, too: the service, the status and the request's id).
"""

import re
import uuid

# https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
_HANDLERS_OWN = frozenset(
    {
        "AccessDenied",
        "AlreadyExists",
        "GeneralServiceException",
        "InternalFailure",
        "InvalidCredentials",
        "InvalidRequest",
        "NetworkFailure",
        "NotFound",
        "NotStabilized",
        "NotUpdatable",
        "ResourceConflict",
        "ServiceInternalError",
        "ServiceLimitExceeded",
        "ServiceTimeout",
        "Throttling",
        "UnauthorizedTaggingOperation",
    }
)
# What a service's code has in it (that something exists, its message) -> the handler's code; the
# first one that matches. Which handler maps what is not documented.
_BY_WORDS = (
    (r"Already\s?Exist|AlreadyOwned|NameExists|already exist|Config exists", "AlreadyExists"),
    (r"NotFound|NoSuch|NonExistent|DoesNotExist", "NotFound"),
    (r"AccessDenied|AuthorizationError|NotAuthorized|Unauthorized|Forbidden", "AccessDenied"),
    (r"Throttl|TooManyRequests|RequestLimit", "Throttling"),
    (r"LimitExceeded|StorageExceeded|QuotaExceeded|LengthExceeded", "ServiceLimitExceeded"),
    (r"Conflict|InUse|Concurrent|OperationAborted", "ResourceConflict"),
    (r"Internal|ServiceUnavailable|^ServiceException", "ServiceInternalError"),
    (r"Invalid|Valid|Missing|Malformed|Unsupported|NotSupported|NotImplemented", "InvalidRequest"),
)


def handler_code(code: str, message: str = "") -> str:
    """CloudFormation's name for what went wrong.

    Args:
        code: a service's, or one of CloudFormation's own, which stays.
        message: the service's.
    """
    if code in _HANDLERS_OWN:
        return code
    for words, found in _BY_WORDS:
        told = code + message if found == "AlreadyExists" else code
        if re.search(words, told):
            return found
    return "GeneralServiceException"


def as_told(message: str, code: str) -> str:
    """The reason of a resource's failure.

    Args:
        message: the service's.
        code: the service's, or one of CloudFormation's own.
    """
    return (
        f'Resource handler returned message: "{message}" (RequestToken: {uuid.uuid4()}, '
        f"HandlerErrorCode: {handler_code(code, message)})"
    )
