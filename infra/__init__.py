"""What the workshop deploys.

`settings` holds the numbers that the lessons teach, `constructs` the parts that the patterns share,
then one file per stack; `workshop_app` puts the stacks together.
"""
