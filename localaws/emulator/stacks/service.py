"""ministack's CloudFormation, as AWS's works: what replaces what in it, and in which order.

What wraps an operation last sees it first, so the order of these calls is a part of what they do.
"""

import asyncio
from collections.abc import Mapping
from types import ModuleType

from localaws.cloudformation import Importer, ResourceHandler
from localaws.emulator.iam.rules import IamRules
from localaws.emulator.seams import replace
from localaws.emulator.stacks.answers import answer_of_stacks
from localaws.emulator.stacks.change_answers import tell_values
from localaws.emulator.stacks.change_sets import compare_references, tell_recreation
from localaws.emulator.stacks.change_values import ChangeValues
from localaws.emulator.stacks.compared_templates import compare_templates
from localaws.emulator.stacks.continued_rollbacks import continue_rollbacks
from localaws.emulator.stacks.deletions import Deletions, refuse_deletions
from localaws.emulator.stacks.early_validations import EarlyValidations
from localaws.emulator.stacks.events import tell_in_order, tell_properties
from localaws.emulator.stacks.exports import hold_exports
from localaws.emulator.stacks.importing import Importing
from localaws.emulator.stacks.imports import import_with
from localaws.emulator.stacks.life_cycle import LifeCycle
from localaws.emulator.stacks.loop_handlers import on_loop, or_one_of
from localaws.emulator.stacks.mistakes import Check, Mistakes
from localaws.emulator.stacks.nested_requests import NestedRequests
from localaws.emulator.stacks.nested_stacks import NestedStacks
from localaws.emulator.stacks.operations import StackOperations
from localaws.emulator.stacks.options import keep_to_options
from localaws.emulator.stacks.output_changes import tell_outputs
from localaws.emulator.stacks.provisioning import provision_as_aws
from localaws.emulator.stacks.reasons import tell_reasons
from localaws.emulator.stacks.resource_types import OF_THE_EMULATOR, refusing
from localaws.emulator.stacks.role_boundaries import keep_boundaries
from localaws.emulator.stacks.rule_names import name_rules_by_bus
from localaws.emulator.stacks.settings import complete_settings, setters_of
from localaws.emulator.stacks.stack_removals import check_retained
from localaws.emulator.stacks.states import keep_to_states
from localaws.emulator.stacks.taken_names import keep_names, looked_for
from localaws.emulator.stacks.template_urls import read_templates
from localaws.emulator.stacks.template_values import TemplateValues
from localaws.emulator.stacks.template_words import speak_as_aws
from localaws.emulator.stacks.templates import (
    check_first,
    checking,
    refuse_nested_transforms,
    transforming,
)
from localaws.emulator.stacks.time_limits import TimeLimits
from localaws.emulator.stacks.type_changes import refuse_type_changes
from localaws.time.activity import Activity
from localaws.time.clock import Clock
from localaws.words.identity import Identity


