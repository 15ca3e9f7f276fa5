"""Stacks, templates and change sets: ministack's CloudFormation with AWS's behaviour.

`service` says what takes which place. Of templates: `templates` looks at them first,
`template_urls` finds them, `template_values` works out their functions, `template_words` has AWS's
words for what is wrong, `resource_types` and `allowed_types` name what a stack may have. Of
resources: `loop_handlers` calls ours, `provisioning` makes them in AWS's words, `imports` takes
over what is there, `mistakes` and `property_requests` hold their properties against their services,
`settings`, `role_boundaries` and `rule_names` add what ministack's handlers lack, `taken_names` and
`deletions` keep to what belongs to others, `early_validations` look before anything is made, and
`service_answers` reads what a service said.

Of stacks: `operations` come one after the other, from `states` that allow them, without
`type_changes`, with `options`, within `time_limits`; `events` and `reasons` tell how they went,
`answers` what CloudFormation says of them, as `elements`; `exports`, `nested_requests`,
`nested_records` and `nested_stacks` join stacks.

Of change sets: `change_sets`, `compared_templates` and `output_changes` say what changes,
`change_values`, `value_differences` and `change_answers` from what to what, as soon as one is among
the `created_change_sets`.

`life_cycle` leads a stack from one state to the next: once there is what its `prerequisites` name,
the resources of a `stack_operation` are made `side_by_side`, each by its `resource_changes`, in the
`course` that their needs allow; `rollbacks` and `continued_rollbacks` take it back, `clean_ups` and
`stack_removals` delete what goes, by `removals`; `importing` takes over what exists.
"""
