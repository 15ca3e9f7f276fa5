"""AWS's lateness: facts that are seen some time after they became true. Off unless asked for."""

from localaws.lateness.late_aws import LateAws

__all__ = ["LateAws"]
