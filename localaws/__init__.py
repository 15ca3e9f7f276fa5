"""An AWS endpoint on this machine whose Lambda, SQS and SNS fail as AWS's do."""
