"""An AWS endpoint on this machine whose Lambda, SQS and SNS fail as AWS's do.

`launch()` starts one; everything else is reached over HTTP with any AWS SDK.
"""

from localaws.launch import EndpointInfo, LaunchError, RunningEndpoint, launch

__all__ = ["EndpointInfo", "LaunchError", "RunningEndpoint", "launch"]
