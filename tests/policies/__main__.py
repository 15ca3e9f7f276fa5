"""`python -m tests.policies`: write the policies in `docs/policies` anew."""

from tests.policies.files import FOLDER, text
from tests.policies.table import POLICIES

for name in POLICIES:
    (FOLDER / f"{name}.json").write_text(text(name), encoding="utf-8")
