"""Mobile pushes and text messages: settings that are kept, and nothing that is sent."""

import pytest

from tests.unit.sns.world import SnsWorld

SAMPLING_RATE = "DeliveryStatusSuccessSamplingRate"


@pytest.fixture
def world() -> SnsWorld:
    return SnsWorld()


@pytest.fixture
def application(world):
    params = {"Name": "shop", "Platform": "GCM", "Attributes": {"PlatformCredential": "secret"}}
    return world.sns.call("CreatePlatformApplication", **params)["PlatformApplicationArn"]


def error(answer):
    return answer["Error"]["Code"], answer["Error"]["Message"]


def test_an_application_keeps_its_attributes_and_its_secret(world, application):
    assert application == "arn:aws:sns:us-east-1:111111111111:app/GCM/shop"
    arn = {"PlatformApplicationArn": application}
    change = {"EventEndpointCreated": world.topic()}
    world.sns.call("SetPlatformApplicationAttributes", **arn, Attributes=change)
    expected = {"Enabled": "true", **change}
    assert world.sns.call("GetPlatformApplicationAttributes", **arn)["Attributes"] == expected
    listed = world.sns.call("ListPlatformApplications")["PlatformApplications"]
    assert listed == [{**arn, "Attributes": expected}]
    for _ in range(2):
        assert "Error" not in world.sns.call("DeletePlatformApplication", **arn)
    gone = world.sns.call("GetPlatformApplicationAttributes", **arn)
    assert error(gone) == ("NotFound", "PlatformApplication does not exist")


def test_platforms_that_do_not_exist(world):
    params = {"Name": "shop", "Platform": "FAX", "Attributes": {"PlatformCredential": "secret"}}
    answer = world.sns.call("CreatePlatformApplication", **params)
    assert error(answer)[0] == "InvalidParameter"


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("", "cannot be empty"),
        ("n" * 257, "must be at most 256 characters long"),
        (
            "my shop",
            "must contain only characters 'a'-'z', 'A'-'Z', '0'-'9', '_', '-', and '.'",
        ),
    ],
)
def test_a_name_is_told_before_its_platform(world, name, complaint):
    params = {"Name": name, "Platform": "FAX", "Attributes": {"Enabled": "true"}}
    answer = world.sns.call("CreatePlatformApplication", **params)
    assert error(answer) == (
        "InvalidParameter",
        f"Invalid parameter: {name} Reason: {complaint}",
    )


@pytest.mark.parametrize("platform", ["ADM", "APNS", "BAIDU", "MPNS", "WNS"])
@pytest.mark.parametrize(
    ("attributes", "complaint"),
    [
        (("Credential",), "PlatformCredential attribute provided without PlatformPrincipal"),
        (("Principal",), "PlatformPrincipal attribute provided without PlatformCredential"),
        # AWS asks for both; in which words, where both are missing, is not known.
        ((), "Invalid value for attribute: PlatformCredential: cannot be empty"),
        (("Credential", "Principal"), None),
    ],
)
def test_a_platforms_credential_and_principal_go_together(world, platform, attributes, complaint):
    given = {"Enabled": "true"} | {f"Platform{name}": "x" for name in attributes}
    params = {"Name": "shop", "Platform": platform, "Attributes": given}
    told = world.sns.call("CreatePlatformApplication", **params).get("Error", {}).get("Message")
    assert told == (complaint and f"Invalid parameter: Attributes Reason: {complaint}")


@pytest.mark.parametrize(("data", "taken"), [("ü" * 1024, True), ("ü" * 1024 + "x", False)])
def test_a_devices_own_data_is_measured_in_bytes(world, application, data, taken):
    arn = {"PlatformApplicationArn": application}
    device = world.sns.call("CreatePlatformEndpoint", **arn, Token="a")["EndpointArn"]
    change = {"CustomUserData": data}
    for answer in (
        world.sns.call("CreatePlatformEndpoint", **arn, Token="b", **change),
        world.sns.call("SetEndpointAttributes", EndpointArn=device, Attributes=change),
    ):
        assert ("Error" not in answer) == taken
        if not taken:
            assert error(answer)[1] == (
                "Invalid parameter: Attributes Reason: Invalid value for attribute: "
                "CustomUserData: must be at most 2048 bytes long in UTF-8 encoding"
            )


def test_an_endpoint_is_the_same_for_the_same_token(world, application):
    params = {"PlatformApplicationArn": application, "Token": "t"}
    arn = world.sns.call("CreatePlatformEndpoint", **params)["EndpointArn"]
    assert arn.startswith("arn:aws:sns:us-east-1:111111111111:endpoint/GCM/shop/")
    assert world.sns.call("CreatePlatformEndpoint", **params)["EndpointArn"] == arn
    other = world.sns.call("CreatePlatformEndpoint", **params, CustomUserData="x")
    assert error(other) == (
        "InvalidParameter",
        f"Invalid parameter: Token Reason: Endpoint {arn} already exists with the same Token, "
        "but different attributes.",
    )
    attributes = {"Enabled": "true", "Token": "t"}
    assert world.sns.call("GetEndpointAttributes", EndpointArn=arn)["Attributes"] == attributes
    listed = world.sns.call("ListEndpointsByPlatformApplication", **{
        "PlatformApplicationArn": application
    })["Endpoints"]  # fmt: skip
    assert listed == [{"EndpointArn": arn, "Attributes": attributes}]


