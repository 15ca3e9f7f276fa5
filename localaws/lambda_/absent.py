"""Parameters of the API for which nothing is here: refused, lest they be ignored in silence."""

from collections.abc import Mapping
from typing import Any

from localaws.lambda_.errors import InvalidParameterValueException

_ABSENT = {
    "CapacityProviderConfig": "Managed instances are",
    "DurableConfig": "Durable functions are",
    "DurableExecutionName": "Durable functions are",
    "PublishTo": "Managed instances are",
    "SourceKMSKeyArn": "The encryption of packages is",
    "TenancyConfig": "Tenant isolation is",
}


def refuse_absent(params: Mapping[str, Any]) -> None:
    """Refuse what asks for a part of Lambda that is not here; empty values ask for nothing.

    All functions are packages, of which AWS says what pf-lambda-imageconfig-requires-image of
    https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda quotes.
    """
    if params.get("ImageConfig"):
        raise InvalidParameterValueException(
            "The ImageConfig parameter is not supported for functions created with deployment "
            "packages."
        )
    for member, part in _ABSENT.items():
        if params.get(member):
            raise InvalidParameterValueException(
                f"{part} not part of the embedded AWS. Leave {member} out."
            )
    if params.get("S3ObjectStorageMode") == "REFERENCE":
        raise InvalidParameterValueException(
            "Packages that stay in their bucket are not part of the embedded AWS. Leave "
            "S3ObjectStorageMode out."
        )


def refuse_tenant(params: Mapping[str, Any]) -> None:
    """Refuse to invoke for a tenant: no function here keeps its tenants apart.

    https://docs.aws.amazon.com/lambda/latest/dg/tenant-isolation-troubleshooting.html
    """
    if "TenantId" in params:
        raise InvalidParameterValueException(
            "The invoked function is not enabled with tenancy configuration. Remove the tenant ID "
            "from your request and try again."
        )
