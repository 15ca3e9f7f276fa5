"""Formats of JSON schemas that no schema here asks for."""

import sys


def leave_out_addresses() -> None:
    """Spare this process a parser of international addresses (IRIs): a second of a processor.

    jsonschema makes it when it is imported, by nbformat and by Jupyter's server; neither notebooks'
    schemas nor those of Jupyter's events have that format. To jsonschema the package that it needs
    is then one that was not installed. To be called before it is imported.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