def test_pushing_to_a_device(world, application):
    params = {"PlatformApplicationArn": application, "Token": "t"}
    arn = world.sns.call("CreatePlatformEndpoint", **params)["EndpointArn"]
    push = {"TargetArn": arn, "Message": "hi"}
    assert "MessageId" in world.sns.call("Publish", **push)
    assert error(world.sns.call("Publish", TargetArn=arn, Message=""))[1].endswith("Empty message")
    disabled = {"Enabled": "false"}
    world.sns.call("SetEndpointAttributes", EndpointArn=arn, Attributes=disabled)
    assert error(world.sns.call("Publish", **push)) == ("EndpointDisabled", "Endpoint is disabled")
    for _ in range(2):
        assert "Error" not in world.sns.call("DeleteEndpoint", EndpointArn=arn)
    gone = world.sns.call("GetEndpointAttributes", EndpointArn=arn)
    assert error(gone) == ("NotFound", "Endpoint does not exist")
    assert "No endpoint found for the target arn" in error(world.sns.call("Publish", **push))[1]


def test_settings_of_text_messages(world):
    assert world.sns.call("GetSMSAttributes")["attributes"] == {"MonthlySpendLimit": "1"}
    settings = {
        "DefaultSMSType": "Transactional",
        "DefaultSenderID": "shop",
        "MonthlySpendLimit": "2",
    }
    world.sns.call("SetSMSAttributes", attributes=settings)
    assert world.sns.call("GetSMSAttributes")["attributes"] == settings
    one = world.sns.call("GetSMSAttributes", attributes=["DefaultSenderID"])["attributes"]
    assert one == {"DefaultSenderID": "shop"}
    for wrong, complaint in (
        ({"Nope": "x"}, "Nope is not a valid attribute"),
        ({"DefaultSMSType": "Urgent"}, "DefaultSMSType is invalid"),
        ({"DefaultSenderID": "a" * 20}, "DefaultSenderID is invalid"),
        ({"DefaultSenderID": "123"}, "DefaultSenderID is invalid"),
        ({"MonthlySpendLimit": "x"}, "MonthlySpendLimit is invalid"),
        ({SAMPLING_RATE: "101"}, f"{SAMPLING_RATE} is invalid"),
        ({"DeliveryStatusIAMRole": "me"}, "DeliveryStatusIAMRole is invalid"),
        ({"UsageReportS3Bucket": "No Bucket"}, "UsageReportS3Bucket is invalid"),
    ):
        answer = world.sns.call("SetSMSAttributes", attributes=wrong)
        assert error(answer) == ("InvalidParameter", complaint)
    assert world.sns.call("GetSMSAttributes")["attributes"] == settings


def test_nobody_opted_out(world):
    number = {"phoneNumber": "+15551234567"}
    assert world.sns.call("CheckIfPhoneNumberIsOptedOut", **number)["isOptedOut"] is False
    assert "Error" not in world.sns.call("OptInPhoneNumber", **number)
    assert world.sns.call("ListPhoneNumbersOptedOut")["phoneNumbers"] == []
    wrong = world.sns.call("CheckIfPhoneNumberIsOptedOut", phoneNumber="5551234567")
    assert error(wrong) == (
        "InvalidParameter",
        "Invalid parameter: PhoneNumber Reason: input incorrectly formatted",
    )


@pytest.mark.parametrize(
    ("attributes", "complaint"),
    [
        ({"Colour": "red"}, "Invalid attribute name: Colour"),
        ({"Enabled": "no"}, "Invalid value for attribute: Enabled: must be true or false"),
        ({"Enabled": "False"}, None),
    ],
)
def test_attributes_that_nothing_has_are_refused(world, application, attributes, complaint):
    """API_SetEndpointAttributes and API_SetPlatformApplicationAttributes list the others."""
    arn = {"PlatformApplicationArn": application}
    device = world.sns.call("CreatePlatformEndpoint", **arn, Token="a")["EndpointArn"]
    kind = {"Name": "other", "Platform": "GCM"}
    secret = {"PlatformCredential": "secret"}
    for answer in (
        world.sns.call("CreatePlatformApplication", **kind, Attributes=attributes | secret),
        world.sns.call("SetPlatformApplicationAttributes", **arn, Attributes=attributes),
        world.sns.call("CreatePlatformEndpoint", **arn, Token="b", Attributes=attributes),
        world.sns.call("SetEndpointAttributes", EndpointArn=device, Attributes=attributes),
    ):
        told = answer.get("Error", {}).get("Message")
        assert told == (complaint and f"Invalid parameter: Attributes Reason: {complaint}")


@pytest.mark.parametrize(("characters", "taken"), [(1_600, True), (1_601, False)])
def test_a_text_message_has_at_most_1600_characters(world, characters, taken):
    """API_Publish."""
    answer = world.sns.call("Publish", PhoneNumber="+15551234567", Message="ü" * characters)
    assert ("MessageId" in answer) is taken
