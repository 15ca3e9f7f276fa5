"""Which policies AWS manages: all that the SAM translator knows, which ships a list of them.

ministack has the documents of the most usual ones. A role may have any other, which then allows
nothing here; one that AWS has not is a misspelling, and refused.
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def managed_by_aws() -> frozenset[str]:
    """The ARNs; empty where the list cannot be found."""
    spec = find_spec("samtranslator")
    if spec is None or not spec.submodule_search_locations:
        return frozenset()
    home = Path(spec.submodule_search_locations[0])
    policies = json.loads((home / "internal/data/aws_managed_policies.json").read_bytes())
    return frozenset(policies["aws"].values())
