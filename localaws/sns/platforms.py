"""Platform applications and their endpoints: what mobile pushes would be sent to.

https://docs.aws.amazon.com/sns/latest/dg/sns-mobile-application-as-subscriber.html
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from localaws.sns.errors import InvalidParameterException, NotFoundException, check_path
from localaws.sns.topic_attributes import is_true
from localaws.words.identity import Identity

_PLATFORMS = (
    "ADM",
    "APNS",
    "APNS_SANDBOX",
    "APNS_VOIP",
    "APNS_VOIP_SANDBOX",
    "BAIDU",
    "GCM",
    "MACOS",
    "MACOS_SANDBOX",
    "MPNS",
    "WNS",
)
_STEPS_OF_APPLICATION = 3  # app/GCM/shop
STEPS_OF_DEVICE = 4  # endpoint/GCM/shop/<uuid>
# API_SetEndpointAttributes, API_CreatePlatformEndpoint; the ids are Baidu's.
_OF_DEVICES = frozenset({"ChannelId", "CustomUserData", "Enabled", "Token", "UserId"})
# API_SetPlatformApplicationAttributes
_OF_APPLICATIONS = frozenset(
    {
        "ApplePlatformBundleID",
        "ApplePlatformTeamID",
        "Enabled",
        "EventDeliveryFailure",
        "EventEndpointCreated",
        "EventEndpointDeleted",
        "EventEndpointUpdated",
        "FailureFeedbackRoleArn",
        "PlatformCredential",
        "PlatformPrincipal",
        "SuccessFeedbackRoleArn",
        "SuccessFeedbackSampleRate",
    }
)
# Told to SNS, never told by it.
_SECRETS = ("PlatformCredential", "PlatformPrincipal")
# All others have a principal, too: API_CreatePlatformApplication.
_WITHOUT_PRINCIPAL = ("GCM",)
_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_MAX_NAME_LENGTH = 256
_MAX_USER_DATA_BYTES = 2048


@dataclass(eq=False)
class PlatformEndpoint:
    """One device that runs an application."""

    arn: str
    attributes: dict[str, str]

    @property
    def enabled(self) -> bool:
        """Whether it takes pushes: `Enabled` as it was set, "true" by default."""
        return is_true(self.attributes["Enabled"])

    def configure(self, attributes: Mapping[str, str]) -> None:
        """SetEndpointAttributes."""
        _check(attributes, _OF_DEVICES)
        self.attributes.update(attributes)


@dataclass(eq=False)
class PlatformApplication:
    """One mobile application; its endpoints by their ARNs."""

    arn: str
    attributes: dict[str, str]
    endpoints: dict[str, PlatformEndpoint] = field(default_factory=dict)

    def configure(self, attributes: Mapping[str, str]) -> None:
        """SetPlatformApplicationAttributes."""
        _check(attributes, _OF_APPLICATIONS)
        self.attributes.update(attributes)

    def described(self) -> dict[str, str]:
        """GetPlatformApplicationAttributes: all that is no secret."""
        return {name: text for name, text in self.attributes.items() if name not in _SECRETS}

    def endpoint(self, token: str, attributes: Mapping[str, str]) -> PlatformEndpoint:
        """The endpoint of a device's token, new or the same as before."""
        _check(attributes, _OF_DEVICES)
        wanted = {"Enabled": "true", "Token": token, **attributes}
        for endpoint in self.endpoints.values():
            if endpoint.attributes["Token"] == token:
                if endpoint.attributes != wanted:
                    raise InvalidParameterException(
                        f"Token Reason: Endpoint {endpoint.arn} already exists with the same "
                        "Token, but different attributes."
                    )
                return endpoint
        prefix = self.arn.replace(":app/", ":endpoint/")
        endpoint = PlatformEndpoint(f"{prefix}/{uuid.uuid4()}", wanted)
        self.endpoints[endpoint.arn] = endpoint
        return endpoint


