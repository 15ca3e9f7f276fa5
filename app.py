"""The CDK app: a stack for each way in which AWS Lambda handles failure.

    cdk synth
    cdk deploy --all
    cdk deploy --all -c participant=ada     # a second set beside the first

The stacks name neither account nor Region: one synthesized template serves every target, and the
CDK CLI takes both from the credentials that it is given.
"""

from infra.workshop_app import make_app

make_app().synth()
