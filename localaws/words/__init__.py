"""What all services say alike, and what they ask of each other.

A *port* says what a service needs of another, in the words of the one that needs it. Those of
several services are in `ports`; `localaws.sqs` and `localaws.lambda_` have modules `ports` for what
their own parts need. `denials` has IAM's reasons.
Nothing here needs anything of `localaws` but this room.
"""
