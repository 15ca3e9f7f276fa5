"""Judges a call to one of our services before it runs."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from localaws.authorization.functions import FunctionNeeds
from localaws.authorization.log_groups import LogGroupNeeds
from localaws.authorization.needs import Need, NeedsOf
from localaws.authorization.queues import QueueNeeds
from localaws.authorization.refusals import refusal
from localaws.authorization.topics import TopicNeeds
from localaws.words.arns import account_of, region_of
from localaws.words.http import Caller
from localaws.words.identity import Identity
from localaws.words.ports import Judge, Verdict

# A resource's ARN -> its policy, as a document or as JSON text; None where it has none.
Policy: TypeAlias = "Mapping[str, Any] | str | None"
PolicyOf: TypeAlias = Callable[[str], Policy]

# Whose resources' policies are documents that somebody wrote; Lambda's are made of AddPermission,
# which only allows.
_MAY_DENY = frozenset({"sqs", "sns"})


class Authorizer:
    """Lets a service's operation run only for those whose policies allow it.

    Args:
        judge: IAM.
        policies: service name -> the policies of its resources.
    """

    def __init__(self, identity: Identity, judge: Judge, policies: Mapping[str, PolicyOf]) -> None:
        self._identity = identity
        self._administrator_arn = identity.administrator_arn
        self._judge = judge
        self._policies = policies
        self._needs: dict[str, NeedsOf] = {
            "sqs": QueueNeeds(identity),
            "sns": TopicNeeds(identity),
            "lambda": FunctionNeeds(identity),
            "logs": LogGroupNeeds(identity),
        }

    def authorize(
        self, service: str, operation: str, params: Mapping[str, Any], caller: Caller
    ) -> None:
        """Return when the caller may.

        Raises:
            AwsError: it may not; in the words and with the code of the service.
        """
        is_administrator = caller.arn == self._administrator_arn
        if is_administrator and service not in _MAY_DENY:
            return
        for need in self._needs[service](operation, params):
            if service == "sns" and self._is_foreign(params.get("TopicArn", "")):
                raise refusal(service, caller, need, Verdict.NOT_SHARED)
            policy = self._policy(service, need)
            # To judge takes longer than most operations, and there is one way to refuse this one.
            if is_administrator and "Deny" not in (policy or ""):
                continue
            verdict = self._judge.judge(
                caller, need.action, need.resource_arn, policy, need.context
            )
            if verdict is not Verdict.ALLOWED:
                raise refusal(service, caller, need, verdict)

    def _is_foreign(self, topic_arn: str) -> bool:
        """Whether it is another account's topic, of which SNS does not tell if it exists.

        https://github.com/aws-samples/aws-marketplace-serverless-saas-integration/issues/11
        """
        account_id = account_of(topic_arn)
        is_account = len(account_id) == 12 and account_id.isdigit()
        is_here = region_of(topic_arn) == self._identity.region
        return is_here and is_account and account_id != self._identity.account_id

    def _policy(self, service: str, need: Need) -> Policy:
        policy_of = self._policies.get(service)
        return policy_of(need.resource_arn) if policy_of else None
