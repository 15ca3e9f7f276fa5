"""An executed notebook with aliases in the place of what nobody gives away."""

from typing import Any

import nbformat
from nbformat import NotebookNode

from workshop.masking.content import masked_content
from workshop.masking.mask import Mask

# What a reader gets of a cell; ids and the times of its execution are nobody's.
_READ = ("source", "outputs", "metadata", "attachments")


def masked(notebook: NotebookNode, mask: Mask) -> NotebookNode:
    """A copy whose cells, outputs, pictures and descriptions have been through the mask."""
    copy: Any = nbformat.from_dict(notebook)
    for cell in copy.cells:
        for part in _READ:
            if part in cell:
                cell[part] = nbformat.from_dict(masked_content(cell[part], mask))
    result: NotebookNode = copy
    return result
