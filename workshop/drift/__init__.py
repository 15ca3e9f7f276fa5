"""Whether what is deployed is still as its stacks say, and putting it back.

A lesson changes settings and restores them; a kernel that is killed in between restores nothing. So
the truth is read from the stacks themselves: `template` resolves what they say, `comparable` says
what is known of a type of resource, `messaging`, `functions` and `alarms` know it, `kinds` lists
them, `comparison` finds the differences, `notice` tells them, `repairs` puts them back.

CloudFormation's own drift detection compares only what a template spells out, so it sees neither a
reserved concurrency nor a filter that was added, and it takes its time.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html

A function's code is not compared: the stack knows it by another name than Lambda does, and notebook
06 sends its own when it begins. Its role is, but only who deploys may pass it: others are told,
and get back all that they may set.
"""
