"""Whether a caller may do what it asks: its own policies and those of the resource decide.

The account's root may do everything. Everybody else (an execution role's session, a role assumed
through STS, an IAM user) is judged before an operation runs. Services of the emulator are judged
in `localaws.emulator.authorization`.
"""

from localaws.authorization.authorizer import Authorizer

__all__ = ["Authorizer"]
