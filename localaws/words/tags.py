"""Tags that nobody but AWS's own services may give.

https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
"""

from collections.abc import Iterable

from localaws.words.http import Caller

# The words are those that the tagging API is known for; not each service was seen to use them.
NOT_FOR_EVERYBODY = "aws: prefixed tag key names are not allowed for external use."


def are_for_everybody(keys: Iterable[str], caller: Caller) -> bool:
    """Whether a caller may give these tags: AWS's services may give all, such as CloudFormation."""
    return bool(caller.called_via) or not any(key.lower().startswith("aws:") for key in keys)
