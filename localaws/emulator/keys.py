"""Keys of KMS, as other services ask for them."""

from types import ModuleType

from localaws.words.data_keys import KeyFault
from localaws.words.identity import Identity

# AWS makes the keys of its services, e.g. `alias/aws/sqs`, when they are first used.
_OF_AWS = "alias/aws/"
# The state of a key -> KMS's code, and its words.
_FAULTS = {
    "Disabled": ("DisabledException", "is disabled."),
    "PendingDeletion": ("KMSInvalidStateException", "is pending deletion."),
    "PendingImport": ("KMSInvalidStateException", "is pending import."),
}


class KmsKeys:
    """`words.data_keys.Keys`, in ministack's KMS. Its words are those that KMS's clients know.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
    """

    def __init__(self, kms: ModuleType, identity: Identity) -> None:
        self._kms = kms
        self._identity = identity

    def __call__(self, key_id: str) -> KeyFault | None:
        if key_id.rpartition(":")[2].startswith(_OF_AWS):
            return None
        key = self._kms._resolve_key(key_id)
        if key is None:
            return KeyFault("NotFoundException", self._missing(key_id))
        arn, state = key["Arn"], key["KeyState"]
        if state in _FAULTS:
            code, words = _FAULTS[state]
            return KeyFault(code, f"{arn} {words}")
        if state != "Enabled":
            return KeyFault("KMSInvalidStateException", f"{arn} is not enabled.")
        if key["KeySpec"] != "SYMMETRIC_DEFAULT":
            usage = key["KeyUsage"]
            return KeyFault(
                "InvalidKeyUsageException",
                f"{arn} key usage is {usage} which is not valid for GenerateDataKey.",
            )
        return None

    def _missing(self, key_id: str) -> str:
        resource = key_id.rpartition(":")[2]
        if resource.startswith("alias/"):
            return f"Alias {self._identity.arn('kms', resource)} is not found."
        arn = self._identity.arn("kms", f"key/{resource.removeprefix('key/')}")
        return f"Key '{arn}' does not exist"