class Platforms:
    """The account's platform applications."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self.applications: dict[str, PlatformApplication] = {}

    def create(
        self, name: str, platform: str, attributes: Mapping[str, str]
    ) -> PlatformApplication:
        """CreatePlatformApplication; again, it gives the same its new attributes."""
        _check_name(name)
        if platform not in _PLATFORMS:
            raise InvalidParameterException(f"Platform Reason: {platform} is not supported")
        _check(attributes, _OF_APPLICATIONS)
        _check_credentials(platform, attributes)
        arn = self._identity.arn("sns", f"app/{platform}/{name}")
        application = self.applications.setdefault(
            arn, PlatformApplication(arn, {"Enabled": "true"})
        )
        application.attributes.update(attributes)
        return application

    def get(self, arn: str) -> PlatformApplication:
        """The application of this ARN; raises NotFoundException."""
        application = self.applications.get(arn)
        if application is None:
            check_path("PlatformApplicationArn", arn, _STEPS_OF_APPLICATION)
            raise NotFoundException("PlatformApplication does not exist")
        return application

    def delete(self, arn: str) -> None:
        """DeletePlatformApplication; one that does not exist is no error."""
        check_path("PlatformApplicationArn", arn, _STEPS_OF_APPLICATION)
        self.applications.pop(arn, None)

    def find_endpoint(self, arn: str) -> PlatformEndpoint | None:
        """The endpoint of this ARN, if there is one."""
        application = self._application_of(arn)
        return application.endpoints.get(arn) if application else None

    def get_endpoint(self, arn: str) -> PlatformEndpoint:
        """The endpoint of this ARN; raises NotFoundException."""
        endpoint = self.find_endpoint(arn)
        if endpoint is None:
            check_path("EndpointArn", arn, STEPS_OF_DEVICE)
            raise NotFoundException("Endpoint does not exist")
        return endpoint

    def delete_endpoint(self, arn: str) -> None:
        """DeleteEndpoint; one that does not exist is no error."""
        check_path("EndpointArn", arn, STEPS_OF_DEVICE)
        application = self._application_of(arn)
        if application is not None:
            application.endpoints.pop(arn, None)

    def _application_of(self, endpoint_arn: str) -> PlatformApplication | None:
        application_arn = endpoint_arn.rpartition("/")[0].replace(":endpoint/", ":app/")
        return self.applications.get(application_arn)


def _check_name(name: str) -> None:
    if not name:
        raise InvalidParameterException(f"{name} Reason: cannot be empty")
    if len(name) > _MAX_NAME_LENGTH:
        raise InvalidParameterException(
            f"{name} Reason: must be at most {_MAX_NAME_LENGTH} characters long"
        )
    if not _NAME.fullmatch(name):
        raise InvalidParameterException(
            f"{name} Reason: must contain only characters 'a'-'z', 'A'-'Z', '0'-'9', '_', '-', "
            "and '.'"
        )


def _check_credentials(platform: str, attributes: Mapping[str, str]) -> None:
    has_credential, has_principal = (bool(attributes.get(name)) for name in _SECRETS)
    if has_principal and not has_credential:
        raise InvalidParameterException(
            "Attributes Reason: PlatformPrincipal attribute provided without PlatformCredential"
        )
    if not has_credential:
        raise _invalid_value("PlatformCredential", "cannot be empty")
    if not has_principal and platform not in _WITHOUT_PRINCIPAL:
        raise InvalidParameterException(
            "Attributes Reason: PlatformCredential attribute provided without PlatformPrincipal"
        )


def _check(attributes: Mapping[str, str], known: frozenset[str]) -> None:
    for name, value in attributes.items():
        if name not in known:
            raise InvalidParameterException(f"Attributes Reason: Invalid attribute name: {name}")
        if name == "Enabled" and value.lower() not in ("true", "false"):
            raise _invalid_value(name, "must be true or false")
        if name == "CustomUserData" and len(value.encode()) > _MAX_USER_DATA_BYTES:
            raise _invalid_value(
                name, f"must be at most {_MAX_USER_DATA_BYTES} bytes long in UTF-8 encoding"
            )


def _invalid_value(attribute: str, problem: str) -> InvalidParameterException:
    return InvalidParameterException(
        f"Attributes Reason: Invalid value for attribute: {attribute}: {problem}"
    )
