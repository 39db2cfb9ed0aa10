"""The modules of a program: its file and what it imports from its own folder."""

from pathlib import Path

from patcher.checks.module import Module
from patcher.checks.sources import Sources
from patcher.tree.files import Tree


def modules_of(program: Path) -> list[Module]:
    """The parsed file of a program and all modules that it imports from its own folder."""
    folder = program.parent
    files = Tree(str(folder), folder).mentioning(["import"])
    return Sources(files).closure(program.name)


def loaded_by(program: Path) -> set[str]:
    """The dotted names that a program and its modules may load, packages on the way included."""
    requests = (each for module in modules_of(program) for each in module.requests)
    return {name for each in requests for name in each.loaded}
