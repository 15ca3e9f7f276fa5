"""AWS's wire formats as a thin skin over plain operations, driven by botocore's service models."""

from localaws.wire.skin import Operation, ServiceSkin

__all__ = ["Operation", "ServiceSkin"]
