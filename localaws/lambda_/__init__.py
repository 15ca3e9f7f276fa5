"""AWS Lambda: the control plane, the data plane, and the runtime that runs handlers.

`control_plane.ControlPlane` is what is configured: functions, versions, aliases, layers.
`data_plane.DataPlane` is what happens to an event: invocations, the event queue, event source
mappings, function URLs. `runtime` has the processes in which handlers run.
"""