class EmulatedStacks:
    """Stacks of ministack's, made of our resources and its own.

    Args:
        modules: ministack's, by name (`seams.load`).
        identity: the account and Region.
        clock: the endpoint's time.
    """

    def __init__(self, modules: Mapping[str, ModuleType], identity: Identity, clock: Clock) -> None:
        self._modules, self._identity, self._clock = modules, identity, clock
        own = "services.cloudformation"
        self._records = modules[own]
        self._stacks = modules[f"{own}.stacks"]
        self._provisioners = modules[f"{own}.provisioners"]
        self._engine = modules[f"{own}.engine"]
        self._readers = [modules[f"{own}.{name}"] for name in ("handlers", "changesets")]
        self._nested_readers = {
            name: modules[f"{own}.{name}"]
            for name in ("engine", "helpers", "provisioners", "stacks")
        }
        speak_as_aws(self._engine, self._readers)
        read_templates(modules[f"{own}.helpers"], modules["services.s3"])
        refuse_deletions(modules["services.eventbridge"])
        Deletions(modules).take_over()

    def make_with(
        self,
        handlers: Mapping[str, ResourceHandler],
        importers: Mapping[str, Importer],
        loop: asyncio.AbstractEventLoop,
        check: Check,
        iam_rules: IamRules,
        activity: Activity,
    ) -> None:
        """Let our services provision their resource types.

        Args:
            handlers: ours, by resource type.
            importers: of what they take over from elsewhere, by resource type.
            loop: on which they run.
            check: refuses what breaks the model of one of ministack's services.
            iam_rules: what IAM refuses.
            activity: what is running; the operations on stacks are.
        """
        iam, s3, eventbridge = (
            self._modules[f"services.{n}"] for n in ("iam", "s3", "eventbridge")
        )
        # They are called beside the loop; an update that failed between two of a handler's calls is
        # sent back like any other.
        for name in ("_runs_on_worker_thread", "_sends_back_failed_update"):
            replace(self._stacks, name, or_one_of(handlers, getattr(self._stacks, name)))
        table = self._provisioners._RESOURCE_HANDLERS
        for resource_type in table.keys() - OF_THE_EMULATOR:
            del table[resource_type]
        for resource_type, handler in handlers.items():
            table[resource_type] = on_loop(handler, loop)
        import_with(self._readers[1], table, importers)
        name_rules_by_bus(table, self._provisioners._eb_rule_bus_name)
        keep_boundaries(table, iam)
        tell_properties(self._stacks, self._records)
        values = TemplateValues(self._engine, self._records)
        values.take_over(self._stacks, (self._engine, *self._readers))
        for module in self._readers:
            theirs = module.validate_template_support
            looks = values.checking(refusing(theirs, table))
            look = checking(looks, module._resolve_parameters)
            replace(module, "validate_template_support", look)
            transforms = transforming(
                module._apply_transforms, self._engine._TransformFailed, self._identity.account_id
            )
            replace(module, "_apply_transforms", transforms)
        answering, change_sets = self._readers
        check_first(answering)
        values.know_stacks(answering)
        refuse_nested_transforms(self._provisioners)
        check_retained(answering)
        importers_of = hold_exports(answering, self._stacks, self._records)
        limits = TimeLimits(self._stacks, self._records, self._clock.now_s)
        keep_to_options(answering, self._records, iam._roles, limits)
        compare_references(change_sets)
        tell_recreation(self._stacks)
        keep_names(self._stacks, self._modules)
        complete_settings(
            self._stacks,
            setters_of(
                s3,
                eventbridge,
                self._modules["services.kms"],
                self._modules["services.dynamodb"],
                self._identity,
            ),
        )
        mistakes = Mistakes(
            eventbridge._event_pattern_error,
            check,
            s3._validate_bucket_name,
            iam_rules,
            self._identity.account_id,
        )
        provision_as_aws(self._stacks, mistakes)
        limits.hold()
        life_cycle = LifeCycle(self._stacks, self._records, importers_of)
        life_cycle.take_over((answering, change_sets))
        importing = Importing(self._stacks, change_sets)
        replace(change_sets, "_import_resources_async", importing.run)
        continue_rollbacks(answering, self._records)
        operations = StackOperations(self._stacks, answering, self._records, activity)
        operations.take_over((answering, change_sets))
        NestedStacks(
            self._nested_readers,
            self._records,
            NestedRequests(self._nested_readers, answering.validate_template_support),
            values.asking_of,
            importers_of,
            limits,
            loop,
            life_cycle,
        ).take_over()
        tell_in_order(self._stacks)
        refuse_type_changes(answering, change_sets)
        keep_to_states(answering, change_sets)
        tell_reasons(self._stacks, self._records, self._readers)
        answer_of_stacks(answering, self._records, change_sets._IMPORT_LOOKUPS)
        compare_templates(change_sets)
        tell_outputs(answering, change_sets, values)
        named = looked_for(self._modules, change_sets._IMPORT_LOOKUPS)
        EarlyValidations(self._stacks, answering, change_sets, self._records, named).take_over()
        ChangeValues(values, values.conditions).keep(answering, change_sets)
        tell_values(answering, change_sets)
        # The one of our types that takes tags and that ministack's list lacks.
        tagged = self._provisioners._STACK_TAG_PROPERTY
        tagged["AWS::Lambda::EventSourceMapping"] = ("Tags", "list")
