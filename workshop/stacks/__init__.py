"""Stacks come and go: made from the CDK app, deployed, removed, and what is left is looked for.

`cloud_assembly` has the CDK app write its templates, for which `node` finds a Node.js; `deployment`
brings them to the target, on the embedded AWS through `cloudformation_client`; `sweep` finds and
deletes what remains.
"""
