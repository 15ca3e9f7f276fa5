"""Stacks come and go: made from the CDK app, deployed, removed, and what is left is looked for.

`cloud_assembly` has the CDK app write its templates, for which `node` finds a Node.js; `deployment`
brings them to the target, with `cloudformation_client` to the embedded AWS and with `cdk_cli` to an
account. `ownership` tells whose a resource is, `kinds` lists and deletes each kind, `dependants`
finds who else needs one, `sweep` finds and deletes what remains.
"""
