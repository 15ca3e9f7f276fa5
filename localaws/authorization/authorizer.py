"""Judges a call to one of our services before it runs."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from localaws.authorization.functions import FunctionNeeds
from localaws.authorization.log_groups import LogGroupNeeds
from localaws.authorization.needs import Need, NeedsOf
from localaws.authorization.queues import QueueNeeds
from localaws.authorization.refusals import refusal
from localaws.authorization.topics import TopicNeeds
from localaws.http import Caller
from localaws.identity import Identity
from localaws.ports import Judge, Verdict

# A resource's ARN -> its policy, as a document or as JSON text; None where it has none.
PolicyOf: TypeAlias = Callable[[str], "Mapping[str, Any] | str | None"]


class Authorizer:
    """Lets a service's operation run only for those whose policies allow it.

    Args:
        judge: IAM.
        policies: service name -> the policies of its resources.
    """

    def __init__(self, identity: Identity, judge: Judge, policies: Mapping[str, PolicyOf]) -> None:
        self._root_arn = identity.root_arn
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
        if caller.arn == self._root_arn:
            return
        for need in self._needs[service](operation, params):
            verdict = self._verdict(service, need, caller)
            if verdict is not Verdict.ALLOWED:
                raise refusal(service, caller, need, verdict)

    def _verdict(self, service: str, need: Need, caller: Caller) -> Verdict:
        policy_of = self._policies.get(service)
        policy = policy_of(need.resource_arn) if policy_of else None
        return self._judge.judge(caller, need.action, need.resource_arn, policy)
