"""Stacks come and go: made from the CDK app, deployed, removed, and what is left is looked for.

`cloud_assembly` has the stacks' templates: those that the project brings along, by
`shipped_assembly`, or what the CDK app writes, for which `node` finds a Node.js; `deployment`
brings them to the target: with `assets` and `cloudformation_client` to the embedded AWS, with
`cdk_deployment` to an account, by `cdk_cli` (in a `cdk_home` of its own; `cdk_failures` says what
to do when it fails). One command at a time is `alone` with the stacks of a target. `recovery`
begins with what an interrupted command left behind, by the table in `statuses`, `interrupted` says
what one leaves; `following` and `cdk_lines` tell how far stacks are, in the words of `activity`;
`children` lets no program that is run be silent for long.
`ownership` tells whose a resource is, `kinds` lists and deletes each kind, `dependants` finds who
else needs one, `sweep` finds and deletes what remains, `neighbours` says who else has stacks there.
"""
