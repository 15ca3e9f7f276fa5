"""Whether a caller may do what it asks: its own policies and those of the resource decide.

The administrator may do everything but what a resource's policy denies. Everybody else (an
execution role's session, a role assumed through STS, another IAM user) is judged before any
operation runs. Services of the emulator are judged in `localaws.emulator.iam.authorization`.
"""

from localaws.authorization.authorizer import Authorizer
from localaws.authorization.functions import INVOKE_BY_URL

__all__ = ["INVOKE_BY_URL", "Authorizer"]
