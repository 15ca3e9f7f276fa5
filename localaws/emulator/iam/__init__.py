"""Who may do what: IAM and STS, as ministack has them and as AWS decides.

`authorization` is the judgement, `simulation` asks it beforehand, `unnamed_resources` says what it
is about where a call names nothing. `requests` and `rules` refuse what IAM refuses, by
`identity_policies`, `trust_policies`, `service_principals`, `managed_policies`, `names` and
`quotas`; `paging` cuts lists, `additions` are operations that ministack has not. `roles` change
late where that is wanted, `sessions` are bounded, `users` has the administrator, `requester` names
who caused an event.
"""
