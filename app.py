"""The CDK app: a stack for each way in which AWS Lambda handles failure.

    cdk synth
    cdk deploy --all
    cdk deploy --all -c participant=ada     # a second set beside the first

By themselves the stacks name neither account nor Region, and the CDK CLI takes both from the
credentials that it finds. `start.py deploy` names them (`-c account=... -c region=...`), so that no
profile or variable can move its stacks elsewhere.
"""

from infra.workshop_app import make_app

make_app().synth()
