"""The parts of an ARN: arn:<partition>:<service>:<region>:<account-id>:<resource>."""


def service_of(arn: str) -> str:
    """The service of an ARN; "" of what is no ARN."""
    return _part(arn, 2)


def region_of(arn: str) -> str:
    """The Region of an ARN; "" where it has none."""
    return _part(arn, 3)


def account_of(arn: str) -> str:
    """The account id of an ARN; "" where it has none."""
    return _part(arn, 4)


def _part(arn: str, place: int) -> str:
    parts = arn.split(":", 5)
    return parts[place] if len(parts) == 6 else ""
