"""Which cells have to run so that one can: by the names that they set and use. Pure.

After a restart of the kernel all names are gone. On a real account it takes minutes to run all that
stands above a cell, and sends every order again; a few of those cells are enough.
"""

import ast
import symtable
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Cell:
    """A code cell, and the heading above it.

    Attributes:
        id: the cell's.
        source: as it stands in the notebook.
        section: that heading.
        plain: makes plain Python of a cell with IPython's `%` and `!` lines.
    """

    id: str
    source: str
    section: str
    plain: Callable[[str], str] = str

    # Both when somebody asks: of most errors only sources are read, in a notebook of many cells.
    @cached_property
    def names(self) -> frozenset[str]:
        """The names that it sets for other cells."""
        return frozenset(names_set_by(self.plain(self.source)))

    @cached_property
    def needs(self) -> frozenset[str]:
        """The names that it uses of other cells."""
        return frozenset(names_used_by(self.plain(self.source)))

    @property
    def first_line(self) -> str:
        """What a person knows it by."""
        lines = [line.strip() for line in self.source.splitlines()]
        return next((line for line in lines if line and not line.startswith("#")), "")


def needed(name: str, cells: Sequence[Cell], place: int, known: Collection[str]) -> list[Cell]:
    """The cells above that set what is missing for a cell, and for these, in order.

    Args:
        name: the name that was missed first.
        cells: the notebook's code cells, in order.
        place: index of the cell that needed it; their number, if it is none of them.
        known: the names that are set.
    """
    own = cells[place].needs if place < len(cells) else frozenset()
    missing = ({name} | own) - set(known)
    found: list[Cell] = []
    for cell in reversed(cells[:place]):
        if cell.names & missing:
            found.append(cell)
            missing = (missing - cell.names) | (cell.needs - set(known))
    return found[::-1]


def names_set_by(code: str) -> Iterator[str]:
    """The names that a cell assigns, imports or defines for other cells."""
    with suppress(SyntaxError):
        for symbol in symtable.symtable(code, "cell", "exec").get_symbols():
            if symbol.is_assigned() or symbol.is_imported():
                yield symbol.get_name()


def names_used_by(code: str) -> Iterator[str]:
    """The names that a cell needs from other cells, its functions included."""
    with suppress(SyntaxError):
        table = symtable.symtable(code, "cell", "exec")
        own = {one.get_name() for one in table.get_symbols() if one.is_assigned()}
        own |= {one.get_name() for one in table.get_symbols() if one.is_imported()}
        yield from _used_in(table) - own
        for node in ast.walk(ast.parse(code)):
            # `total += 1` sets a name that has to be there.
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                yield node.target.id


def _used_in(table: symtable.SymbolTable) -> set[str]:
    is_top = table.get_type() == "module"
    used = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (is_top or symbol.is_global())
    }
    return used.union(*(_used_in(inner) for inner in table.get_children()))
