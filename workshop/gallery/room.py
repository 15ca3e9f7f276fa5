"""Reserving concurrency, where the account has room for it."""

from botocore.exceptions import ClientError

from workshop.lab import Lab
from workshop.progress import ProgressLine
from workshop.workbench import Rig

# Of AWS's words when a reservation would leave too little to all other functions.
_NO_ROOM = "UnreservedConcurrentExecution"


def reserve(lab: Lab, rig: Rig, number: int) -> bool:
    """Reserve concurrency for a rig's function; whether AWS took it, which is said where not.

    Lambda keeps a part of an account's quota for functions without a reservation. A new account's
    quota of 10 is no more than that part, so only 0 can be reserved there.
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
    """
    client = lab.client("lambda")
    try:
        client.put_function_concurrency(
            FunctionName=rig.function, ReservedConcurrentExecutions=number
        )
    except ClientError as error:
        if _NO_ROOM not in error.response["Error"]["Message"]:
            raise
        quota = client.get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
        ProgressLine().finish(
            f"AWS lets no function reserve {number}: this account's concurrency quota is "
            f"{quota:g}. What needs it is left out here.",
            is_good=False,
        )
        return False
    return True
